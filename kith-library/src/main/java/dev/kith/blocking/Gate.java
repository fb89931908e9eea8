// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.Closed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Guards one handle: counts the calls in flight, and closes when the last one is out.
 *
 * <p>A call that cannot block is between {@link #enter()} and {@link #exit()}; one that may is
 * between {@link #block} and {@link Blocked#close()}. {@link #close()} lets nobody in any more,
 * wakes who blocks and returns when all are out, so that the descriptor or the memory behind the
 * handle can be given back without another thread using it.
 *
 * <p>Calls nest: one on another handle may be made inside.
 */
public final class Gate {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The sign bit of the state: closed. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final String what;

    /** How many calls are in flight, and the sign bit once it is closed. */
    private volatile int state;

    /** A gate; {@code what} names the handle in the message of {@link Closed}. */
    public Gate(String what) {
        this.what = what;
    }

    /** Begins a call that does not block. */
    public void enter() {
        for (; ; ) {
            int seen = state;
            if (seen < 0) {
                throw closedException();
            }
            if (STATE.compareAndSet(this, seen, seen + 1)) {
                return;
            }
        }
    }

    /** Ends a call that does not block. */
    public void exit() {
        if ((int) STATE.getAndAdd(this, -1) == CLOSED + 1) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /**
     * Begins a call that may block, in a platform thread. The call itself is repeated while it
     * returns -EINTR and {@link Blocked#goOn()} says so.
     *
     * @param deadline a reading of nanoTime at which the thread is woken if the call has no
     *     time-out of its own, or {@link Deadline#FOREVER}
     */
    public Blocked block(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Blocked me = Blocked.mine();
        enter();
        me.entered(this, deadline);
        return me;
    }

    /**
     * Closes the gate.
     *
     * @return true for the one caller that must now give back what is behind the handle
     */
    public boolean close() {
        int seen;
        do {
            seen = state;
            if (seen < 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, seen, seen | CLOSED));
        awaitEmpty();
        return true;
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return state < 0;
    }

    /** What a call on a closed handle throws. */
    public Closed closedException() {
        return new Closed(what + " is closed");
    }

    private void awaitEmpty() {
        boolean interrupted = false;
        // A signal that arrives just before the call blocks is lost: repeat it until all are out.
        for (long pause = 1; state != CLOSED; pause = Math.min(50, pause * 2)) {
            Blocked.kickAll(this);
            synchronized (this) {
                if (state != CLOSED) {
                    try {
                        wait(pause);
                    } catch (InterruptedException later) {
                        interrupted = true;
                    }
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
