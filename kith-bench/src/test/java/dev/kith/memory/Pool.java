// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import java.util.concurrent.atomic.AtomicInteger;

/** A region opened twice, as two processes would, whose words stress tests use up in turns. */
final class Pool {
    /** A line each: the word to sleep at, and what is published 8 bytes behind it. */
    private static final int LINE = 64;

    private static final int COUNT = 4096;
    private static final int SLOTS = 1024;

    static final Region[] REGIONS = regions();
    private static final Parking[][] PLACES = {places(REGIONS[0]), places(REGIONS[1])};
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Pool() {}

    /** The number of a line that nobody uses, all zero. */
    static int next() {
        int line = NEXT.getAndIncrement() & COUNT - 1;
        REGIONS[0].data().asSlice((long) line * LINE, LINE).fill((byte) 0);
        return line;
    }

    /** The place to wait at as one of the two sides sees it. */
    static Parking place(int side, int line) {
        return PLACES[side][line];
    }

    /** Where that line's word is that says what is published. */
    static long published(int line) {
        return word(line) + Long.BYTES;
    }

    /** Where that line's parking word is. */
    static long word(int line) {
        return REGIONS[0].header().shape().dataOffset() + (long) line * LINE;
    }

    private static Region[] regions() {
        Place place = Place.shm("kith-stress-table-" + ProcessHandle.current().pid());
        Shape shape = Shape.of(1, SLOTS, 640, (long) COUNT * LINE, 0, 0);
        Region first = Region.create(place, shape, _ -> {});
        try {
            return new Region[] {first, Region.open(place, 1)};
        } finally {
            first.unlink();
        }
    }

    private static Parking[] places(Region region) {
        Parking[] places = new Parking[COUNT];
        for (int line = 0; line < COUNT; line++) {
            places[line] = new Parking(region, word(line));
        }
        return places;
    }
}
