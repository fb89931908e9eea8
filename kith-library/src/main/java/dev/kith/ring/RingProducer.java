// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.PeerDied;
import dev.kith.codec.Codec;
import dev.kith.memory.Presence;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The end of a ring that sends.
 *
 * <pre>{@code
 * try (var ring = SpscRing.create("ticks", 1 << 20);
 *         var out = ring.producer()) {
 *     try (Claim claim = out.claim(64)) {
 *         claim.segment().set(ValueLayout.JAVA_LONG, 0, price);
 *         claim.publish();
 *     }
 * }
 * }</pre>
 *
 * <p>For one thread at a time; {@link #close()} may be called by any. Of an {@link MpscRing} every
 * thread opens an end of its own; of an {@link SpscRing} there is one in all processes.
 *
 * <p>A message is at most {@link #maxMessageBytes()} long, a quarter of the ring; a longer one is
 * refused, not cut. Sending allocates nothing. Of a {@link Broadcast} every thread opens an end of
 * its own, as of an {@link MpscRing}; nobody dies on whom it would wait, so it never throws {@link
 * PeerDied}. A ring that is full makes the sender wait, or says so; if it is full and its consumer
 * has died, {@link PeerDied} is thrown: messages that are in the ring are for the successor, and
 * there will be room when it reads.
 */
public final class RingProducer implements AutoCloseable {
    private final RingMemory memory;
    private final Claimer claimer;
    private final Claim claim;
    private final Waiting waiting;
    private final Presence presence = new Presence();
    private final End end;
    private final int longest;

    /** Where values are encoded whose room cannot be claimed before their length is known. */
    private MemorySegment scratch = MemorySegment.NULL;

    /** Whether a codec may be writing into a claim. */
    private boolean encoding;

    /** What a call waits for room for. */
    private int wanted;

    RingProducer(RingMemory memory, Claimer claimer, Waiting waiting, Runnable detach) {
        this.memory = memory;
        this.claimer = claimer;
        this.waiting = waiting;
        waiting.until(() -> claimer.tryClaim(wanted), this::checkConsumer, this::giveBack);
        this.end = new End(memory, presence, waiting, () -> letGo(detach));
        this.longest = memory.longest;
        this.claim = new Claim(this, presence, memory.records);
    }

    /**
     * Claims room for a message, waiting for it.
     *
     * @param length of the message in bytes
     * @return the claim, open; always the same object
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted; nothing was claimed
     */
    public Claim claim(int length) throws InterruptedException {
        awaitRoom(length);
        return claim.grant(claimer.payload(), length);
    }

    /**
     * Claims room for a message, if there is some now.
     *
     * @param length of the message in bytes
     * @return the claim, {@linkplain Claim#isOpen() open} if there was room; always the same object
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     */
    public Claim tryClaim(int length) {
        return grantedNow(length) ? claim.grant(claimer.payload(), length) : claim;
    }

    /**
     * Claims room for a message, waiting for it for some time.
     *
     * @param length of the message in bytes
     * @param timeout how long to wait; zero or less does not wait
     * @return the claim, {@linkplain Claim#isOpen() open} if there was room in time; always the
     *     same object
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted; nothing was claimed
     */
    public Claim tryClaim(int length, Duration timeout) throws InterruptedException {
        if (granted(length) || await(length, Waiting.nanos(timeout))) {
            return claim.grant(claimer.payload(), length);
        }
        return claim;
    }

    /**
     * Sends a copy of some bytes, waiting for room.
     *
     * @param message the bytes
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     */
    public void put(MemorySegment message) throws InterruptedException {
        int length = length(message.byteSize());
        awaitRoom(length);
        write(message, length);
    }

    /**
     * Sends a copy of some bytes, if there is room now.
     *
     * @param message the bytes
     * @return false if there was none
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     */
    public boolean offer(MemorySegment message) {
        int length = length(message.byteSize());
        return grantedNow(length) && write(message, length);
    }

    /**
     * Sends a copy of some bytes, waiting for room for some time.
     *
     * @param message the bytes
     * @param timeout how long to wait; zero or less does not wait
     * @return false if there was none in time
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     */
    public boolean offer(MemorySegment message, Duration timeout) throws InterruptedException {
        int length = length(message.byteSize());
        return (granted(length) || await(length, Waiting.nanos(timeout))) && write(message, length);
    }

    /**
     * Sends a value, waiting for room.
     *
     * @param <T> the type of the value
     * @param value not null
     * @param codec writes it; see {@link #offer(Object, Codec, Duration)}
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     */
    public <T> void put(T value, Codec<T> codec) throws InterruptedException {
        while (!encode(value, codec, Waiting.FOREVER)) {
            // wakeup() is for who waits for some time
        }
    }

    /**
     * Sends a value, waiting for room for some time.
     *
     * <p>The codec writes straight into the ring if every value has the same length ({@link
     * Codec#fixedBytes()}), and on an {@link SpscRing}, where a claim can be made shorter at no
     * cost. On an {@link MpscRing} the length must be known when the room is claimed: a value of
     * any length is encoded into memory of this end first and copied.
     *
     * @param <T> the type of the value
     * @param value not null
     * @param codec writes it
     * @param timeout how long to wait; zero or less does not wait
     * @return false if there was no room in time
     * @throws IpcException if the message is longer than {@link #maxMessageBytes()}
     * @throws PeerDied if the ring is full and its consumer has died
     * @throws Closed if this end is closed
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     */
    public <T> boolean offer(T value, Codec<T> codec, Duration timeout)
            throws InterruptedException {
        return encode(value, codec, Waiting.nanos(timeout));
    }

    /**
     * Makes a call with a time-out, if another thread waits in one, return at once as if the time
     * had passed, or else the next that would wait.
     */
    public void wakeup() {
        waiting.wakeup();
    }

    /**
     * From now on messages may be kept back until {@link #flush()}, to be made visible together by
     * one store. On an {@link SpscRing} they are; on an {@link MpscRing} each is visible at once,
     * because one kept back would keep those of others back. When the ring is full, what is kept
     * back is published. If this process dies before, what it kept back is void.
     */
    public void hold() {
        claimer.hold(true);
    }

    /**
     * Publishes what was kept back since {@link #hold()}, and keeps nothing back any more.
     *
     * @throws Closed if this end is closed
     */
    public void flush() {
        boolean claimed = presence.isInside();
        if (!claimed) {
            enter();
        }
        try {
            claimer.hold(false);
            spill();
        } finally {
            if (!claimed) {
                presence.leave();
            }
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
     * The longest message: a quarter of the ring less 8 bytes. The option {@code ?capacity=}, or
     * the capacity at the creation, makes it larger.
     *
     * @return bytes
     */
    public int maxMessageBytes() {
        return longest;
    }

    /**
     * Lets go: an open claim is given back, what was kept back is published, a call that waits
     * throws {@link Closed}. The ring and its messages stay. If another thread is in the middle of
     * a call, or has a claim open, this waits until that is over: what it writes would be another's
     * otherwise. A thread that ends must not leave a claim open; try-with-resources sees to that.
     * Called by a codec, it returns at once, and the end is given back when the call returns in
     * which the codec writes.
     */
    @Override
    public void close() {
        try {
            if (presence.isMine() && !encoding) {
                claim.close(); // or nobody would
            }
        } finally {
            end.close();
        }
    }

    void publish(int length) {
        try {
            if (claimer.publish(length)) {
                waiting.wakeOther(); // a look at a word that is its own unless somebody sleeps
            }
        } catch (InternalError fault) {
            throw memory.faults.apply("publish", fault);
        } finally {
            presence.leave();
        }
    }

    void abandon() {
        try {
            giveBack();
        } catch (InternalError fault) {
            throw memory.faults.apply("close", fault);
        } finally {
            presence.leave();
        }
    }

    /** Nobody is in a call any more. */
    private void letGo(Runnable detach) {
        try {
            spill();
        } finally {
            detach.run();
        }
    }

    private void giveBack() {
        claimer.abandon();
        waiting.wakeOther();
    }

    /** Whether there is room now; from then on until it is published a call is under way. */
    private boolean granted(int length) {
        checkNotClaimed();
        if (length > longest) {
            throw memory.tooLarge(length, waiting);
        }
        if (length < 0) {
            throw new IllegalArgumentException("length=" + length + ", least=0");
        }
        enter();
        boolean granted = false;
        try {
            granted = claimer.tryClaim(length);
        } catch (InternalError fault) {
            throw memory.faults.apply("claim", fault);
        } finally {
            if (!granted) {
                presence.leave();
            }
        }
        return granted;
    }

    private void awaitRoom(int length) throws InterruptedException {
        boolean granted = granted(length);
        while (!granted) {
            granted = await(length, Waiting.FOREVER);
        }
    }

    private boolean grantedNow(int length) {
        if (granted(length)) {
            return true;
        }
        enter();
        try {
            waiting.checkNow();
        } finally {
            presence.leave();
        }
        return false;
    }

    private void enter() {
        if (!presence.enter()) {
            throw waiting.closedException();
        }
    }

    private boolean await(int length, long timeoutNanos) throws InterruptedException {
        enter();
        boolean granted = false;
        try {
            spill();
            wanted = length;
            granted = waiting.await(timeoutNanos);
        } catch (InternalError fault) {
            throw memory.faults.apply("claim", fault);
        } finally {
            if (!granted) {
                presence.leave();
            }
        }
        return granted;
    }

    private void spill() {
        if (claimer.flush()) {
            waiting.wakeOther();
        }
    }

    private void checkConsumer() {
        spill();
        claimer.sweep();
        memory.died(RingLayout.CONSUMER)
                .ifPresent(peer -> {
                    throw new PeerDied(
                            waiting
                                    + " is full and its consumer, "
                                    + peer
                                    + ", has died; open another consumer, which gets what it left",
                            "",
                            0,
                            Optional.of(peer));
                });
    }

    /** Into the room that was granted. */
    private boolean write(MemorySegment message, int length) {
        try {
            memory.data.copyFrom(message, claimer.payload(), length);
        } catch (InternalError fault) {
            abandon();
            throw memory.faults.apply("write", fault);
        } catch (RuntimeException | Error failed) {
            abandon();
            throw failed;
        }
        publish(length);
        return true;
    }

    private <T> boolean encode(T value, Codec<T> codec, long timeoutNanos)
            throws InterruptedException {
        Objects.requireNonNull(value, "value");
        boolean another = encoding;
        encoding = true;
        try {
            return encodeInside(value, codec, timeoutNanos);
        } finally {
            encoding = another;
            end.left();
        }
    }

    private <T> boolean encodeInside(T value, Codec<T> codec, long timeoutNanos)
            throws InterruptedException {
        long needed = codec.fixedBytes();
        if (needed < 0) {
            int room = room();
            if (room >= 0 && granted(room)) {
                needed = encodeInPlace(value, codec, room);
                if (needed < 0) {
                    return true;
                }
            } else {
                needed = codec.encode(value, scratch);
                if (needed > scratch.byteSize() && needed <= longest) {
                    scratch = Arena.ofAuto().allocate(Math.max(256, needed * 2), 8);
                    needed = codec.encode(value, scratch);
                }
                int length = length(needed);
                return (granted(length) || await(length, timeoutNanos)) && write(scratch, length);
            }
        }
        int length = length(needed);
        if (!granted(length) && !await(length, timeoutNanos)) {
            return false;
        }
        long again = encodeInPlace(value, codec, length);
        if (again >= 0) {
            throw new IpcException(
                    codec + " wrote " + again + " bytes for a value that had taken " + length);
        }
        return true;
    }

    /** How long a message may be that finds room now and may be cut at no cost; -1 if none. */
    private int room() {
        checkNotClaimed();
        enter();
        try {
            return claimer.room();
        } catch (InternalError fault) {
            throw memory.faults.apply("claim", fault);
        } finally {
            presence.leave();
        }
    }

    private void checkNotClaimed() {
        if (presence.isInside()) {
            throw waiting.isClosed()
                    ? waiting.closedException()
                    : new IllegalStateException(
                            "a claim of this end is open: publish or close it before the next");
        }
    }

    /** Encodes into a claim and publishes it: -1, or how many bytes it would have taken. */
    private <T> long encodeInPlace(T value, Codec<T> codec, int room) {
        try (Claim into = claim.grant(claimer.payload(), room)) {
            long length = codec.encode(value, into.ring(), into.offset(), room);
            if (length > room) {
                return length;
            }
            into.publish((int) length);
            return -1;
        } catch (InternalError fault) {
            throw memory.faults.apply("write", fault);
        }
    }

    private int length(long bytes) {
        if (bytes > longest) {
            throw memory.tooLarge(bytes, waiting);
        }
        return (int) bytes;
    }
}
