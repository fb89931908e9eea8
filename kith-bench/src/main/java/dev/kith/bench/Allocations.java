// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.codec.Codec;
import dev.kith.codec.StructLayout;
import dev.kith.ring.Claim;
import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingHandler;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.ring.Waiter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes a message allocates on its way through a ring, by the counter of the thread that
 * sends and receives it.
 */
final class Allocations implements AutoCloseable {
    /** What goes through as a struct. */
    record Tick(long time, double price, int size) {}

    private static final StructLayout<Tick> TICK = Codec.struct(Tick.class);

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final int MESSAGES = 1_000_000;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 5;

    private final SpscRing ring =
            SpscRing.create("/kith-bench-" + ProcessHandle.current().pid(), Field.SMALL);
    private final RingProducer out = ring.producer(Waiter.SPIN);
    private final RingConsumer in = ring.consumer(Waiter.SPIN);
    private final MemorySegment message = Arena.global().allocate(64, 8);
    private final Tick tick = new Tick(1, 99.5, 7);
    private final RingHandler sum =
            (memory, offset, length) -> add(memory.get(ValueLayout.JAVA_LONG, offset));
    private final RingHandler sumTicks =
            (memory, offset, length) -> add(TICK.read(memory, offset).size());
    private long total;

    Allocations() {
        ring.unlink();
    }

    List<Double> copied() throws InterruptedException {
        return perMessage(() -> {
            message.set(ValueLayout.JAVA_LONG, 0, 1);
            out.put(message);
            in.drain(sum, 1);
        });
    }

    List<Double> claimed() throws InterruptedException {
        return perMessage(() -> {
            try (Claim claim = out.claim(64)) {
                claim.segment().set(ValueLayout.JAVA_LONG, 0, 1);
                claim.publish();
            }
            in.drain(sum, 1);
        });
    }

    List<Double> structs() throws InterruptedException {
        return perMessage(() -> {
            out.put(tick, TICK);
            in.drain(sumTicks, 1);
        });
    }

    @Override
    public void close() {
        ring.close();
    }

    private void add(long value) {
        total += value;
    }

    /** Sends a message and takes it. */
    private interface Way {
        void go() throws InterruptedException;
    }

    /** Bytes, a value for each round. */
    private List<Double> perMessage(Way way) throws InterruptedException {
        List<Double> bytes = new ArrayList<>();
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            long expected = total + MESSAGES;
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < MESSAGES; i++) {
                way.go();
            }
            long after = THREADS.getCurrentThreadAllocatedBytes();
            if (total < expected) {
                throw new IllegalStateException("not every message came");
            }
            if (round >= WARM_UPS) {
                bytes.add((after - before) / (double) MESSAGES);
            }
        }
        return bytes;
    }
}
