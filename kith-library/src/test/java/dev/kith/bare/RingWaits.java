// SPDX-License-Identifier: Apache-2.0
package dev.kith.bare;

import dev.kith.Closed;
import dev.kith.ring.Broadcast;
import dev.kith.ring.Claim;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Policy;
import dev.kith.ring.Ring;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Subscriber;
import dev.kith.ring.Waiter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * Every end of a ring, every way to wait, in platform and in virtual threads: what ends the wait. A
 * program that uses nothing but the public API, so that it runs with and without native access, on
 * the class path and against the module.
 */
public final class RingWaits {
    private static final Duration SHORT = Duration.ofMillis(15);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int CAPACITY = 256;
    private static final int MANY = 8;

    private RingWaits() {}

    /** An end that waits, of a ring of its own. */
    private interface End extends AutoCloseable {
        boolean await(Duration timeout) throws InterruptedException;

        void letGo() throws InterruptedException;

        void closeEnd();

        @Override
        void close();
    }

    private interface Maker {
        End make(Waiter waiter);
    }

    private record Kind(String name, Maker maker) {}

    /** What ends a wait, and what the wait says then. */
    private enum Ending {
        TIME("false"),
        SUCCESS("true"),
        INTERRUPT("InterruptedException"),
        CLOSE("Closed");

        final String expected;

        Ending(String expected) {
            this.expected = expected;
        }
    }

    /** Prints what went wrong, a line each. */
    public static void main(String[] arguments) throws Exception {
        failures().forEach(System.out::println);
    }

    /** What went wrong, a line each. */
    public static List<String> failures() throws Exception {
        List<String> failures = new ArrayList<>();
        for (Kind kind : kinds()) {
            for (Waiter waiter : Waiter.values()) {
                for (boolean virtual : new boolean[] {false, true}) {
                    for (Ending ending : Ending.values()) {
                        String said = said(kind, waiter, virtual, ending);
                        if (!said.equals(ending.expected)) {
                            failures.add(
                                    kind.name
                                            + " "
                                            + waiter
                                            + " virtual="
                                            + virtual
                                            + " "
                                            + ending
                                            + ": "
                                            + said);
                        }
                    }
                }
                if (!leavesCarriersFree(kind, waiter)) {
                    failures.add(kind.name + " " + waiter + " holds the carriers");
                }
            }
        }
        return failures;
    }

    private static List<Kind> kinds() {
        return List.of(
                new Kind(
                        "consumer of SPSC",
                        waiter -> receiving(SpscRing.create(name(), CAPACITY), waiter)),
                new Kind(
                        "consumer of MPSC",
                        waiter -> receiving(MpscRing.create(name(), CAPACITY), waiter)),
                new Kind(
                        "producer of SPSC",
                        waiter -> sending(SpscRing.create(name(), CAPACITY), waiter)),
                new Kind(
                        "producer of MPSC",
                        waiter -> sending(MpscRing.create(name(), CAPACITY), waiter)),
                new Kind("subscriber", RingWaits::subscribed),
                new Kind("producer of a broadcast", RingWaits::publishing));
    }

    private static String said(Kind kind, Waiter waiter, boolean virtual, Ending ending)
            throws Exception {
        try (End end = kind.maker.make(waiter)) {
            CompletableFuture<String> said = new CompletableFuture<>();
            long began = System.nanoTime();
            Thread thread =
                    start(
                            virtual,
                            () ->
                                    said.complete(
                                            outcome(end, ending == Ending.TIME ? SHORT : LONG)));
            if (ending != Ending.TIME) {
                Thread.sleep(3);
            }
            switch (ending) {
                case TIME -> {}
                case SUCCESS -> end.letGo();
                case INTERRUPT -> thread.interrupt();
                case CLOSE -> end.closeEnd();
            }
            thread.join();
            if (ending == Ending.TIME && System.nanoTime() - began < SHORT.toNanos()) {
                return "too early";
            }
            // An interrupt and a passed time have changed nothing.
            if (ending == Ending.TIME || ending == Ending.INTERRUPT) {
                end.letGo();
                if (!end.await(LONG)) {
                    return "does not go on";
                }
            }
            return said.get();
        }
    }

    private static String outcome(End end, Duration timeout) {
        try {
            return Boolean.toString(end.await(timeout));
        } catch (InterruptedException | RuntimeException thrown) {
            return thrown instanceof Closed ? "Closed" : thrown.getClass().getSimpleName();
        }
    }

    private static boolean leavesCarriersFree(Kind kind, Waiter waiter) throws Exception {
        List<End> ends = new ArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                End end = kind.maker.make(waiter);
                ends.add(end);
                waiting.add(start(true, () -> outcome(end, LONG)));
            }
            CountDownLatch ran = new CountDownLatch(MANY);
            for (int i = 0; i < MANY; i++) {
                start(true, ran::countDown);
            }
            ran.await();
            return waiting.stream().allMatch(Thread::isAlive);
        } finally {
            ends.forEach(End::closeEnd);
            for (Thread each : waiting) {
                each.join();
            }
            ends.forEach(End::close);
        }
    }

    private static Thread start(boolean virtual, Runnable body) {
        return virtual ? Thread.ofVirtual().start(body) : Thread.ofPlatform().daemon().start(body);
    }

    private static End receiving(Ring ring, Waiter waiter) {
        ring.unlink();
        RingConsumer in = ring.consumer(waiter);
        RingProducer out = ring.producer();
        return end(in::await, () -> out.put(message()), in::close, ring::close);
    }

    private static End sending(Ring ring, Waiter waiter) {
        ring.unlink();
        RingProducer out = ring.producer(waiter);
        RingConsumer in = ring.consumer();
        fill(out);
        return end(
                timeout -> out.offer(message(), timeout),
                () -> in.drain((_, _, _) -> {}, CAPACITY),
                out::close,
                ring::close);
    }

    private static End subscribed(Waiter waiter) {
        Broadcast broadcast = Broadcast.create(name(), CAPACITY);
        broadcast.unlink();
        Subscriber in = broadcast.subscribe(Policy.DROP_OLDEST, waiter);
        RingProducer out = broadcast.producer();
        return end(in::await, () -> out.put(message()), in::close, broadcast::close);
    }

    private static End publishing(Waiter waiter) {
        Broadcast broadcast = Broadcast.create(name(), CAPACITY);
        broadcast.unlink();
        Subscriber in = broadcast.subscribe(Policy.BLOCK);
        RingProducer out = broadcast.producer(waiter);
        fill(out);
        return end(
                timeout -> out.offer(message(), timeout),
                () -> in.drain((_, _, _) -> {}, CAPACITY),
                out::close,
                broadcast::close);
    }

    private static void fill(RingProducer out) {
        for (Claim claim = out.tryClaim(8); claim.isOpen(); claim = out.tryClaim(8)) {
            claim.publish();
        }
    }

    private interface Wait {
        boolean await(Duration timeout) throws InterruptedException;
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static End end(Wait wait, Step letGo, Runnable closeEnd, Runnable close) {
        return new End() {
            @Override
            public boolean await(Duration timeout) throws InterruptedException {
                return wait.await(timeout);
            }

            @Override
            public void letGo() throws InterruptedException {
                letGo.run();
            }

            @Override
            public void closeEnd() {
                closeEnd.run();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }

    private static MemorySegment message() {
        return MemorySegment.ofArray(new byte[8]);
    }

    private static String name() {
        return "kith-waits-" + UUID.randomUUID();
    }
}
