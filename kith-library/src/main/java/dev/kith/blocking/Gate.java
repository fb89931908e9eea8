// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.Closed;

/**
 * Guards one handle: counts the calls in flight, knows the threads that block in them, and closes
 * when the last one is out.
 *
 * <p>A call that cannot block is between {@link #enter()} and {@link #exit()}; one that may is
 * between {@link #block} and {@link Blocked#close()}. {@link #close()} lets nobody in any more,
 * wakes who blocks and returns when all are out, so that the descriptor or the memory behind the
 * handle can be given back without another thread using it.
 */
public final class Gate {
    private final String what;
    private boolean closed;
    private int entered;
    private Blocked blocked;

    /** A gate; {@code what} names the handle in the message of {@link Closed}. */
    public Gate(String what) {
        this.what = what;
    }

    /** Begins a call that does not block. */
    public synchronized void enter() {
        if (closed) {
            throw closedException();
        }
        entered++;
    }

    /** Ends a call that does not block. */
    public synchronized void exit() {
        if (--entered == 0 && closed) {
            notifyAll();
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
        synchronized (this) {
            if (closed) {
                throw closedException();
            }
            me.next = blocked;
            if (blocked != null) {
                blocked.previous = me;
            }
            blocked = me;
            me.entered(this, deadline);
        }
        me.watch();
        return me;
    }

    /** Ends a call that might have blocked; by {@link Blocked#close()}. */
    synchronized void leave(Blocked me) {
        me.left();
        if (me.previous == null) {
            blocked = me.next;
        } else {
            me.previous.next = me.next;
        }
        if (me.next != null) {
            me.next.previous = me.previous;
        }
        me.previous = null;
        me.next = null;
        if (closed && blocked == null) {
            notifyAll();
        }
    }

    /** Signals one thread if it is still in the call that it was in; says whether it is. */
    synchronized boolean kick(Blocked thread, long call) {
        return thread.kick(this, call);
    }

    /**
     * Closes the gate.
     *
     * @return true for the one caller that must now give back what is behind the handle
     */
    public boolean close() {
        boolean interrupted = false;
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
            // A signal that arrives just before the call blocks is lost: repeat it until the thread
            // is out.
            for (long pause = 1; entered > 0 || blocked != null; pause = Math.min(50, pause * 2)) {
                for (Blocked each = blocked; each != null; each = each.next) {
                    each.kick();
                }
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
        return true;
    }

    /** Whether {@link #close()} was called. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** What a call on a closed handle throws. */
    public Closed closedException() {
        return new Closed(what + " is closed");
    }
}
