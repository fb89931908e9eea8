// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.Closed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Guards one handle: knows the calls in flight, and closes when the last one is out.
 *
 * <p>A call that cannot block is between {@link #enter()} and {@link #exit()}; one that may is
 * between {@link #block} and {@link Blocked#close()}. {@link #close()} lets nobody in any more,
 * wakes who blocks and returns when all are out, so that the descriptor or the memory behind the
 * handle can be given back without another thread using it.
 *
 * <p>Calls nest: one on another handle may be made inside. The thread that begins a call ends it.
 */
public final class Gate {
    /*
     * Who calls says so, then looks whether the gate is closed. Who closes says so, then looks who
     * is in a call. So at least one of them sees the other: a call goes back, or the close waits
     * for it.
     *
     * A platform thread says so in a slot of its own (Blocked.gate), which no other thread writes: no
     * atomic operation, and no cache line that callers on different processors pass to and fro. A
     * virtual thread is counted: it has no slots, because there are too many of them to look at.
     *
     *   thread                                  closer
     *   slot = gate          (Blocked.enter)    closed = true
     *   Barrier.light()                         Barrier.heavy()
     *   closed? out again, throw                some slot == gate, or calls > 0? wake, wait
     *   ... call ...
     *   slot = null (release)  pairs with the acquire in Blocked.isOn
     *   closed? notify
     */
    private static final VarHandle CALLS;
    private static final VarHandle CLOSED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CALLS = lookup.findVarHandle(Gate.class, "calls", int.class);
            CLOSED = lookup.findVarHandle(Gate.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String what;
    private volatile boolean closed;

    /** How many virtual threads are in a call. */
    private volatile int calls;

    /** A gate; {@code what} names the handle in the message of {@link Closed}. */
    public Gate(String what) {
        this.what = what;
    }

    /** Begins a call that does not block. */
    public void enter() {
        in();
    }

    /** Ends a call that does not block. */
    public void exit() {
        out(Thread.currentThread().isVirtual() ? null : Caller.mine().innermost());
    }

    /** Begins a call that does not block: what {@link #out} takes. */
    public Blocked in() {
        if (Thread.currentThread().isVirtual()) {
            enterVirtual();
            return null;
        }
        return Caller.mine().begin(this);
    }

    /** Ends a call that does not block; null is that of a virtual thread. */
    public void out(Blocked call) {
        if (call == null) {
            CALLS.getAndAdd(this, -1);
            left();
        } else {
            call.leave();
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
        return Caller.mine().begin(this, deadline, false);
    }

    /**
     * The same for a call of which others notice when it is repeated: an open(2) that waits for its
     * peer, a place in a queue for a lock. It returns -EINTR for a reason only.
     */
    public Blocked blockUndisturbed(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return Caller.mine().begin(this, deadline, true);
    }

    /**
     * Closes the gate.
     *
     * @return true for the one caller that must now give back what is behind the handle
     */
    public boolean close() {
        if (!CLOSED.compareAndSet(this, false, true)) {
            return false;
        }
        Barrier.heavy();
        awaitEmpty();
        return true;
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed;
    }

    /** What a call on a closed handle throws. */
    public Closed closedException() {
        return new Closed(what + " is closed");
    }

    /** A call has ended: whoever closes may be waiting for that. */
    void left() {
        if (closed) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    private void enterVirtual() {
        CALLS.getAndAdd(this, 1);
        if (closed) {
            CALLS.getAndAdd(this, -1);
            left();
            throw closedException();
        }
    }

    private void awaitEmpty() {
        boolean interrupted = false;
        // A signal that arrives just before the call blocks is lost, and so may be a notification:
        // repeat until all are out.
        for (long pause = 1; Caller.kickAll(this) || calls > 0; pause = Math.min(50, pause * 2)) {
            synchronized (this) {
                try {
                    wait(pause);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
