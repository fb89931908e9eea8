// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

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
