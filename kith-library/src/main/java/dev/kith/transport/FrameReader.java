// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.Handover;
import dev.kith.channel.Link;
import dev.kith.codec.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes messages out of a stream of bytes. It reads ahead into a buffer that grows with what
 * arrives, never with what a length promises.
 */
final class FrameReader {
    private static final long FIRST_BYTES = 64 * 1024;
    private static final long KEEP_BYTES = 1024 * 1024;

    private final ByteStream stream;
    private final Framing framing;
    private final long limit;
    private final boolean packets;
    private final boolean ahead;
    private final String where;
    private final ReentrantLock lock = new ReentrantLock();

    private MemorySegment buffer = Arena.ofAuto().allocate(FIRST_BYTES);
    private long from;
    private long to;
    private long searched;
    private volatile boolean ended;
    private boolean broken;

    /** What only a look at the stream has met so far; the next receive throws it. */
    private Broken unseen;

    /**
     * A reader of a stream.
     *
     * @param packets whether one read gives exactly one frame, so that other processes may read too
     * @param ahead whether to read as much as there is, which saves calls; what is not received
     *     then is lost to others
     */
    FrameReader(
            ByteStream stream,
            Framing framing,
            long limit,
            boolean packets,
            boolean ahead,
            String where) {
        this.stream = stream;
        this.framing = framing;
        this.limit = limit;
        this.packets = packets;
        this.ahead = ahead && !packets;
        this.where = where;
    }

    /** Takes one message, or returns null if none came in time. */
    <T> Received<T> receive(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        boolean timed = timeoutNanos != Link.FOREVER && timeoutNanos != 0;
        long start = timed ? System.nanoTime() : 0;
        if (!lock(timeoutNanos)) {
            return null;
        }
        try {
            throwUnseen();
            for (; ; ) {
                long length = nextFrame();
                if (length != Framing.MORE) {
                    return decode(codec, length);
                }
                long left = timeoutNanos;
                if (timed) {
                    left = Math.max(0, timeoutNanos - (System.nanoTime() - start));
                }
                if (!fill(left)) {
                    return null;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether a receive would not wait: a whole message is there, or an end, or an error. */
    boolean isReady() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (packets && !broken && !ended && from == to) {
                // What was read would be lost to the others.
                return stream.isReady();
            }
            while (nextFrame() == Framing.MORE) {
                if (!fill(0)) {
                    return false;
                }
            }
            return true;
        } catch (Broken impossible) {
            unseen = impossible;
            return true;
        } catch (RuntimeException thrownByTheNextReceiveToo) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** What was read and not received yet. */
    long bufferedBytes() {
        lock.lock();
        try {
            return to - from;
        } finally {
            lock.unlock();
        }
    }

    private boolean lock(long timeoutNanos) throws InterruptedException {
        if (lock.tryLock()) {
            return true;
        }
        if (timeoutNanos == Link.FOREVER) {
            lock.lockInterruptibly();
            return true;
        }
        return timeoutNanos > 0 && lock.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void throwUnseen() {
        Broken first = unseen;
        if (first != null) {
            unseen = null;
            throw first;
        }
    }

    private long nextFrame() {
        if (broken) {
            throw new Closed(where + ": closed after a broken message");
        }
        if (from == to) {
            return Framing.MORE;
        }
        try {
            long found = framing.find(buffer.asSlice(from, to - from), searched, limit, where);
            searched = found == Framing.MORE ? to - from : 0;
            return found;
        } catch (Broken impossible) {
            breakOff();
            throw impossible;
        }
    }

    private <T> Received<T> decode(Codec<T> codec, long frame) {
        MemorySegment whole = buffer.asSlice(from, frame);
        int before = framing.before(whole);
        long length = frame - before - framing.after;
        MemorySegment message = buffer.asSlice(from + before, length);
        // The frame is consumed even if the codec refuses what is in it: the next one is whole.
        from += frame;
        int fds = framing.fds(whole);
        T value = fds == 0 ? codec.decode(message) : decodeWithFds(codec, message, fds);
        if (from == to) {
            from = 0;
            to = 0;
            if (buffer.byteSize() > KEEP_BYTES) {
                buffer = Arena.ofAuto().allocate(FIRST_BYTES);
            }
        }
        return new Received<>(value, length);
    }

    private <T> T decodeWithFds(Codec<T> codec, MemorySegment message, int count) {
        Handover handover;
        try {
            handover = stream.arrived(count);
        } catch (Broken tooFew) {
            breakOff();
            throw new Broken(where + ": a message without its descriptors: " + tooFew.getMessage());
        }
        try {
            return handover.during(() -> codec.decode(message));
        } catch (RuntimeException | Error refused) {
            handover.discard(refused);
            throw refused;
        } finally {
            stream.discard(handover.descriptors());
        }
    }

    /** Reads once; false if nothing came in time. */
    private boolean fill(long timeoutNanos) throws InterruptedException {
        if (ended) {
            throw new Closed(where + ": the stream has ended");
        }
        makeRoom();
        MemorySegment room = ahead ? buffer.asSlice(to) : buffer.asSlice(to, wanted());
        int got;
        try {
            got = stream.read(room, timeoutNanos);
        } catch (Broken descriptorsLost) {
            // The bytes that came with them are lost too: what follows is the middle of a message.
            breakOff();
            throw descriptorsLost;
        }
        if (got == ByteStream.NOT_IN_TIME) {
            return false;
        }
        if (got > 0) {
            to += got;
            return true;
        }
        if (from == to) {
            ended = true;
            throw new Closed(where + ": the stream has ended");
        }
        return endWithin();
    }

    /** How many bytes may be read so that what follows the message stays for others. */
    private long wanted() {
        long room = buffer.byteSize() - to;
        if (packets || framing == Framing.RAW) {
            return room;
        }
        return Math.min(room, framing.missing(buffer.asSlice(from, to - from)));
    }

    /** The stream ended and a part of a frame is there. */
    private boolean endWithin() {
        MemorySegment rest = buffer.asSlice(from, to - from);
        if (framing == Framing.LINES) {
            // The last line of a text need not have a newline.
            makeRoom();
            buffer.set(ValueLayout.JAVA_BYTE, to++, (byte) '\n');
            return true;
        }
        long expected = framing.expected(rest);
        breakOff();
        throw new Broken(
                where
                        + ": a message cut in the middle: got="
                        + rest.byteSize()
                        + ", expected="
                        + expected
                        + " bytes; the other side ended while it was sending");
    }

    private void makeRoom() {
        if (from > 0 && (from == to || to == buffer.byteSize())) {
            MemorySegment.copy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.byteSize()) {
            MemorySegment larger = Arena.ofAuto().allocate(buffer.byteSize() * 2);
            MemorySegment.copy(buffer, 0, larger, 0, to);
            buffer = larger;
        }
    }

    private void breakOff() {
        broken = true;
        ended = true;
        stream.close();
    }
}
