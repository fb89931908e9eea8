// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** An item of a queue on its way into the shared memory, or out of it; for one thread. */
final class Item {
    /** In the flags: no item, but the mark of an end, for as many as the bits above say. */
    static final int END = 1;

    /** The lowest there is: of marks, which come after all that was put before. */
    static final int LAST = Integer.MIN_VALUE;

    private static final long USUAL_BYTES = 512;
    private static final long LARGEST_KEPT = 1 << 20;

    MemorySegment bytes = Arena.ofAuto().allocate(USUAL_BYTES);
    int length;
    int flags;
    int priority;

    /** Where it is, if it is on lease. */
    int cell;

    /** How often it was on lease before. */
    int deliveries;

    boolean isEnd() {
        return (flags & END) != 0;
    }

    /** Makes it the mark of an end for so many takers. */
    void end(int takers) {
        length = 0;
        flags = takers << 1 | END;
        priority = LAST;
    }

    /** Makes room for that many bytes; what was there is lost. */
    void ensure(long needed) {
        if (bytes.byteSize() < needed) {
            bytes = Arena.ofAuto().allocate(Math.max(needed, 2 * bytes.byteSize()));
        }
    }

    /** Items to be used again, so that passing one costs no object. */
    static final class Pool {
        private static final int SIZE = 16;

        private final AtomicReferenceArray<Item> free = new AtomicReferenceArray<>(SIZE);

        Item get() {
            Item item = free.getAndSet(place(), null);
            return item == null ? new Item() : item;
        }

        void giveBack(Item item) {
            if (item.bytes.byteSize() <= LARGEST_KEPT) {
                free.setRelease(place(), item); // pairs with getAndSet
            }
        }

        private static int place() {
            return (int) Thread.currentThread().threadId() & SIZE - 1;
        }
    }
}
