// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.Waitable;
import java.time.Duration;

/**
 * One of any number of ends of a {@link Broadcast} that receive: each gets every message that was
 * published after it had joined, or counts it as lost, as its {@link Policy} says.
 *
 * <pre>{@code
 * try (var ticks = Broadcast.open("ticks");
 *         var in = ticks.subscribe(Policy.DROP_OLDEST)) {
 *     in.await();
 *     in.drain((memory, offset, length) -> show(memory.get(ValueLayout.JAVA_LONG, offset)), 64);
 *     show(in.lost());
 * }
 * }</pre>
 *
 * <p>For one thread at a time, and not from within its handler; {@link #close()}, {@link #lost()}
 * and {@link #taken()} may be called by any, at any time. Receiving allocates nothing. With {@link
 * Policy#BLOCK} a message is read in place, and the producers leave it alone until the handler
 * returns; with the others the handler gets a copy, whole whatever the producers do meanwhile. For
 * each subscriber, at any time, {@code taken() + lost() + lagMessages()} is the number of messages
 * published since it joined.
 */
public final class Subscriber implements Waitable, AutoCloseable {
    private final BroadcastMemory memory;
    private final BroadcastReader reader;
    private final Waiting waiting;
    private final Runnable detach;

    /** Set once, by any thread; the waiting calls read it through {@link Waiting}. */
    private boolean closed;

    Subscriber(BroadcastMemory memory, BroadcastReader reader, Waiting waiting, Runnable detach) {
        this.memory = memory;
        this.reader = reader;
        this.waiting = waiting;
        this.detach = detach;
        waiting.until(() -> !reader.isEmpty(), this::makeRoom, () -> {});
    }

    /**
     * Takes the messages that are there, without waiting.
     *
     * @param handler gets each; a message counts as taken when it returns. If it throws, the
     *     message was not taken: it comes again, if it is not lost meanwhile
     * @param limit how many at the most
     * @return how many were taken
     * @throws dev.kith.Broken if somebody has written over the broadcast
     * @throws Closed if this end is closed
     */
    public int drain(RingHandler handler, int limit) {
        checkOpen();
        try {
            try {
                return reader.drain(handler, limit);
            } finally {
                waiting.wakeOther();
            }
        } catch (InternalError fault) {
            throw memory.ring.faults.apply("drain", fault);
        }
    }

    /**
     * Waits until there is a message.
     *
     * @throws dev.kith.Broken if somebody has written over the broadcast
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted
     */
    public void await() throws InterruptedException {
        while (!awaitNanos(Waiting.FOREVER)) {
            // wakeup() is for who waits for some time
        }
    }

    /**
     * Waits until there is a message, for some time.
     *
     * @param timeout how long to wait; zero or less does not wait
     * @return false if there was none in time
     * @throws dev.kith.Broken if somebody has written over the broadcast
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return awaitNanos(Waiting.nanos(timeout));
    }

    /**
     * Makes {@link #await(Duration)}, if another thread waits in it, return at once, or else the
     * next that would wait.
     */
    public void wakeup() {
        waiting.wakeup();
    }

    /**
     * Whether there is no message now.
     *
     * @return true if {@link #drain} would take none
     * @throws dev.kith.Broken if somebody has written over the broadcast
     * @throws Closed if this end is closed
     */
    public boolean isEmpty() {
        checkOpen();
        try {
            if (reader.isEmpty()) {
                reader.skipLeft();
            }
            return reader.isEmpty();
        } catch (InternalError fault) {
            throw memory.ring.faults.apply("isEmpty", fault);
        }
    }

    @Override
    public boolean isReady() {
        return closed || reader.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return waiting.whenReady(this::isReady, wake);
    }

    /**
     * How this subscriber is treated if it is slow.
     *
     * @return what was chosen when it joined
     */
    public Policy policy() {
        return reader.policy();
    }

    /**
     * How many messages were published since it joined that it will not get.
     *
     * @return messages; exact up to the last call of {@link #drain} or {@link #lagMessages()}
     */
    public long lost() {
        return reader.lost();
    }

    /**
     * How many messages it has taken.
     *
     * @return messages
     */
    public long taken() {
        return reader.taken();
    }

    /**
     * How many messages are there for it. Counts them, so it takes longer the more there are.
     *
     * @return messages published, up to the first that a producer is still writing, and neither
     *     taken nor lost
     * @throws Closed if this end is closed
     */
    public long lagMessages() {
        checkOpen();
        try {
            return reader.lagMessages();
        } catch (InternalError fault) {
            throw memory.ring.faults.apply("lagMessages", fault);
        }
    }

    /**
     * How far behind the producers it is.
     *
     * @return bytes of the broadcast that are claimed or published and that it has not read; the
     *     capacity at the most
     * @throws Closed if this end is closed
     */
    public long lagBytes() {
        checkOpen();
        try {
            return reader.lagBytes();
        } catch (InternalError fault) {
            throw memory.ring.faults.apply("lagBytes", fault);
        }
    }

    /** Lets go: a call that waits throws {@link Closed}, and no producer waits for it any more. */
    @Override
    public void close() {
        try {
            if (waiting.close()) {
                closed = true;
                detach.run();
            }
        } catch (InternalError fault) {
            memory.ring.faults.apply("close", fault); // throws what is no cut
        }
    }

    /** What is void was passed, or is now: that is room for who waits for it. */
    private void makeRoom() {
        reader.skipLeft();
        waiting.wakeOther();
    }

    private boolean awaitNanos(long timeoutNanos) throws InterruptedException {
        checkOpen();
        try {
            return !reader.isEmpty() || waiting.await(timeoutNanos);
        } catch (InternalError fault) {
            throw memory.ring.faults.apply("await", fault);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw waiting.closedException();
        }
    }
}
