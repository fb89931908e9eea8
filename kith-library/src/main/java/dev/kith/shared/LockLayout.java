// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Shape;

/** Where everything in the region of a {@link SharedLock} is. */
final class LockLayout {
    /*
     *      0 +-----------------------------------------------+
     *        | header, kind 16; flags: 1 fair, 2 not reentrant|
     *    256 +-----------------------------------------------+
     *        | attach table: 64 slots of 128 bytes           |
     *   8448 +-----------------------------------------------+
     *     +0 | the lock (RobustLock), 64 bytes               |
     *    +64 | tickets  u64  the order of those who wait     |
     *   +128 | conditions: 16 u64, each the number by which  |
     *        |   it is known, 0: none                        |
     *   +256 | who waits (WaitTable): 128 entries of 128     |
     *        +-----------------------------------------------+
     */
    static final int KIND = 16;

    static final int SLOTS = 64;
    static final int ENTRIES = 128;
    static final int CONDITIONS = 16;

    static final long LOCK = 0;
    static final long TICKETS = 64;
    static final long CONDITION_IDS = 128;
    static final long WAITS = 256;
    static final long BYTES = WAITS + ENTRIES * WaitTable.ENTRY_BYTES;

    /** What a thread waits for: the lock, or the condition of that index. */
    static final int FOR_LOCK = 1;

    static final int FOR_CONDITION = 16;

    private LockLayout() {}

    static Shape shape(LockOption... options) {
        return Shape.of(KIND, SLOTS, BYTES, Long.BYTES, 0, LockOption.flags(options));
    }

    /** What is wrong with a shape that a header gave; null if nothing. */
    static String wrong(Shape shape) {
        Shape expected = Shape.of(KIND, shape.slots(), BYTES, Long.BYTES, 0, shape.flags());
        return shape.equals(expected) ? null : "found " + shape + ", expected " + expected;
    }
}
