// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.memory.Place;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Rings for tests, of either flavour, under a name that is removed. */
final class Rings implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final SharedRing ring;
    final int kind;

    private Rings(int kind, SharedRing ring) {
        this.kind = kind;
        this.ring = ring;
    }

    static Rings create(int kind, long capacity) {
        return create(kind, capacity, Place.shm(freshName()));
    }

    static Rings create(int kind, long capacity, Place place) {
        return new Rings(kind, SharedRing.create(place, kind, capacity));
    }

    static String freshName() {
        return "kith-ring-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
    }

    SharedRing reopened() {
        return SharedRing.open(Place.shm(ring.name()), kind);
    }

    static MemorySegment message(long value, int length) {
        MemorySegment message = MemorySegment.ofArray(new byte[length]);
        message.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
        for (int i = 8; i < length; i++) {
            message.set(ValueLayout.JAVA_BYTE, i, (byte) (value + i));
        }
        return message;
    }

    /** Takes what is there, checks every byte, and gives the numbers. */
    static List<Long> drained(RingConsumer in) {
        List<Long> numbers = new ArrayList<>();
        in.drain((memory, offset, length) -> numbers.add(checked(memory, offset, length)), 1 << 20);
        return numbers;
    }

    static long checked(MemorySegment memory, long offset, int length) {
        long value = memory.get(ValueLayout.JAVA_LONG, offset);
        for (int i = 8; i < length; i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, offset + i) != (byte) (value + i)) {
                throw new AssertionError("byte " + i + " of message " + value);
            }
        }
        return value;
    }

    /** As another process would read it. */
    static Object copied(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    /** Fills the ring with messages of 100 bytes; how many. */
    static long fill(RingProducer out) {
        long sent = 0;
        while (out.offer(message(sent, 100))) {
            sent++;
        }
        if (sent == 0) {
            throw new AssertionError("it was full before");
        }
        return sent;
    }

    @Override
    public void close() {
        ring.unlink();
        ring.close();
    }
}
