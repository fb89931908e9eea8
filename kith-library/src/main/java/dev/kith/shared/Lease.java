// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Closed;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An item that was taken from a {@link SharedQueue} and not yet done with.
 *
 * <pre>{@code
 * try (Lease<Job> lease = jobs.lease()) {
 *     lease.value().run();
 *     lease.acknowledge();
 * }
 * }</pre>
 *
 * <p>Until it is acknowledged the item keeps its room in the queue, and nobody else gets it. If it
 * is released instead, or its process ends, or closes its handle of the queue, the item is
 * delivered again, before all others. Any thread of the process may call any method.
 *
 * @param <E> the type of the item
 */
public final class Lease<E> implements AutoCloseable {
    private final QueueCore queue;
    private final E value;
    private final int cell;
    private final int lengthBytes;
    private final int deliveries;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    private enum State {
        OPEN,
        ACKNOWLEDGED,
        RELEASED
    }

    Lease(QueueCore queue, E value, Item item) {
        this.queue = queue;
        this.value = value;
        this.cell = item.cell;
        this.lengthBytes = item.length;
        this.deliveries = item.deliveries;
    }

    /**
     * The item.
     *
     * @return the value, never null
     */
    public E value() {
        return value;
    }

    /**
     * The length of the encoded item.
     *
     * @return bytes
     */
    public long lengthBytes() {
        return lengthBytes;
    }

    /**
     * How often the item was on lease before, and came back.
     *
     * @return 0 if this is the first time
     */
    public int redeliveries() {
        return deliveries;
    }

    /**
     * Says that the item is done with: nobody gets it again.
     *
     * @throws IllegalStateException if it was acknowledged or released before
     * @throws dev.kith.Closed if the handle of the queue is closed: it is delivered again
     */
    public void acknowledge() {
        end(State.ACKNOWLEDGED);
        if (!queue.taker().end(cell, true)) {
            throw new IllegalStateException("acknowledge: " + queue + " has no such lease");
        }
    }

    /**
     * Gives the item back: whoever takes next gets it.
     *
     * @throws IllegalStateException if it was acknowledged or released before
     * @throws dev.kith.Closed if the handle of the queue is closed: it has been given back by that
     */
    public void release() {
        end(State.RELEASED);
        if (!queue.taker().end(cell, false)) {
            throw new IllegalStateException("release: " + queue + " has no such lease");
        }
    }

    /** Gives the item back, unless it was acknowledged or released. */
    @Override
    public void close() {
        try {
            if (state.compareAndSet(State.OPEN, State.RELEASED)) {
                queue.taker().end(cell, false);
            }
        } catch (Closed closed) {
            // By that it was given back.
        }
    }

    @Override
    public String toString() {
        return "lease of " + queue + ": " + value;
    }

    private void end(State how) {
        if (!state.compareAndSet(State.OPEN, how)) {
            throw new IllegalStateException(
                    this + " is " + state.get().name().toLowerCase(Locale.ROOT));
        }
    }
}
