// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.Waitable.Registration;
import dev.kith.memory.Crowd;
import dev.kith.memory.Parking;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How one end of a ring waits for the other. One thread at a time; any may wake and close it. */
final class Waiting {
    /*
     * SPIN and YIELD look until it is met. PARK sleeps. BLOCK spins for as long as SpinBudget says
     * that it pays, unless Crowd says that others need the processor, and then sleeps:
     *
     *   looks without a clock            LOOKS of them, a microsecond or two
     *   looks, the clock after each LOOKS  until the budget is used up
     *   Parking.await                    until it is woken: by who publishes, a death, close, wakeup
     *
     * A virtual thread spins on its carrier, and lets others have it after each LOOKS. That alone
     * would starve those who were started elsewhere: a carrier looks for them only when none of its
     * own can run, and two that yield to each other always can. So it also parks for a moment now
     * and then. It sleeps without a carrier, while a platform thread sleeps for it.
     *
     * What is waited for may be an act: a claim that is granted is taken. So it is asked until it
     * says yes once and never again (`met`), and if the end was closed meanwhile, it is undone.
     *
     *   who waits                          who closes
     *   inside = true (volatile)           closed = true (volatile)
     *   closed? leave                      mine.wake(), while inside
     *   ...
     *   inside = false (release)           pairs with the volatile read of who closes
     */
    static final long FOREVER = Long.MAX_VALUE;

    private static final VarHandle INSIDE;
    private static final long CHECK_NANOS = 10_000_000;
    private static final int LOOKS = 64;

    /** About half a millisecond of looks. */
    private static final int YIELDS = 256;

    private static final long MOMENT_NANOS = 1_000;

    /** A virtual thread is woken by the platform thread that was woken for it. */
    private static final int WAKE_UPS_OF_VIRTUAL = 3;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Waiting.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String what;
    private final Waiter waiter;
    private final Parking mine;
    private final Parking other;
    private final SpinBudget budget = new SpinBudget();
    private final BooleanSupplier ready = this::isReadyOrCalled;
    private BooleanSupplier condition;
    private Runnable check;
    private Runnable undo;
    private volatile boolean closed;
    private volatile boolean woken;
    private volatile boolean inside;

    /** Whether the condition has said yes in this wait. */
    private boolean met;

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
     * @param undo gives back what the condition has taken, when nobody will use it
     */
    void until(BooleanSupplier condition, Runnable check, Runnable undo) {
        this.condition = condition;
        this.check = check;
        this.undo = undo;
    }

    /** Waits; false if the time has passed. */
    boolean await(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        met = false;
        inside = true;
        try {
            if (!closed) {
                waitFor(nanos);
            }
            if (woken) {
                woken = false;
            }
            if (closed) {
                if (met) {
                    undo.run();
                }
                throw closedException();
            }
            return met;
        } finally {
            INSIDE.setRelease(this, false); // pairs with the read in close()
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
        woken = true;
        wakeMine();
    }

    /** Ends the calls that wait; false if it was closed already. */
    boolean close() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        wakeMine();
        while (inside) {
            Thread.yield();
            wakeMine();
        }
        return true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Runs {@code wake} once when {@code looked} has become true, or this end was closed. */
    Registration whenReady(BooleanSupplier looked, Runnable wake) {
        return mine.whenReady(() -> closed || looked.getAsBoolean(), wake);
    }

    Closed closedException() {
        return new Closed(what + " is closed");
    }

    @Override
    public String toString() {
        return what;
    }

    private void wakeMine() {
        try {
            mine.wake();
        } catch (InternalError cut) {
            // Who sleeps in a file that was cut wakes by the bound of his sleep, and says so.
        }
    }

    private void waitFor(long nanos) throws InterruptedException {
        if (nanos <= 0) {
            isReadyOrCalled();
            return;
        }
        long deadline = nanos == FOREVER ? FOREVER : System.nanoTime() + nanos;
        switch (waiter) {
            case SPIN, YIELD -> spin(deadline);
            case PARK -> mine.await(ready, deadline);
            case BLOCK -> {
                if (budget.nanos() == 0 || !spinBriefly(deadline)) {
                    sleep(deadline);
                }
            }
        }
    }

    /** Looks until it is met or the deadline has passed. */
    private void spin(long deadline) throws InterruptedException {
        boolean virtual = Thread.currentThread().isVirtual();
        for (int round = 1; !isSeen() && !isCalled(); round++) {
            if (deadline != FOREVER && System.nanoTime() - deadline >= 0) {
                return;
            }
            checkInterrupt();
            if (virtual && round % YIELDS == 0) {
                LockSupport.parkNanos(MOMENT_NANOS);
            } else if (virtual || waiter == Waiter.YIELD) {
                Thread.yield();
            }
            checkNow();
        }
    }

    /** Looks for as long as that pays; false if it is to be waited for in another way. */
    private boolean spinBriefly(long deadline) throws InterruptedException {
        if (isSeen()) {
            budget.met();
            return true;
        }
        long last = System.nanoTime();
        if (Crowd.HERE.isCrowded(last)) {
            return false;
        }
        boolean virtual = Thread.currentThread().isVirtual();
        for (long end = last + budget.nanos(); ; ) {
            boolean seen = isSeen();
            long now = System.nanoTime();
            if (Crowd.HERE.isStalled(last, now)) {
                budget.missed();
                return seen;
            }
            if (seen) {
                budget.met();
                return true;
            }
            if (isCalled() || deadline != FOREVER && now - deadline >= 0) {
                return true;
            }
            if (now - end >= 0) {
                budget.missed();
                return false;
            }
            checkInterrupt();
            last = now;
            if (virtual) {
                Thread.yield();
                last = System.nanoTime(); // the time of others on this carrier is no stall
            }
        }
    }

    private void sleep(long deadline) throws InterruptedException {
        long start = System.nanoTime();
        mine.await(ready, deadline);
        if (met) {
            int wakeUps = Thread.currentThread().isVirtual() ? WAKE_UPS_OF_VIRTUAL : 1;
            budget.slept(System.nanoTime() - start, wakeUps);
        }
    }

    private boolean isSeen() {
        BooleanSupplier condition = this.condition;
        for (int look = 0; look < LOOKS; look++) {
            if (condition.getAsBoolean()) {
                met = true;
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private boolean isCalled() {
        return closed || woken;
    }

    private boolean isReadyOrCalled() {
        if (met || isCalled()) {
            return true;
        }
        met = condition.getAsBoolean();
        if (!met) {
            check.run();
            met = condition.getAsBoolean();
        }
        return met;
    }

    private static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
