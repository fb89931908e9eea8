// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Crowd;
import dev.kith.memory.Parking;
import java.util.function.BooleanSupplier;

/**
 * Looks for a while before a thread falls asleep: a wake-up takes some 25 microseconds, and most
 * locks are held for less. For how long is learnt: twice as long, up to that, when it was worth it,
 * half as long when it was not; and not at all while others need the processor (Crowd).
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
        long start = System.nanoTime();
        if (ALONE || Crowd.HERE.isCrowded(start)) {
            return condition.getAsBoolean();
        }
        boolean virtual = Thread.currentThread().isVirtual();
        long budget = budgetNanos;
        long last = start;
        while (last - start < budget && (deadline == Parking.FOREVER || deadline - last > 0)) {
            for (int look = 0; look < LOOKS; look++) {
                if (condition.getAsBoolean()) {
                    budgetNanos = Math.min(LONGEST_NANOS, 2 * budget);
                    return true;
                }
                Thread.onSpinWait();
            }
            long now = System.nanoTime();
            if (Crowd.HERE.isStalled(last, now)) {
                break;
            }
            if (virtual) {
                Thread.yield();
                now = System.nanoTime(); // the time of others on this carrier is no stall
            }
            last = now;
        }
        budgetNanos = Math.max(SHORTEST_NANOS, budget / 2);
        return false;
    }
}
