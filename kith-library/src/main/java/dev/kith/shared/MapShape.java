// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.Broken;

/**
 * The sizes of a {@link SharedMap}.
 *
 * @param capacity how many entries it can have
 * @param entryBytes how long the key and the value of one can be, together
 */
record MapShape(int capacity, int entryBytes) {
    private static final int MOST = 1 << 28;
    private static final int HEADER = 16;

    /** Refuses what cannot be. */
    MapShape {
        if (capacity < 1 || capacity > MOST) {
            throw new IllegalArgumentException(
                    "map: capacity=" + capacity + ", expected 1 to " + MOST + " entries");
        }
        if (entryBytes < 1 || entryBytes > MOST) {
            throw new IllegalArgumentException(
                    "map: entryBytes=" + entryBytes + ", expected 1 to " + MOST);
        }
    }

    /** What a region says of itself, checked. */
    static MapShape read(Opened opened) {
        int longest = opened.shape().longest();
        long found = opened.shape().capacity();
        opened.check(MapMemory.OWN_BYTES, found, longest);
        int capacity = opened.region().segment().get(JAVA_INT, opened.own() + MapMemory.CAPACITY);
        try {
            MapShape shape = new MapShape(capacity, longest);
            if (shape.totalBytes() == found) {
                return shape;
            }
        } catch (IllegalArgumentException impossible) {
            // Said below.
        }
        throw new Broken(
                opened.region()
                        + " is no map of this layout: capacity="
                        + capacity
                        + ", entryBytes="
                        + longest
                        + ", bytes of the data="
                        + found
                        + "; if nobody needs it, remove it");
    }

    /** How many chains there are, a power of two. */
    int buckets() {
        return Math.max(2, Integer.highestOneBit(2 * capacity - 1));
    }

    /** One more than entries, so that an entry is replaced by another before it is free. */
    int cells() {
        return capacity + 1;
    }

    long cellBytes() {
        return HEADER + (entryBytes + 7L) / 8 * 8;
    }

    long headBytes() {
        return 4L * buckets();
    }

    long stackBytes() {
        return (4L * cells() + 7) / 8 * 8;
    }

    long totalBytes() {
        return headBytes() + stackBytes() + cells() * cellBytes();
    }

    @Override
    public String toString() {
        return "capacity=" + capacity + " entries, entryBytes=" + entryBytes;
    }
}
