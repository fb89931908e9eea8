// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Messages that a subscriber keeps in memory of its own, first in, first out. For one thread. */
final class Backlog {
    private static final int HEADER = Long.BYTES;
    private static final long PAD = -1;

    final MemorySegment memory;
    private final long mask;
    private long head;
    private long tail;

    /** How many there are: read by other threads, too. */
    private volatile int count;

    Backlog(long capacity) {
        memory = Arena.ofAuto().allocate(capacity, HEADER);
        mask = capacity - 1;
    }

    int count() {
        return count;
    }

    /** Where a message of that length would go; -1 if there is no room. */
    long room(int length) {
        long bytes = RingLayout.packedBytes(length);
        long toWrap = memory.byteSize() - (tail & mask);
        long skipped = bytes <= toWrap ? 0 : toWrap;
        if (tail + skipped + bytes - head > memory.byteSize()) {
            return -1;
        }
        if (skipped != 0) {
            memory.set(JAVA_LONG, tail & mask, PAD);
            tail += skipped;
        }
        return (tail & mask) + HEADER;
    }

    /** Adds the message that was written where {@link #room} said. */
    void add(int length) {
        memory.set(JAVA_LONG, tail & mask, length);
        tail += RingLayout.packedBytes(length);
        count++;
    }

    /** Where the first message begins. */
    long first() {
        if (memory.get(JAVA_LONG, head & mask) == PAD) {
            head += memory.byteSize() - (head & mask);
        }
        return (head & mask) + HEADER;
    }

    /** How long the message is that begins there. */
    int length(long first) {
        return (int) memory.get(JAVA_LONG, first - HEADER);
    }

    void remove() {
        head += RingLayout.packedBytes((int) memory.get(JAVA_LONG, head & mask));
        count--;
    }
}
