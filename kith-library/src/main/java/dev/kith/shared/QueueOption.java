// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** How a {@link SharedQueue} is, chosen by who makes it. */
public sealed interface QueueOption {
    /**
     * How many items may wait at once, as the capacity of an {@link
     * java.util.concurrent.ArrayBlockingQueue}. Without, only the bytes are limited.
     *
     * @param items at least 1; unless the bytes are said as well, so many items of up to 40 bytes
     *     have room
     * @return the option
     */
    static QueueOption capacity(int items) {
        return new Capacity(items);
    }

    /**
     * How much memory the items have: an item takes 24 bytes and its own, rounded up to a multiple
     * of 64, from when it is put until it is taken, or acknowledged. An item can be as long as all
     * of it, but for those 24. Without, 1 MiB.
     *
     * @param bytes 64 to 2 GiB, rounded up to a power of two; a third of it is needed besides
     * @return the option
     */
    static QueueOption capacityBytes(long bytes) {
        return new CapacityBytes(bytes);
    }

    /**
     * Items of a higher priority are taken first, of the same priority those that were put first,
     * see {@link SharedQueue#put(Object, int)}.
     *
     * @return the option
     */
    static QueueOption byPriority() {
        return Flavour.BY_PRIORITY;
    }

    /**
     * Whoever takes an item has it on lease until he calls {@link SharedQueue#taskDone()}: Python's
     * {@code JoinableQueue}, but that what a dead consumer had not done is delivered again.
     *
     * @return the option
     */
    static QueueOption joinable() {
        return Flavour.JOINABLE;
    }

    /**
     * {@link QueueOption#capacity(int)}.
     *
     * @param items at least 1
     */
    record Capacity(int items) implements QueueOption {
        /** Checks the value. */
        public Capacity {
            if (items < 1) {
                throw new IllegalArgumentException("capacity=" + items + " items, least=1");
            }
        }
    }

    /**
     * {@link QueueOption#capacityBytes(long)}.
     *
     * @param bytes 64 to 2 GiB
     */
    record CapacityBytes(long bytes) implements QueueOption {
        private static final long MOST = (long) QueueLayout.MOST_CELLS * QueueLayout.CELL_BYTES;

        /** Checks the value. */
        public CapacityBytes {
            if (bytes < QueueLayout.CELL_BYTES || bytes > MOST) {
                throw new IllegalArgumentException(
                        "capacityBytes="
                                + bytes
                                + ", least="
                                + QueueLayout.CELL_BYTES
                                + ", most="
                                + MOST);
            }
        }
    }

    /** Options that say no number. */
    enum Flavour implements QueueOption {
        /** {@link QueueOption#byPriority()}. */
        BY_PRIORITY,
        /** {@link QueueOption#joinable()}. */
        JOINABLE
    }
}
