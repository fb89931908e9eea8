// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.memory.Presence;
import java.lang.foreign.MemorySegment;

/**
 * Room in a ring that a producer has claimed: write the message into it, then {@link #publish()}.
 * Closing it unpublished gives the room back.
 *
 * <pre>{@code
 * try (Claim claim = out.claim(16)) {
 *     claim.segment().set(ValueLayout.JAVA_LONG, 0, price);
 *     claim.segment().set(ValueLayout.JAVA_LONG, Long.BYTES, size);
 *     claim.publish();
 * }
 * }</pre>
 *
 * <p>A producer has one claim object, used again and again, and one claim open at a time. It is for
 * the thread that claimed. The bytes are not zeros at first: what is not written is what was there.
 */
public final class Claim implements AutoCloseable {
    private final RingProducer producer;
    private final MemorySegment ring;

    /** Inside is open: a producer is in no other call when its user looks. */
    private final Presence presence;

    private long offset;
    private int length;

    Claim(RingProducer producer, Presence presence, MemorySegment ring) {
        this.producer = producer;
        this.presence = presence;
        this.ring = ring;
    }

    /** Grants room: {@code length} bytes at {@code offset} of the ring. */
    Claim grant(long offset, int length) {
        this.offset = offset;
        this.length = length;
        return this;
    }

    /**
     * Whether there is room to write into: not after {@link #publish()} or {@link #close()}, and
     * not if a {@code tryClaim} found none.
     *
     * @return true until it is published or closed
     */
    public boolean isOpen() {
        return presence.isInside();
    }

    /**
     * The room, as a segment of its own. That is an object, which the compiler removes where the
     * segment is used at once; {@link #ring()} and {@link #offset()} never make one.
     *
     * @return exactly the claimed bytes, aligned to 8; not to be used after the publication
     * @throws IllegalStateException if it is not open
     */
    public MemorySegment segment() {
        checkOpen();
        return ring.asSlice(offset, length);
    }

    /**
     * The memory that has the room in it, at {@link #offset()}.
     *
     * @return the data of the ring; bytes outside of the claim belong to others
     */
    public MemorySegment ring() {
        return ring;
    }

    /**
     * Where the room begins in {@link #ring()}.
     *
     * @return an offset, a multiple of 8
     * @throws IllegalStateException if it is not open
     */
    public long offset() {
        checkOpen();
        return offset;
    }

    /**
     * How much was claimed.
     *
     * @return bytes
     * @throws IllegalStateException if it is not open
     */
    public int length() {
        checkOpen();
        return length;
    }

    /**
     * Hands the message to the consumer. Everything written before is visible to it.
     *
     * @throws IllegalStateException if it is not open
     */
    public void publish() {
        publish(length);
    }

    /**
     * Hands the beginning of the claim to the consumer, and gives the rest back.
     *
     * @param length how long the message came out, at most what was claimed
     * @throws IllegalStateException if it is not open
     * @throws IllegalArgumentException if that is more than was claimed
     */
    public void publish(int length) {
        checkOpen();
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException(
                    "publish: length=" + length + ", claimed=" + this.length);
        }
        producer.publish(length);
    }

    /** Gives the room back, if it was not published. */
    @Override
    public void close() {
        if (isOpen()) {
            producer.abandon();
        }
    }

    private void checkOpen() {
        if (!isOpen()) {
            throw new IllegalStateException(
                    "the claim is not open: there was no room, or it was published or closed");
        }
    }
}
