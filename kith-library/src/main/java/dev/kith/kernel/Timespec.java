// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** {@code struct timespec} of time.h, the same on every 64-bit Linux. timespec(3type) */
public final class Timespec {
    public static final long BYTES = 16;

    private static final long SEC = 0;
    private static final long NSEC = 8;
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private Timespec() {}

    /** Fills the struct at the beginning of a segment in. */
    public static void set(MemorySegment timespec, long nanos) {
        timespec.set(JAVA_LONG, SEC, nanos / NANOS_A_SECOND);
        timespec.set(JAVA_LONG, NSEC, nanos % NANOS_A_SECOND);
    }

    /** Fills the struct at the beginning of a segment in. */
    public static void set(MemorySegment timespec, Duration time) {
        timespec.set(JAVA_LONG, SEC, time.getSeconds());
        timespec.set(JAVA_LONG, NSEC, time.getNano());
    }

    /** The time in the struct at the beginning of a segment. */
    public static Duration get(MemorySegment timespec) {
        return Duration.ofSeconds(timespec.get(JAVA_LONG, SEC), timespec.get(JAVA_LONG, NSEC));
    }
}
