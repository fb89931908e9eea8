// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** The options of a queue, together. */
final class QueueOptions {
    private static final long USUAL_BYTES = 1 << 20;

    private QueueOptions() {}

    static Plan plan(QueueOption... options) {
        int limit = Integer.MAX_VALUE;
        long bytes = 0;
        int flags = 0;
        for (QueueOption option : options) {
            switch (option) {
                case QueueOption.Capacity capacity -> limit = capacity.items();
                case QueueOption.CapacityBytes capacity -> bytes = capacity.bytes();
                case QueueOption.Flavour.BY_PRIORITY -> flags |= QueueLayout.BY_PRIORITY;
                case QueueOption.Flavour.JOINABLE -> flags |= QueueLayout.JOINABLE;
            }
        }
        long cells = (bytes + QueueLayout.CELL_BYTES - 1) / QueueLayout.CELL_BYTES;
        if (bytes == 0) {
            cells = USUAL_BYTES / QueueLayout.CELL_BYTES;
            if (limit != Integer.MAX_VALUE) {
                cells = Math.max(cells, limit);
            }
        }
        if (cells > QueueLayout.MOST_CELLS) {
            throw new IllegalArgumentException(
                    "capacity="
                            + limit
                            + " items, most="
                            + QueueLayout.MOST_CELLS
                            + ": each takes 64 bytes of 2 GiB at the least");
        }
        int rounded = cells <= 1 ? 1 : Integer.highestOneBit((int) cells - 1) << 1;
        return QueueLayout.plan(rounded, limit, flags);
    }
}
