// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.memory.Region;
import dev.kith.memory.Shape;

/** Where everything in the region of a {@link SharedQueue} is. */
final class QueueLayout {
    /*
     * The object's own part (Kind); flags: 1 by priority, 2 joinable. N is the number of cells.
     *
     *     +0 | who puts: RobustLock, 64 bytes                 |
     *    +64 |   what he last saw of the word of who takes    |
     *   +128 | what was put                                   |
     *   +256 | who takes: RobustLock, 64 bytes                |
     *   +320 |   what he last saw of the word of who puts     |
     *   +384 | what was taken                                 |
     *   +512 | u32 hints: takers, putters, joiners, listeners |
     *   +528 | u32 shut down: 0 no, 1 yes, 2 at once          |
     *   +532 | u32 how many items may wait at most            |
     *   +640 | 64 u32: how many items each slot has on lease  |
     *   +896 | free:  N u32                                   |
     *        | order: N u32                                   |
     *        | links: N u32, the next cell of the same item   |
     *        | marks: N u32                                   |
     *        +------------------------------------------------+
     *   data | N cells of 64 bytes                            |
     *        +------------------------------------------------+
     */
    static final int BY_PRIORITY = 1;
    static final int JOINABLE = 2;

    static final long PUT_LOCK = 0;
    static final long SEEN_TAKE = 64;
    static final long PUT = 128;
    static final long TAKE_LOCK = 256;
    static final long SEEN_PUT = 320;
    static final long TAKE = 384;
    static final long TAKERS = 512;
    static final long PUTTERS = 516;
    static final long JOINERS = 520;
    static final long LISTENERS = 524;
    static final long STATE = 528;
    static final long LIMIT = 532;
    static final long LEASES = 640;
    static final long ARRAYS = 896;

    /** Of a queue by priority, which has one lock: that of who puts. */
    static final long FREE_COUNT = PUT;

    static final long HEAP_COUNT = PUT + 4;
    static final long NEXT_TICKET = PUT + 8;

    static final int CELL_BYTES = 64;

    /** The payload begins here in the first cell of an item, and at once in all others. */
    static final int HEADER_BYTES = 24;

    static final int FIRST_BYTES = CELL_BYTES - HEADER_BYTES;

    static final int LEAST_CELLS = 1;
    static final int MOST_CELLS = 1 << 25;

    /** What a thread waits for. */
    static final int FOR_PUT_LOCK = 1;

    static final int FOR_TAKE_LOCK = 2;
    static final int FOR_ITEMS = 3;
    static final int FOR_ROOM = 4;
    static final int FOR_THE_LAST = 5;

    /** It wants to hear of items, and takes none by that. */
    static final int FOR_NEWS = 6;

    private QueueLayout() {}

    static long ownBytes(int cells) {
        return ARRAYS + 4L * Integer.BYTES * cells;
    }

    /** How many cells an item of that length takes. */
    static int cells(int length) {
        return length <= FIRST_BYTES
                ? 1
                : 1 + (int) ((length - (long) FIRST_BYTES + CELL_BYTES - 1) / CELL_BYTES);
    }

    /** The longest item of a queue of so many cells. */
    static int longest(int cells) {
        return FIRST_BYTES + (cells - 1) * CELL_BYTES;
    }

    static int cellsOf(Shape shape) {
        return (int) (shape.capacity() / CELL_BYTES);
    }

    static Plan plan(int cells, int limit, int flags) {
        Shape shape =
                QueueCore.KIND.shape(
                        ownBytes(cells), (long) cells * CELL_BYTES, longest(cells), flags);
        return new Plan(shape, text(cells, limit, flags), region -> fill(region, cells, limit));
    }

    /** The parameters of a queue, in words. */
    static String text(int cells, int limit, int flags) {
        return (long) cells * CELL_BYTES
                + " bytes"
                + (limit == Integer.MAX_VALUE ? "" : ", " + limit + " items")
                + ((flags & BY_PRIORITY) == 0 ? "" : ", by priority")
                + ((flags & JOINABLE) == 0 ? "" : ", joinable");
    }

    /** All cells are free. */
    private static void fill(Region region, int cells, int limit) {
        long own = QueueCore.KIND.own(region.header().shape());
        region.segment().set(JAVA_INT, own + LIMIT, limit);
        for (int cell = 0; cell < cells; cell++) {
            region.segment().set(JAVA_INT, own + ARRAYS + 4L * cell, cell);
        }
        if ((region.header().shape().flags() & BY_PRIORITY) == 0) {
            region.segment().set(JAVA_LONG, own + TAKE, (long) cells << Integer.SIZE);
        } else {
            region.segment().set(JAVA_INT, own + FREE_COUNT, cells);
        }
    }
}
