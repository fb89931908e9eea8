// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.Waitable.Registration;
import dev.kith.memory.Parking;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** How one end of a ring waits for the other. */
final class Waiting {
    /*
     * Spin first: a wake-up takes some 25 microseconds whatever the mechanism, an answer to a spin a
     * fraction of one. So BLOCK spins for as long as that has been worth it: the budget doubles when
     * the spin met what it waited for, up to the cost of two wake-ups, and halves when it did not,
     * down to a few looks. It does not spin while more threads want to run than there are
     * processors: the other side needs the processor then.
     *
     * Who sleeps is woken by who publishes (Parking), by a death, and by close. A virtual thread
     * spins on its carrier for no longer than the budget; it sleeps without one.
     */
    static final long FOREVER = Long.MAX_VALUE;

    private static final long LONGEST_SPIN_NANOS = 50_000;
    private static final long SHORTEST_SPIN_NANOS = 1_000;
    private static final long CHECK_NANOS = 10_000_000;
    private static final int LOOKS = 64;

    private final String what;
    private final Waiter waiter;
    private final Parking mine;
    private final Parking other;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicInteger inside = new AtomicInteger();
    private final BooleanSupplier ready = this::isReadyOrClosed;
    private BooleanSupplier condition;
    private Runnable check;
    private long budgetNanos = LONGEST_SPIN_NANOS / 4;
    private long lastCheck = System.nanoTime() - CHECK_NANOS;

    /**
     * A way to wait.
     *
     * @param what names the ring in messages
     * @param mine where this end sleeps
     * @param other where the other ends sleep
     */
    Waiting(String what, Waiter waiter, Parking mine, Parking other) {
        this.what = what;
        this.waiter = waiter;
        this.mine = mine;
        this.other = other;
    }

    static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.getSeconds() > 9_000_000_000L ? FOREVER : timeout.toNanos();
    }

    /**
     * Sets what is waited for.
     *
     * @param condition true when there is nothing more to wait for
     * @param check asked now and then: whether somebody has died; throws, or repairs
     */
    void until(BooleanSupplier condition, Runnable check) {
        this.condition = condition;
        this.check = check;
    }

    /** Waits; false if the time has passed. */
    boolean await(long nanos) throws InterruptedException {
        inside.incrementAndGet();
        try {
            long start = System.nanoTime();
            long deadline = nanos == FOREVER ? FOREVER : start + nanos;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean met = waiter == Waiter.BLOCK ? block(start, deadline) : spin(deadline);
            if (closed.get()) {
                throw closedException();
            }
            return met && (!woken.getAndSet(false) || condition.getAsBoolean());
        } finally {
            inside.decrementAndGet();
        }
    }

    /** Looks for the dead if that was not done lately. */
    void checkNow() {
        long now = System.nanoTime();
        if (now - lastCheck >= CHECK_NANOS) {
            lastCheck = now;
            check.run();
        }
    }

    /** Wakes the other side: it has something to look at. */
    void wakeOther() {
        other.wake();
    }

    /** Makes the wait that goes on, or the next one, end as if its time had passed. */
    void wakeup() {
        woken.set(true);
        mine.wake();
    }

    /** Ends the calls that wait; false if it was closed already. */
    boolean close() {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        mine.wake();
        while (inside.get() > 0) {
            Thread.yield();
            mine.wake();
        }
        return true;
    }

    /** Runs {@code wake} once when {@code looked} has become true, or this end was closed. */
    Registration whenReady(BooleanSupplier looked, Runnable wake) {
        return mine.whenReady(() -> closed.get() || looked.getAsBoolean(), wake);
    }

    Closed closedException() {
        return new Closed(what + " is closed");
    }

    @Override
    public String toString() {
        return what;
    }

    private boolean block(long start, long deadline) throws InterruptedException {
        if (!Crowd.isCrowded()) {
            if (spin(start + Math.min(deadline - start, budgetNanos))) {
                budgetNanos = Math.min(LONGEST_SPIN_NANOS, 2 * budgetNanos);
                return true;
            }
            budgetNanos = Math.max(SHORTEST_SPIN_NANOS, budgetNanos / 2);
        }
        return mine.await(ready, deadline);
    }

    /** Looks until it is met or the deadline has passed. */
    private boolean spin(long deadline) throws InterruptedException {
        for (; ; ) {
            for (int look = 0; look < LOOKS; look++) {
                if (condition.getAsBoolean() || closed.get() || woken.get()) {
                    return true;
                }
                Thread.onSpinWait();
            }
            if (deadline != FOREVER && System.nanoTime() - deadline >= 0) {
                return false;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (waiter == Waiter.YIELD || Thread.currentThread().isVirtual()) {
                Thread.yield();
            }
            checkNow();
        }
    }

    private boolean isReadyOrClosed() {
        if (closed.get() || woken.get() || condition.getAsBoolean()) {
            return true;
        }
        check.run();
        return condition.getAsBoolean();
    }
}
