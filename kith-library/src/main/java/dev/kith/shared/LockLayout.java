// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** Where everything in the region of a {@link SharedLock} is. */
final class LockLayout {
    /*
     * The object's own part (Kind); flags: 1 fair, 2 not reentrant.
     *
     *     +0 | the lock (RobustLock), 64 bytes               |
     *    +64 | conditions: 16 u64, each the number by which  |
     *        |   it is known, 0: none                        |
     *   +192 +-----------------------------------------------+
     */
    static final int CONDITIONS = 16;

    static final long LOCK = 0;
    static final long CONDITION_IDS = 64;
    static final long BYTES = CONDITION_IDS + CONDITIONS * 8;
    static final long CAPACITY = 8;

    /** What a thread waits for: the lock, or the condition of that index. */
    static final int FOR_LOCK = 1;

    static final int FOR_CONDITION = 16;

    private LockLayout() {}

    static Plan plan(LockOption... options) {
        int flags = LockOption.flags(options);
        return new Plan(
                SharedLock.KIND.shape(BYTES, CAPACITY, 0, flags), LockOption.text(flags), _ -> {});
    }
}
