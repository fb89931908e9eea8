// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * A lock that another thread may release, and that costs one atomic operation while nobody waits:
 * half of a semaphore.
 */
final class Turn {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Turn.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int AWAITED = 2;

    /** FREE, TAKEN, or AWAITED: taken, and its release must wake somebody. */
    private volatile int state;

    boolean tryAcquire() {
        return STATE.compareAndSet(this, FREE, TAKEN);
    }

    void acquire() throws InterruptedException {
        if (!tryAcquire()) {
            await(Long.MAX_VALUE);
        }
    }

    boolean tryAcquire(long nanos) throws InterruptedException {
        return tryAcquire() || await(nanos);
    }

    void release() {
        // pairs with the compareAndSet in tryAcquire(); who has set AWAITED waits under the lock
        if ((int) STATE.getAndSet(this, FREE) == AWAITED) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private synchronized boolean await(long nanos) throws InterruptedException {
        long deadline = nanos == Long.MAX_VALUE ? 0 : System.nanoTime() + nanos;
        // Whoever has waited takes it as AWAITED, because others may wait still.
        while ((int) STATE.getAndSet(this, AWAITED) != FREE) {
            if (deadline == 0) {
                wait();
            } else {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
        return true;
    }
}
