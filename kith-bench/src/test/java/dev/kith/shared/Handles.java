// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.RegionKind;
import dev.kith.memory.Shape;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Objects that were opened twice, as by two processes, and a region of pieces that stress tests use
 * up in turns. Nothing has a name any more when the first test begins.
 */
final class Handles {
    static final int PIECE = 1024;

    /** More than the harness has in use at once. */
    private static final int COUNT = 4096;

    private static final String NAME = "kith-stress-shared-" + ProcessHandle.current().pid();
    private static final AtomicInteger NEXT = new AtomicInteger();

    static final Region[] REGIONS = regions();
    static final Member[] MEMBERS = {join(REGIONS[0]), join(REGIONS[1])};

    private Handles() {}

    /** Two handles of one object. */
    static <T extends SharedObject> T[] twice(
            Function<String, T> create, Function<String, T> open, T[] handles) {
        String name = NAME + "-" + NEXT.getAndIncrement();
        handles[0] = create.apply(name);
        try {
            handles[1] = open.apply(name);
        } finally {
            handles[0].unlink();
        }
        return handles;
    }

    /** The number of a piece that nobody uses, from 1 on; all zero. */
    static int next() {
        int piece = NEXT.getAndIncrement() & COUNT - 1;
        REGIONS[0].data().asSlice((long) piece * PIECE, PIECE).fill((byte) 0);
        return piece + 1;
    }

    /** Where a piece begins in the region. */
    static long at(int piece) {
        return REGIONS[0].header().shape().dataOffset() + (piece - 1L) * PIECE;
    }

    private static Region[] regions() {
        Place place = Place.shm(NAME);
        long waits = 128 + COUNT * WaitTable.ENTRY_BYTES;
        Shape shape = Shape.of(RegionKind.BLOCK.number(), 64, waits, (long) COUNT * PIECE, 0, 0);
        Region first = Region.create(place, shape, _ -> {});
        try {
            return new Region[] {first, Region.open(place, 0)};
        } finally {
            first.unlink();
        }
    }

    private static Member join(Region region) {
        long base = region.header().shape().cursorOffset();
        return Member.join(region, new WaitTable(region, base, base + 128, COUNT), _ -> {});
    }
}
