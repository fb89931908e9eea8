// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;

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
 * <p>What a producer claimed and did not publish before it died is skipped and counted ({@link
 * #lostClaims()}). Who opens this end next begins with what this has not taken.
 */
public final class RingConsumer extends RingReceiver {
    private final RingMemory memory;
    private final Drainer drainer;

    RingConsumer(RingMemory memory, Drainer drainer, Waiting waiting, Runnable detach) {
        super(memory, waiting, detach);
        this.memory = memory;
        this.drainer = drainer;
        drainer.whenReleased(this::released);
    }

    /**
     * How far behind the producers this end is.
     *
     * @return bytes that were published, or by an {@link MpscRing} claimed, and not yet taken
     * @throws Closed if this end is closed
     */
    public long backlogBytes() {
        return ask("backlogBytes", () -> drainer.backlogBytes());
    }

    /**
     * How many claims were skipped because their producers had died, since the ring was made.
     *
     * @return claims
     * @throws Closed if this end is closed
     */
    public long lostClaims() {
        return ask("lostClaims", () -> memory.word(RingLayout.LOST));
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

    @Override
    int take(RingHandler handler, int limit) {
        return drainer.drain(handler, limit);
    }

    @Override
    boolean isNothing() {
        return drainer.isEmpty();
    }

    @Override
    boolean isSomething() {
        return memory.isReady();
    }

    /**
     * Without that, producers that give up one after another would wait for room while this end
     * waits for a message.
     */
    @Override
    void makeRoom() {
        if (drainer.skipGap() | drainer.giveBack()) {
            wakeProducers();
        }
    }

    /** A drain of many slow messages may take long, and producers, or who closes, wait for it. */
    private boolean released() {
        wakeProducers();
        return !isClosed();
    }
}
