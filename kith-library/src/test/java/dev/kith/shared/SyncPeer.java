// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Denied;

/** The other process of the tests of events, latches, semaphores and barriers. */
final class SyncPeer {
    private SyncPeer() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        switch (arguments[0]) {
            case "event-await" -> {
                try (SharedEvent event = SharedEvent.open(name)) {
                    say("ready");
                    event.await();
                    say("set");
                }
            }
            case "event-set" -> {
                try (SharedEvent event = SharedEvent.open(name)) {
                    event.set();
                }
            }
            case "anonymous" -> {
                try {
                    SharedLatch.anonymous(1).close();
                } catch (Denied denied) {
                    say(denied.getMessage());
                }
            }
            case "event-points" -> {
                try (SharedEvent event = SharedEvent.open(name)) {
                    event.clear();
                    Thread waiter = Thread.ofPlatform().start(() -> quietly(event::await));
                    while (event.waiters().isEmpty()) {
                        Thread.sleep(1);
                    }
                    event.set();
                    waiter.join();
                }
            }
            case "latch-await" -> {
                try (SharedLatch latch = SharedLatch.open(name)) {
                    say("ready");
                    latch.await();
                    say("zero");
                }
            }
            case "latch-points" -> {
                try (SharedLatch latch = SharedLatch.open(name)) {
                    latch.countDown();
                    Thread waiter = Thread.ofPlatform().start(() -> quietly(latch::await));
                    while (latch.waiters().isEmpty()) {
                        Thread.sleep(1);
                    }
                    latch.countDown();
                    waiter.join();
                }
            }
            case "semaphore-hold" -> {
                try (SharedSemaphore semaphore = SharedSemaphore.open(name)) {
                    semaphore.acquire(Integer.parseInt(arguments[2]));
                    say("held");
                    Thread.sleep(100_000);
                }
            }
            case "semaphore-take" -> {
                try (SharedSemaphore semaphore = SharedSemaphore.open(name)) {
                    say("ready");
                    semaphore.acquire(Integer.parseInt(arguments[2]));
                    say("acquired");
                }
            }
            case "semaphore-release" -> {
                try (SharedSemaphore semaphore = SharedSemaphore.open(name)) {
                    semaphore.release(Integer.parseInt(arguments[2]));
                }
            }
            case "semaphore-turns" -> {
                try (SharedSemaphore semaphore = SharedSemaphore.open(name);
                        SharedSemaphore inside = SharedSemaphore.open(name + "-inside")) {
                    say("ready");
                    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                        semaphore.acquire();
                        inside.release();
                        if (inside.availablePermits() > 2) {
                            say("too many");
                        }
                        inside.acquire();
                        semaphore.release();
                    }
                    say("end");
                }
            }
            case "semaphore-points" -> {
                try (SharedSemaphore semaphore = SharedSemaphore.open(name)) {
                    semaphore.acquire(2);
                    Thread waiter = Thread.ofPlatform().start(() -> quietly(semaphore::acquire));
                    while (semaphore.waiters().isEmpty()) {
                        Thread.sleep(1);
                    }
                    semaphore.release(2);
                    waiter.join();
                    semaphore.release();
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Something that waits. */
    interface Wait {
        void run() throws InterruptedException;
    }

    static void quietly(Wait wait) {
        try {
            wait.run();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
