// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static dev.kith.channel.Link.FOREVER;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of one end of a ring, which is for one thread at a time, and what is left of the time of
 * a call that waits for both. Who holds it may wait for the other side, until who closes wakes him.
 */
final class EndLock {
    private static final Duration ENDLESS = Duration.ofNanos(FOREVER);

    private final ReentrantLock lock = new ReentrantLock();

    /** False if the time has passed. */
    boolean lock(long timeoutNanos) throws InterruptedException {
        if (timeoutNanos == FOREVER) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** Takes the lock from who may wait; {@code wakeup} makes him look whether it is closed. */
    void lockWaking(Runnable wakeup) {
        boolean interrupted = false;
        for (boolean had = false; !had; ) {
            wakeup.run();
            try {
                had = lock.tryLock(1, TimeUnit.MILLISECONDS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is left of a time-out that began then. */
    static long left(long start, long timeoutNanos) {
        return timeoutNanos == FOREVER
                ? FOREVER
                : Math.max(0, timeoutNanos - (System.nanoTime() - start));
    }

    static Duration duration(long nanos) {
        return nanos == FOREVER ? ENDLESS : nanos == 0 ? Duration.ZERO : Duration.ofNanos(nanos);
    }
}
