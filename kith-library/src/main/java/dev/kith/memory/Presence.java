// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Knows whether a thread is in the middle of a call on something that is for one thread at a time,
 * so that another that closes it waits until the call is over. That costs the calls no atomic
 * operation and no fence.
 *
 * <p>A call need not end in the method that began it: from a claim to its publication is one.
 */
public final class Presence {
    /*
     *   who calls                                who closes
     *   inside = number of this thread (opaque)  closed = true (volatile)
     *   closed? (opaque) out again, refused      a full fence in all threads
     *   ...                                      inside? (acquire) wait
     *   inside = 0 (release)                     pairs with that acquire
     *
     * Each stores, then loads what the other stores. The fence of who closes stands in for that
     * which who calls has not: if it falls after the store of inside, who closes sees the call; if
     * it falls before, the load of closed comes later still, and refuses the call. For that the two
     * must stand in the machine code in this order, as opaque ones do.
     *
     * The fence is membarrier(2). Without native access, or before this process has registered for
     * it, it is a look at the stacks of all threads: for that the JVM stops them at a safepoint,
     * which they enter and leave by fences.
     *
     * The number, and not the thread: a reference would be stored with the collector's barriers, and
     * to compare with who was here last costs more than to store.
     */
    private static final VarHandle INSIDE;
    private static final VarHandle CLOSED;
    private static final int SPINS = 100;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INSIDE = lookup.findVarHandle(Presence.class, "inside", long.class);
            CLOSED = lookup.findVarHandle(Presence.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The number of the thread that is inside; 0 if none is. Written by that thread alone. */
    private long inside;

    private boolean closed;

    /** Begins a call not inside another; false if it was closed, and then none has begun. */
    public boolean enter() {
        INSIDE.setOpaque(this, Thread.currentThread().threadId());
        if ((boolean) CLOSED.getOpaque(this)) {
            leave();
            return false;
        }
        return true;
    }

    /** Ends a call. */
    public void leave() {
        INSIDE.setRelease(this, 0L); // pairs with getAcquire in isOccupied()
    }

    /** Whether a call is under way: of the calling thread, if it is the one that calls. */
    public boolean isInside() {
        return inside != 0;
    }

    /** Whether the calling thread is in the middle of a call. */
    public boolean isMine() {
        return (long) INSIDE.getOpaque(this) == Thread.currentThread().threadId();
    }

    /** Lets nobody in any more, and waits until nobody is inside but the calling thread. */
    public void close() {
        CLOSED.setVolatile(this, true);
        if (Fence.reachesOwn()) {
            Fence.heavy();
        } else {
            VarHandle.fullFence();
            Thread.getAllStackTraces();
        }
        boolean interrupted = false;
        for (int look = 0; isOccupied(); look++) {
            if (look < SPINS) {
                Thread.yield();
            } else {
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether another thread is inside. */
    private boolean isOccupied() {
        long who = (long) INSIDE.getAcquire(this);
        return who != 0 && who != Thread.currentThread().threadId();
    }
}
