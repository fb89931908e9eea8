// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Closed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * What holds of a {@link SignalQueue} whether all threads of the JVM block the signal or not: run
 * in the JVM of the tests, and in one that was started with the signal blocked.
 */
final class SignalQueueChecks {
    private SignalQueueChecks() {}

    /** Runs all of them and says so. */
    static void all() throws Exception {
        receivesInOrderAmongStrays();
        timesOut();
        seesAtOnceWhatWasSent();
        isInterrupted();
        isClosedWhileWaiting();
        servesVirtualThreads();
        tellsWhenReady();
        endsAndSenderCloses();
        System.out.println("passed");
    }

    static void receivesInOrderAmongStrays() throws Exception {
        long pid = ProcessHandle.current().pid();
        try (SignalQueue queue = SignalQueue.open();
                SignalSender sender = SignalSender.to(queue.address())) {
            Thread strays =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 100; i++) {
                                    Signals.send(pid, "RTMIN+6");
                                }
                            });
            Thread values =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int i = 0; i < 1000; i++) {
                                        sender.send((1L << 40) + i);
                                    }
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            });
            for (int i = 0; i < 1000; i++) {
                SignalQueue.Received received = queue.receive();
                check(received.value() == (1L << 40) + i, "value", received, i);
                check(received.pid() == pid && !received.end(), "sender", received, pid);
            }
            strays.join();
            values.join();
            check(queue.tryReceive().isEmpty(), "nothing is left");
        }
    }

    static void timesOut() throws Exception {
        try (SignalQueue queue = SignalQueue.open()) {
            check(queue.tryReceive().isEmpty(), "nothing there");
            long start = System.nanoTime();
            check(queue.tryReceive(Duration.ofMillis(50)).isEmpty(), "nothing came");
            check(System.nanoTime() - start >= 50_000_000, "waited 50 ms");
        }
    }

    static void seesAtOnceWhatWasSent() throws Exception {
        try (SignalQueue queue = SignalQueue.open();
                SignalSender sender = SignalSender.to(queue.address())) {
            for (int i = 0; i < 500; i++) {
                check(!queue.isReady(), "empty", i);
                sender.send(i);
                check(queue.isReady(), "ready", i);
                check(queue.tryReceive().orElseThrow().value() == i, "value", i);
            }
        }
    }

    static void isInterrupted() throws Exception {
        try (SignalQueue queue = SignalQueue.open();
                SignalSender sender = SignalSender.to(queue.address())) {
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                FutureTask<Object> waiting = waiting(queue);
                Thread thread = kind.start(waiting);
                Thread.sleep(50);
                thread.interrupt();
                check(waiting.get() instanceof InterruptedException, "interrupted", waiting.get());
            }
            sender.send(7);
            check(queue.receive().value() == 7, "an interrupt takes nothing");
        }
    }

    static void isClosedWhileWaiting() throws Exception {
        for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            SignalQueue queue = SignalQueue.open();
            FutureTask<Object> waiting = waiting(queue);
            kind.start(waiting);
            Thread.sleep(50);
            queue.close();
            queue.close();
            check(waiting.get() instanceof Closed, "closed", waiting.get());
            try {
                queue.tryReceive();
                throw new AssertionError("received from a closed queue");
            } catch (Closed expected) {
                check(expected.getMessage().endsWith("is closed"), expected);
            }
        }
    }

    /** More virtual threads than there are carriers wait, and others run. */
    static void servesVirtualThreads() throws Exception {
        int count = 20;
        try (SignalQueue queue = SignalQueue.open();
                SignalSender sender = SignalSender.to(queue.address())) {
            Set<Long> values = ConcurrentHashMap.newKeySet();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                threads.add(
                        Thread.startVirtualThread(() -> {
                            try {
                                values.add(queue.receive().value());
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        }));
            }
            Thread.sleep(50);
            FutureTask<String> other = new FutureTask<>(() -> "ran");
            Thread.startVirtualThread(other);
            check(other.get(10, TimeUnit.SECONDS).equals("ran"), "others run");
            for (int i = 0; i < count; i++) {
                sender.send(i);
            }
            for (Thread each : threads) {
                each.join();
            }
            check(values.size() == count, "each value once", values);
        }
    }

    static void tellsWhenReady() throws Exception {
        try (SignalQueue queue = SignalQueue.open();
                SignalSender sender = SignalSender.to(queue.address())) {
            check(!queue.isReady(), "nothing there");
            CountDownLatch told = new CountDownLatch(1);
            try (var _ = queue.whenReady(told::countDown)) {
                sender.send(1);
                check(told.await(10, TimeUnit.SECONDS), "told");
                check(queue.isReady(), "ready");
            }
            check(queue.receive().value() == 1, "not taken");
        }
    }

    static void endsAndSenderCloses() throws Exception {
        try (SignalQueue queue = SignalQueue.open()) {
            SignalSender sender = SignalSender.to(queue.address());
            sender.send(0);
            sender.end();
            check(!queue.receive().end(), "a value of 0 is no end");
            Optional<SignalQueue.Received> end = queue.tryReceive(Duration.ofSeconds(10));
            check(end.orElseThrow().end(), "the end", end);
            sender.close();
            sender.close();
            try {
                sender.send(1);
                throw new AssertionError("sent after close");
            } catch (Closed expected) {
                check(expected.getMessage().startsWith("signal sender to"), expected);
            }
        }
    }

    private static FutureTask<Object> waiting(SignalQueue queue) {
        Callable<Object> receive =
                () -> {
                    try {
                        return queue.receive();
                    } catch (InterruptedException | Closed expected) {
                        return expected;
                    }
                };
        return new FutureTask<>(receive);
    }

    private static void check(boolean holds, Object... what) {
        if (!holds) {
            throw new AssertionError(List.of(what).toString());
        }
    }
}
