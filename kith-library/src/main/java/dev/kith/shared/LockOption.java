// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** How a {@link SharedLock} is, chosen by who makes it. */
public enum LockOption {
    /**
     * Who has waited for longest gets it next. Without, a thread that comes just then may be
     * faster, which lets more threads through in all.
     */
    FAIR(1),

    /**
     * A thread that holds it cannot lock it once more: it is refused. Without, it can, and unlocks
     * as often as it has locked.
     */
    NOT_REENTRANT(2);

    private final int flag;

    LockOption(int flag) {
        this.flag = flag;
    }

    boolean isIn(int flags) {
        return (flags & flag) != 0;
    }

    static int flags(LockOption... options) {
        int flags = 0;
        for (LockOption each : options) {
            flags |= each.flag;
        }
        return flags;
    }

    /** In words. */
    static String text(int flags) {
        return (FAIR.isIn(flags) ? "fair" : "not fair")
                + ", "
                + (NOT_REENTRANT.isIn(flags) ? "not reentrant" : "reentrant");
    }
}
