// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Handover;
import dev.kith.IpcException;
import dev.kith.channel.Link;
import dev.kith.codec.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Puts messages into a stream of bytes, each in one piece.
 *
 * <p>A message of which a part has gone cannot be taken back. If the time passes or the thread is
 * interrupted then, a thread of its own sends the rest, and those who send after it wait for that.
 */
final class FrameWriter {
    private static final long FIRST_BYTES = 8 * 1024;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final long KEEP_BYTES = 1024 * 1024;

    private final ByteStream stream;
    private final Framing framing;
    private final long limit;
    private final String limitReason;
    private final String where;

    /** Held while a message is being sent; not a lock, because another thread may finish it. */
    private final Turn turn = new Turn();

    private MemorySegment buffer = Arena.ofAuto().allocate(FIRST_BYTES);

    /** The handles in the message that stands in the buffer, or null. */
    private Handover handover;

    private volatile RuntimeException failed;
    private volatile Thread finisher;

    FrameWriter(ByteStream stream, Framing framing, long limit, String limitReason, String where) {
        this.stream = stream;
        this.framing = framing;
        this.limit = limit;
        this.limitReason = limitReason;
        this.where = where;
    }

    <T> boolean send(T value, Codec<T> codec, long timeoutNanos) throws InterruptedException {
        long start = timeoutNanos == Link.FOREVER || timeoutNanos == 0 ? 0 : System.nanoTime();
        if (!await(timeoutNanos)) {
            return false;
        }
        boolean mine = true;
        try {
            if (failed != null) {
                throw failed;
            }
            long frame = encode(value, codec);
            long left = timeoutNanos;
            if (start != 0) {
                left = Math.max(0, timeoutNanos - (System.nanoTime() - start));
            }
            int put =
                    handover == null
                            ? stream.write(buffer.asSlice(0, frame), left)
                            : stream.write(buffer.asSlice(0, frame), handover.handles(), left);
            if (put == ByteStream.NOT_IN_TIME) {
                return false;
            }
            if (handover != null) {
                handover.delivered();
            }
            if (put < frame) {
                mine =
                        writeRest(
                                put,
                                frame,
                                start == 0 ? timeoutNanos : start + timeoutNanos,
                                start != 0);
            }
            return true;
        } finally {
            if (mine) {
                done();
            }
        }
    }

    /** Ends the stream after what was sent. */
    void end() throws InterruptedException {
        turn.acquire();
        try {
            stream.endOutput();
        } finally {
            turn.release();
        }
    }

    /** Waits until what was accepted has gone. */
    void flush() throws InterruptedException {
        turn.acquire();
        turn.release();
        if (failed != null) {
            throw failed;
        }
    }

    /**
     * Before a close: waits a little for the thread that sends the rest of a message, if one does.
     */
    void awaitRest() {
        Thread thread = finisher;
        if (thread != null) {
            try {
                thread.join(CLOSE_PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean await(long timeoutNanos) throws InterruptedException {
        if (turn.tryAcquire()) {
            return true;
        }
        if (timeoutNanos == Link.FOREVER) {
            turn.acquire();
            return true;
        }
        return timeoutNanos > 0 && turn.tryAcquire(timeoutNanos);
    }

    private <T> long encode(T value, Codec<T> codec) {
        handover = null;
        try {
            return encode(value, codec, framing.before);
        } catch (RuntimeException refused) {
            if (!stream.passesFds() || !Handover.isMissing(refused)) {
                throw refused;
            }
        }
        // There is a handle in it: once more, with a table for descriptors.
        handover = Handover.forWriting();
        return encode(value, codec, Framing.BEFORE_WITH_FDS);
    }

    private <T> long encode(T value, Codec<T> codec, int before) {
        int around = before + framing.after;
        for (; ; ) {
            long room = buffer.byteSize() - around;
            MemorySegment into = buffer.asSlice(before, room);
            long length =
                    handover == null
                            ? codec.encode(value, into)
                            : handover.during(() -> codec.encode(value, into));
            if (length > limit) {
                throw new IpcException(
                        where
                                + ": message too large: length="
                                + length
                                + ", limit="
                                + limit
                                + limitReason);
            }
            if (length <= room) {
                complete(length);
                return length + around;
            }
            buffer = Arena.ofAuto().allocate(Math.max(length + around, buffer.byteSize() * 2));
            handover = handover == null ? null : Handover.forWriting();
        }
    }

    private void complete(long length) {
        if (handover == null) {
            framing.write(buffer, length, where);
        } else {
            framing.write(buffer, length, handover.handles().size(), where);
        }
    }

    /** Sends the rest of a message; false if another thread does it, which then ends the turn. */
    private boolean writeRest(long sent, long frame, long timeoutOrDeadline, boolean deadline) {
        long at = sent;
        try {
            while (at < frame) {
                long left =
                        deadline
                                ? Math.max(0, timeoutOrDeadline - System.nanoTime())
                                : timeoutOrDeadline;
                int put = stream.write(buffer.asSlice(at, frame - at), left);
                if (put == ByteStream.NOT_IN_TIME) {
                    return finishLater(at, frame);
                }
                at += put;
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return finishLater(at, frame);
        }
    }

    private boolean finishLater(long from, long frame) {
        finisher =
                Thread.ofPlatform()
                        .daemon()
                        .name("kith-send-rest")
                        .unstarted(() -> finish(from, frame));
        finisher.start();
        return false;
    }

    private void finish(long from, long frame) {
        try {
            long at = from;
            while (at < frame) {
                at += stream.write(buffer.asSlice(at, frame - at), Link.FOREVER);
            }
        } catch (InterruptedException | RuntimeException e) {
            failed =
                    e instanceof RuntimeException unchecked
                            ? unchecked
                            : new IpcException(where, e);
        } finally {
            finisher = null;
            done();
        }
    }

    private void done() {
        if (buffer.byteSize() > KEEP_BYTES) {
            buffer = Arena.ofAuto().allocate(FIRST_BYTES);
        }
        turn.release();
    }
}
