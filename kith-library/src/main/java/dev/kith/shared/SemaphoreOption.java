// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** How a {@link SharedSemaphore} is, chosen by who makes it. */
public enum SemaphoreOption {
    /**
     * It never has more permits than it was made with, and each that is acquired is a process's
     * until it is released: if the process ends, it comes back. Without, anybody may release as
     * many as he likes, and what a dead process had acquired is gone.
     */
    BOUNDED(1),

    /**
     * Who has waited for longest gets permits next. Without, a thread that comes just then may be
     * faster.
     */
    FAIR(2);

    private final int flag;

    SemaphoreOption(int flag) {
        this.flag = flag;
    }

    boolean isIn(int flags) {
        return (flags & flag) != 0;
    }

    static int flags(SemaphoreOption... options) {
        int flags = 0;
        for (SemaphoreOption each : options) {
            flags |= each.flag;
        }
        return flags;
    }

    /** In words. */
    static String text(int flags) {
        return (BOUNDED.isIn(flags) ? "bounded" : "not bounded")
                + ", "
                + (FAIR.isIn(flags) ? "fair" : "not fair");
    }
}
