// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;

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
 * <p>Its handler closes it at the most, and calls nothing else of it; {@link #lost()} and {@link
 * #taken()} may be called by any thread, at any time. With {@link Policy#BLOCK} a message is read
 * in place, and the producers leave it alone until the handler returns; with the others the handler
 * gets a copy, whole whatever the producers do meanwhile. For each subscriber, at any time, {@code
 * taken() + lost() + lagMessages()} is the number of messages published since it joined.
 */
public final class Subscriber extends RingReceiver {
    private final BroadcastReader reader;

    Subscriber(BroadcastMemory memory, BroadcastReader reader, Waiting waiting, Runnable detach) {
        super(memory.ring, waiting, detach);
        this.reader = reader;
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
        return ask("lagMessages", reader::lagMessages);
    }

    /**
     * How far behind the producers it is.
     *
     * @return bytes of the broadcast that are claimed or published and that it has not read; the
     *     capacity at the most
     * @throws Closed if this end is closed
     */
    public long lagBytes() {
        return ask("lagBytes", reader::lagBytes);
    }

    @Override
    int take(RingHandler handler, int limit) {
        return reader.drain(handler, limit);
    }

    @Override
    boolean isNothing() {
        return reader.isEmpty();
    }

    @Override
    boolean isSomething() {
        return reader.isReady();
    }

    /** What is void was passed, or is now: that is room for who waits for it. */
    @Override
    void makeRoom() {
        reader.skipLeft();
        wakeProducers();
    }
}
