// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

/**
 * What to do with one semaphore of a set: {@code struct sembuf}.
 *
 * @param index which semaphore, from 0
 * @param change how much to add; if negative, how much to take, waiting until there is so much; 0
 *     waits until the value is 0
 * @param undo whether the kernel takes it back when this process ends, however it ends (SEM_UNDO)
 */
public record SemaphoreOperation(int index, int change, boolean undo) {
    /** It is an unsigned short in the struct: a larger one would silently be another. */
    private static final int HIGHEST_INDEX = 65535;

    /** Checks the values. */
    public SemaphoreOperation {
        if (index < 0 || index > HIGHEST_INDEX) {
            throw new IllegalArgumentException("index=" + index + ", highest=" + HIGHEST_INDEX);
        }
        if (change < -SemaphoreSet.HIGHEST_VALUE || change > SemaphoreSet.HIGHEST_VALUE) {
            throw new IllegalArgumentException(
                    "change=" + change + ", highest=" + SemaphoreSet.HIGHEST_VALUE);
        }
    }

    /**
     * Takes permits; waits while there are not so many.
     *
     * @param index which semaphore
     * @param permits how many
     * @return the operation, without undo
     */
    public static SemaphoreOperation acquire(int index, int permits) {
        return new SemaphoreOperation(index, -positive(permits), false);
    }

    /**
     * Gives permits; never waits.
     *
     * @param index which semaphore
     * @param permits how many
     * @return the operation, without undo
     */
    public static SemaphoreOperation release(int index, int permits) {
        return new SemaphoreOperation(index, positive(permits), false);
    }

    /**
     * Waits until the value is 0.
     *
     * @param index which semaphore
     * @return the operation
     */
    public static SemaphoreOperation awaitZero(int index) {
        return new SemaphoreOperation(index, 0, false);
    }

    /**
     * The same operation, taken back by the kernel when this process ends.
     *
     * @return the operation with undo
     */
    public SemaphoreOperation withUndo() {
        return new SemaphoreOperation(index, change, true);
    }

    @Override
    public String toString() {
        return "{" + index + ", " + change + (undo ? ", SEM_UNDO}" : "}");
    }

    private static int positive(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits=" + permits + ", lowest=1");
        }
        return permits;
    }
}
