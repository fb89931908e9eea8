// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One daemon thread that repeats a wake-up until the thread it is for has left its call. */
final class Waker {
    private static final long FIRST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private Waker() {}

    /** Starts the thread now. */
    static void start() {
        THREAD.prestartCoreThread();
    }

    /** Wakes at a deadline; {@code kick} says whether the thread is still in its call. */
    static Future<?> at(long deadline, BooleanSupplier kick) {
        return THREAD.schedule(
                () -> repeat(kick, FIRST_PAUSE_NANOS),
                Deadline.left(deadline),
                TimeUnit.NANOSECONDS);
    }

    /** Wakes now. */
    static void now(BooleanSupplier kick) {
        THREAD.execute(() -> repeat(kick, FIRST_PAUSE_NANOS));
    }

    private static void repeat(BooleanSupplier kick, long pauseNanos) {
        if (kick.getAsBoolean()) {
            long next = Math.min(LONGEST_PAUSE_NANOS, pauseNanos * 2);
            THREAD.schedule(() -> repeat(kick, next), pauseNanos, TimeUnit.NANOSECONDS);
        }
    }

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("kith-waker").factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
