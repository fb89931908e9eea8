// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Parking;
import java.util.function.BooleanSupplier;

/**
 * Looks for a while before a thread falls asleep: a wake-up takes some 25 microseconds, and most
 * locks are held for less. For how long is learnt: twice as long, up to that, when it was worth it,
 * half as long when it was not.
 */
final class Spin {
    private static final long LONGEST_NANOS = 25_000;
    private static final long SHORTEST_NANOS = 500;
    private static final int LOOKS = 16;
    private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

    /** Races lose a change now and then, which does no harm. */
    private long budgetNanos = LONGEST_NANOS / 4;

    /** Whether it became true before it was time to sleep. */
    boolean until(BooleanSupplier condition, long deadline) {
        if (ALONE) {
            return condition.getAsBoolean();
        }
        long budget = budgetNanos;
        long start = System.nanoTime();
        long now = start;
        while (now - start < budget && (deadline == Parking.FOREVER || deadline - now > 0)) {
            for (int look = 0; look < LOOKS; look++) {
                if (condition.getAsBoolean()) {
                    budgetNanos = Math.min(LONGEST_NANOS, 2 * budget);
                    return true;
                }
                Thread.onSpinWait();
            }
            now = System.nanoTime();
        }
        budgetNanos = Math.max(SHORTEST_NANOS, budget / 2);
        return false;
    }
}
