// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

/**
 * What a region is to be like: the part of its header that is chosen by who makes it.
 *
 * @param kind what it holds, a number of {@link RegionKind}
 * @param slots how many parties may be attached at once
 * @param dataOffset where the data begin, a multiple of 512; between the attach table and that are
 *     the cursors of the kind
 * @param capacity bytes of data: a power of two in a ring, else a multiple of 8
 * @param longest the longest message in bytes
 * @param flags of the kind, below {@link Header#FENCED}
 */
public record Shape(int kind, int slots, long dataOffset, long capacity, int longest, int flags) {
    private static final long ALIGNMENT = 512;
    private static final int MOST_SLOTS = 1024;

    /** Refuses what no header may say. */
    public Shape {
        String wrong = wrong(kind, slots, dataOffset, capacity, longest);
        if (wrong != null) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** A shape whose data begin as early as {@code cursorBytes} after the attach table allow. */
    public static Shape of(
            int kind, int slots, long cursorBytes, long capacity, int longest, int flags) {
        long end = AttachTable.OFFSET + slots * AttachTable.SLOT_BYTES + cursorBytes;
        long dataOffset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return new Shape(kind, slots, dataOffset, capacity, longest, flags);
    }

    /** Bytes of the whole region. */
    public long totalBytes() {
        return dataOffset + capacity;
    }

    /** Where the cursors begin. */
    public long cursorOffset() {
        return AttachTable.OFFSET + slots * AttachTable.SLOT_BYTES;
    }

    /** What cannot be, as {@code name: expected=…, found=…}; null if all is well. */
    static String wrong(int kind, int slots, long dataOffset, long capacity, long longest) {
        if (kind < 1) {
            return "kind: expected=1 or more, found=" + kind;
        }
        if (slots < 1 || slots > MOST_SLOTS) {
            return "slots: expected=1 to " + MOST_SLOTS + ", found=" + slots;
        }
        long least = AttachTable.OFFSET + slots * AttachTable.SLOT_BYTES;
        if (dataOffset < least || dataOffset % ALIGNMENT != 0 || dataOffset > 1 << 30) {
            return "offset of the data: expected=a multiple of "
                    + ALIGNMENT
                    + " from "
                    + least
                    + ", found="
                    + dataOffset;
        }
        boolean ring = kind < RegionKind.LOCK.number();
        if ((ring ? Long.bitCount(capacity) != 1 : capacity % Long.BYTES != 0)
                || capacity < Long.BYTES
                || capacity > 1L << 46) {
            return "capacity: expected="
                    + (ring ? "a power of two" : "a multiple of 8")
                    + " from 8, found="
                    + capacity;
        }
        if (longest < 0 || longest > capacity) {
            return "longest message: expected=0 to " + capacity + ", found=" + longest;
        }
        return null;
    }
}
