// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

/**
 * The state word of a slot of the {@link AttachTable}, which alone says whose the slot is:
 *
 * <pre>
 *  63       32 31            8 7     3   2     1   0
 *  generation  low bits of pid   0     locked  state: 0 free, 1 attaching, 2 attached
 *
 *  from                       to                       by
 *  free, or any of a dead     attaching, generation+1  compare-and-set of who wants it
 *  attaching                  attached                 a store of its owner
 *  attached                   free                     a store of its owner
 * </pre>
 */
final class SlotWord {
    private static final int FREE = 0;
    private static final int ATTACHING = 1;
    private static final int ATTACHED = 2;
    private static final int STATE = 3;
    private static final int LOCKED = 4;
    private static final int PID_SHIFT = 8;
    private static final int PID = 0xffffff;

    private SlotWord() {}

    static long attaching(int generation, long pid, boolean locked) {
        int low = ((int) pid & PID) << PID_SHIFT | (locked ? LOCKED : 0) | ATTACHING;
        return (long) generation << Integer.SIZE | low & 0xffff_ffffL;
    }

    static long attached(long attaching) {
        return attaching & ~STATE | ATTACHED;
    }

    static long freed(long word) {
        return word >>> Integer.SIZE << Integer.SIZE | FREE;
    }

    static boolean isFree(long word) {
        return (word & STATE) == FREE;
    }

    static boolean isAttached(long word) {
        return (word & STATE) == ATTACHED;
    }

    /** Whether who has the slot is known by a lock. */
    static boolean isLocked(long word) {
        return (word & LOCKED) != 0;
    }

    /** Whether who has the slot cannot wake others. */
    static boolean isWithoutNativeAccess(long word) {
        return !isFree(word) && !isLocked(word);
    }

    static int generation(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    /** The number of the process: all of it, as there are none above 2^22. */
    static long pid(long word) {
        return word >>> PID_SHIFT & PID;
    }
}
