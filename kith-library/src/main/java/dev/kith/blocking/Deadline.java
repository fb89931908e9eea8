// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.time.Duration;

/** Time-outs as nanoseconds from now, and deadlines as readings of {@link System#nanoTime()}. */
public final class Deadline {
    /** As a time-out: wait for ever. As a deadline: there is none. */
    public static final long FOREVER = Long.MAX_VALUE;

    private Deadline() {}

    /** The nanoseconds of a duration, at least 0; about 292 years and more are for ever. */
    public static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.getSeconds() > 9_000_000_000L ? FOREVER : timeout.toNanos();
    }

    /** The deadline of a time-out that begins now. */
    public static long after(long timeoutNanos) {
        if (timeoutNanos == FOREVER) {
            return FOREVER;
        }
        long deadline = System.nanoTime() + timeoutNanos;
        return deadline == FOREVER ? FOREVER - 1 : deadline;
    }

    /** What is left until a deadline, at least 0. */
    public static long left(long deadline) {
        return deadline == FOREVER ? FOREVER : Math.max(0, deadline - System.nanoTime());
    }

    /** Whether a deadline has passed. */
    public static boolean passed(long deadline) {
        return deadline != FOREVER && deadline - System.nanoTime() <= 0;
    }

    /**
     * What is left until a deadline in whole milliseconds, rounded up, for poll(2): -1 is for ever.
     */
    public static int pollMillis(long deadline) {
        if (deadline == FOREVER) {
            return -1;
        }
        return (int) Math.min(Integer.MAX_VALUE, (left(deadline) + 999_999) / 1_000_000);
    }
}
