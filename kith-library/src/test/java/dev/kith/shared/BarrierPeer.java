// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static dev.kith.shared.SyncPeer.say;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.BrokenBarrierException;

/** The other process of the tests of barriers. */
final class BarrierPeer {
    private BarrierPeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedBarrier barrier = SharedBarrier.open(arguments[1])) {
            switch (arguments[0]) {
                case "open" -> {
                    say("ready");
                    Thread.sleep(100_000);
                }
                case "await" -> {
                    say("ready");
                    try {
                        say("index " + barrier.await());
                    } catch (BrokenBarrierException broken) {
                        say(broken.getMessage());
                    }
                }
                case "steps" -> {
                    int me = Integer.parseInt(arguments[3]);
                    steps(barrier, LockPeer.counter(Path.of(arguments[2])), me, 2000);
                    say("end");
                }
                case "action" -> {
                    barrier.onTrip(() -> {
                        say("action");
                        try {
                            Thread.sleep(100_000);
                        } catch (InterruptedException end) {
                            Thread.currentThread().interrupt();
                        }
                    });
                    barrier.await();
                }
                case "points" -> {
                    Thread other = Thread.ofPlatform().start(() -> quietly(barrier));
                    while (barrier.waiters().size() < 2) {
                        Thread.sleep(1);
                    }
                    quietly(barrier);
                    other.join();
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** Each of two writes its word, and finds that the other has written as much. */
    static void steps(SharedBarrier barrier, MemorySegment words, int me, int count)
            throws Exception {
        for (long i = 1; i <= count; i++) {
            words.set(ValueLayout.JAVA_LONG, 8L * me, i);
            barrier.await();
            if (words.get(ValueLayout.JAVA_LONG, 8L * (1 - me)) != i) {
                throw new AssertionError("step " + i + ": the other is elsewhere");
            }
            barrier.await();
        }
    }

    private static void quietly(SharedBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException end) {
            throw new IllegalStateException(end);
        }
    }
}
