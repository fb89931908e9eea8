// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;

/**
 * One call of a platform thread on a handle, from {@link Gate#block} or {@link Gate#in} to its end.
 *
 * <p>A thread has one such object for each level of nesting and uses it again and again: the thread
 * writes, those who close, interrupt and watch read.
 */
public final class Blocked implements AutoCloseable {
    private static final VarHandle GATE;
    private static final VarHandle NUMBER;
    private static final VarHandle UNHOOKED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            GATE = lookup.findVarHandle(Blocked.class, "gate", Gate.class);
            NUMBER = lookup.findVarHandle(Blocked.class, "number", int.class);
            UNHOOKED = lookup.findVarHandle(Blocked.class, "unhooked", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Caller caller;
    private final Blocked outer;

    /** The object of the next level, made when this one is first used. */
    private volatile Blocked inner;

    /** The slot: the gate on which the call is, or null. */
    private Gate gate;

    /**
     * Which call it is, so that a wake-up for one does not go on into another; 0 is none, or one
     * that does not block.
     */
    private int number;

    /** Whether the call blocks without having renewed the hook. */
    private boolean unhooked;

    private long deadline;
    private Future<?> alarm;

    Blocked(Caller caller, Blocked outer) {
        this.caller = caller;
        this.outer = outer;
    }

    /**
     * What to do after the call returned -EINTR.
     *
     * @return true: call again; false: the deadline has passed
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the handle was closed, or one in whose call this one is made
     */
    public boolean goOn() throws InterruptedException {
        for (Blocked call = this; call != null; call = call.outer) {
            if (call.gate.isClosed()) {
                throw call.gate.closedException();
            }
        }
        if (caller.renewsHook()) {
            UNHOOKED.setOpaque(this, false);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return !Deadline.passed(deadline);
    }

    /** Ends the call that blocked. */
    @Override
    public void close() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
        NUMBER.setOpaque(this, 0);
        UNHOOKED.setOpaque(this, false);
        leave();
    }

    /** The thread is in a call from now on, unless the gate is closed. */
    void enter(Gate entered) {
        Blocked next = inner;
        caller.next(next != null ? next : addInner());
        GATE.setOpaque(this, entered);
        Barrier.light();
        if (entered.isClosed()) {
            leave();
            throw entered.closedException();
        }
    }

    /** The call that was entered may block from now on. */
    void mayBlock(int call, long until, boolean undisturbed) {
        deadline = until;
        NUMBER.setOpaque(this, call);
        try {
            if (!undisturbed && outer == null && caller.mayBeLazy()) {
                UNHOOKED.setOpaque(this, true);
                Barrier.light();
                InterruptWatch.need();
            } else {
                caller.hook();
            }
            if (until != Deadline.FOREVER) {
                alarm = Waker.at(until, () -> caller.kick(call));
            }
        } catch (Throwable noThread) {
            close();
            throw noThread;
        }
    }

    /** The call has ended. */
    void leave() {
        Gate left = gate;
        // release: pairs with the acquire in isOn(), so that who closes sees what the call did
        GATE.setRelease(this, null);
        caller.next(this);
        left.left();
    }

    Blocked outer() {
        return outer;
    }

    Blocked inner() {
        return inner;
    }

    boolean isOn(Gate asked) {
        return (Gate) GATE.getAcquire(this) == asked;
    }

    /** Which call blocks here, or 0. */
    int number() {
        return (int) NUMBER.getOpaque(this);
    }

    boolean isUnhooked() {
        return (boolean) UNHOOKED.getOpaque(this);
    }

    private Blocked addInner() {
        inner = new Blocked(caller, this);
        return inner;
    }
}
