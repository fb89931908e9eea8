// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.Waitable;
import dev.kith.memory.Presence;
import java.time.Duration;

/**
 * An end that receives: the one of a ring, or one of many of a broadcast.
 *
 * <p>For one thread at a time; {@link #close()} and {@link #wakeup()} may be called by any.
 * Receiving allocates nothing.
 */
public abstract sealed class RingReceiver implements Waitable, AutoCloseable
        permits RingConsumer, Subscriber {
    private final RingMemory memory;
    private final Waiting waiting;
    private final Presence presence = new Presence();
    private final End end;

    RingReceiver(RingMemory memory, Waiting waiting, Runnable detach) {
        this.memory = memory;
        this.waiting = waiting;
        this.end = new End(memory, presence, waiting, detach);
        waiting.until(() -> !isNothing(), this::makeRoom, () -> {});
    }

    /**
     * Takes the messages that are there, without waiting. When another thread closes this end, it
     * stops at an eighth of the ring at the latest.
     *
     * @param handler gets each; a message counts as taken when it returns. If it throws, the
     *     message was not taken: it comes again. It may close this end
     * @param limit how many at the most
     * @return how many were taken
     * @throws dev.kith.Broken if somebody has written over the memory
     * @throws Closed if this end is closed
     * @throws IllegalStateException if a handler of this end calls it
     */
    public final int drain(RingHandler handler, int limit) {
        if (presence.isInside()) {
            throw new IllegalStateException("drain: called by the handler of a drain of this end");
        }
        enter();
        try {
            try {
                return take(handler, limit);
            } finally {
                waiting.wakeOther(); // there may be room although the handler threw
            }
        } catch (InternalError fault) {
            throw memory.faults.apply("drain", fault);
        } finally {
            presence.leave();
            end.left();
        }
    }

    /**
     * Waits until there is a message.
     *
     * @throws dev.kith.Broken if somebody has written over the memory
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted
     */
    public final void await() throws InterruptedException {
        while (!awaitNanos(Waiting.FOREVER)) {
            // wakeup() is for who waits for some time
        }
    }

    /**
     * Waits until there is a message, for some time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return false if there was none in time
     * @throws dev.kith.Broken if somebody has written over the memory
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted
     */
    public final boolean await(Duration timeout) throws InterruptedException {
        return awaitNanos(Waiting.nanos(timeout));
    }

    /**
     * Makes {@link #await(Duration)}, if another thread waits in it, return at once, or else the
     * next that would wait.
     */
    public final void wakeup() {
        waiting.wakeup();
    }

    /**
     * Whether there is no message now.
     *
     * @return true if {@link #drain} would take none
     * @throws dev.kith.Broken if somebody has written over the memory
     * @throws Closed if this end is closed
     */
    public final boolean isEmpty() {
        boolean first = begin();
        try {
            if (isNothing()) {
                makeRoom();
            }
            return isNothing();
        } catch (InternalError fault) {
            throw memory.faults.apply("isEmpty", fault);
        } finally {
            end(first);
        }
    }

    @Override
    public final boolean isReady() {
        return isClosed() || isSomething();
    }

    @Override
    public final Registration whenReady(Runnable wake) {
        return waiting.whenReady(this::isReady, wake);
    }

    /**
     * Lets go: a call that waits throws {@link Closed}, and this end is given back. If another
     * thread is in the middle of a call, this waits until the message in its hand has been handled,
     * and more of what was there, an eighth of the ring at the most. Called by a handler, it
     * returns at once, and the end is given back when {@link #drain} returns; two handlers that
     * close each other's end would wait for ever.
     */
    @Override
    public final void close() {
        end.close();
    }

    /** Hands out what is there; how many messages. */
    abstract int take(RingHandler handler, int limit);

    /** Whether the next {@link #take} would find nothing. */
    abstract boolean isNothing();

    /** Whether {@link #isNothing} would say no: for any thread, moves nothing. */
    abstract boolean isSomething();

    /** Gives back the room of claims that nobody will publish. */
    abstract void makeRoom();

    final boolean isClosed() {
        return waiting.isClosed();
    }

    /** Wakes producers: there is room for them. */
    final void wakeProducers() {
        waiting.wakeOther();
    }

    /** Asks for a number, of the thread that receives alone. */
    final long ask(String verb, Number number) {
        boolean first = begin();
        try {
            return number.now();
        } catch (InternalError fault) {
            throw memory.faults.apply(verb, fault);
        } finally {
            end(first);
        }
    }

    /** What can be asked for. */
    interface Number {
        long now();
    }

    private void enter() {
        if (!presence.enter()) {
            throw waiting.closedException();
        }
    }

    /** Begins a call that a handler may make, too; whether none has made it. */
    private boolean begin() {
        if (!presence.isInside()) {
            enter();
            return true;
        }
        if (isClosed()) {
            throw waiting.closedException();
        }
        return false;
    }

    private void end(boolean first) {
        if (first) {
            presence.leave();
        }
    }

    private boolean awaitNanos(long timeoutNanos) throws InterruptedException {
        boolean first = begin();
        try {
            return !isNothing() || waiting.await(timeoutNanos);
        } catch (InternalError fault) {
            throw memory.faults.apply("await", fault);
        } finally {
            end(first);
        }
    }
}
