// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.Waitable;
import java.time.Duration;

/**
 * The end of a ring that receives. There is one in all processes; when its process dies, the next
 * one that opens it begins with what was left.
 *
 * <pre>{@code
 * try (var ring = SpscRing.open("ticks");
 *         var in = ring.consumer()) {
 *     in.await();
 *     in.drain((memory, offset, length) -> sum += memory.get(ValueLayout.JAVA_LONG, offset), 64);
 * }
 * }</pre>
 *
 * <p>For one thread at a time; {@link #close()} may be called by any. Receiving allocates nothing.
 * What a producer claimed and did not publish before it died is skipped and counted ({@link
 * #lostClaims()}).
 */
public final class RingConsumer implements Waitable, AutoCloseable {
    private final RingMemory memory;
    private final Drainer drainer;
    private final Waiting waiting;
    private final Runnable detach;

    /** Set once, by any thread; the waiting calls read it through {@link Waiting}. */
    private boolean closed;

    RingConsumer(RingMemory memory, Drainer drainer, Waiting waiting, Runnable detach) {
        this.memory = memory;
        this.drainer = drainer;
        this.waiting = waiting;
        waiting.until(() -> !drainer.isEmpty(), this::makeRoom, () -> {});
        this.detach = detach;
    }

    /**
     * Takes the messages that are there, in place, without waiting.
     *
     * @param handler gets each; a message counts as taken when it returns, and comes again if it
     *     throws
     * @param limit how many at the most
     * @return how many were taken
     * @throws dev.kith.Broken if somebody has written over the ring
     * @throws Closed if this end is closed
     */
    public int drain(RingHandler handler, int limit) {
        if (closed) {
            throw waiting.closedException();
        }
        try {
            try {
                return drainer.drain(handler, limit);
            } finally {
                waiting.wakeOther(); // there may be room although the handler threw
            }
        } catch (InternalError fault) {
            throw memory.faults.apply("drain", fault);
        }
    }

    /**
     * Waits until there is a message.
     *
     * @throws dev.kith.Broken if somebody has written over the ring
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
     * @throws dev.kith.Broken if somebody has written over the ring
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
     * @throws Closed if this end is closed
     */
    public boolean isEmpty() {
        if (closed) {
            throw waiting.closedException();
        }
        try {
            if (drainer.isEmpty()) {
                makeRoom();
            }
            return drainer.isEmpty();
        } catch (InternalError fault) {
            throw memory.faults.apply("isEmpty", fault);
        }
    }

    @Override
    public boolean isReady() {
        return closed || memory.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return waiting.whenReady(this::isReady, wake);
    }

    /**
     * How far behind the producers this end is.
     *
     * @return bytes that were published, or by an {@link MpscRing} claimed, and not yet taken
     * @throws Closed if this end is closed
     */
    public long backlogBytes() {
        if (closed) {
            throw waiting.closedException();
        }
        try {
            return drainer.backlogBytes();
        } catch (InternalError fault) {
            throw memory.faults.apply("backlogBytes", fault);
        }
    }

    /**
     * How many claims were skipped because their producers had died, since the ring was made.
     *
     * @return claims
     * @throws Closed if this end is closed
     */
    public long lostClaims() {
        if (closed) {
            throw waiting.closedException();
        }
        try {
            return memory.word(RingLayout.LOST);
        } catch (InternalError fault) {
            throw memory.faults.apply("lostClaims", fault);
        }
    }

    /**
     * The size of the ring.
     *
     * @return bytes of records
     */
    public long capacityBytes() {
        return memory.capacity;
    }

    /**
     * The longest message that can come.
     *
     * @return bytes
     */
    public int maxMessageBytes() {
        return memory.longest;
    }

    /**
     * Lets go: a call that waits throws {@link Closed}. What was not taken is for the next
     * consumer.
     */
    @Override
    public void close() {
        try {
            if (waiting.close()) {
                closed = true;
                detach.run();
            }
        } catch (InternalError fault) {
            memory.faults.apply("close", fault); // throws what is no cut
        }
    }

    /**
     * Gives back the room of claims that nobody will publish. Without that, producers that give up
     * one after another would wait for room while this end waits for a message.
     */
    private void makeRoom() {
        if (drainer.skipGap() | drainer.giveBack()) {
            waiting.wakeOther();
        }
    }

    private boolean awaitNanos(long timeoutNanos) throws InterruptedException {
        if (closed) {
            throw waiting.closedException();
        }
        try {
            return !drainer.isEmpty() || waiting.await(timeoutNanos);
        } catch (InternalError fault) {
            throw memory.faults.apply("await", fault);
        }
    }
}
