// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.Closed;
import dev.kith.IpcException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A {@link UnixSocket} as a channel of {@link java.nio.channels}, for code that is written for a
 * {@link java.nio.channels.SocketChannel} in blocking mode.
 *
 * <p>A read gives what is there and -1 at the end; a write writes everything. An interrupt closes
 * the socket ({@link ClosedByInterruptException}), a close ends the calls of other threads ({@link
 * AsynchronousCloseException}). Direct buffers are read and written in place. One thread reads and
 * one writes at a time, others wait for it. On a seqpacket socket every call is one packet, those
 * with several buffers too.
 */
public final class UnixChannel
        implements ByteChannel, GatheringByteChannel, ScatteringByteChannel, InterruptibleChannel {
    /** How much of a stream goes through one copy. */
    private static final int COPY_BYTES = 64 * 1024;

    private final UnixSocket socket;
    private final boolean packets;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private MemorySegment readCopy = MemorySegment.NULL;
    private MemorySegment writeCopy = MemorySegment.NULL;

    UnixChannel(UnixSocket socket) {
        this.socket = socket;
        this.packets = socket.type() == SocketType.SEQPACKET;
    }

    /**
     * The socket that it stands on.
     *
     * @return the same one, as open as the channel
     */
    public UnixSocket socket() {
        return socket;
    }

    /**
     * Reads what is there; waits until there is something.
     *
     * @param target filled from its position on
     * @return how many bytes were read; -1 at the end
     * @throws IOException if it was closed, the thread was interrupted, or the other side died
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        return (int) read(new ByteBuffer[] {target}, 0, 1);
    }

    /**
     * Reads what is there into several buffers.
     *
     * @param targets filled one after the other
     * @return how many bytes were read; -1 at the end
     * @throws IOException if it was closed, the thread was interrupted, or the other side died
     */
    @Override
    public long read(ByteBuffer[] targets) throws IOException {
        return read(targets, 0, targets.length);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, targets.length);
        checkOpen();
        for (int i = offset; i < offset + count; i++) {
            if (targets[i].isReadOnly()) {
                // The kernel would write into it all the same.
                throw new IllegalArgumentException(
                        "read into a read-only buffer: targets[" + i + "]=" + targets[i]);
            }
        }
        long room = remaining(targets, offset, count);
        if (room == 0) {
            return 0;
        }
        return locked(
                reading,
                () -> {
                    if (count == 1 && targets[offset].isDirect()) {
                        ByteBuffer only = targets[offset];
                        int got = socket.read(MemorySegment.ofBuffer(only));
                        only.position(only.position() + got);
                        return got == 0 ? -1 : got;
                    }
                    readCopy = sized(readCopy, room);
                    int got = socket.read(readCopy.asSlice(0, copied(room)));
                    scatter(readCopy.asSlice(0, got).asByteBuffer(), targets, offset);
                    return got == 0 ? -1 : got;
                });
    }

    /**
     * Writes everything; waits while there is no room.
     *
     * @param source written from its position on
     * @return how many bytes were written: all that remained
     * @throws IOException if it was closed, the thread was interrupted, or the other side died
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    /**
     * Writes everything of several buffers.
     *
     * @param sources written one after the other
     * @return how many bytes were written: all that remained
     * @throws IOException if it was closed, the thread was interrupted, or the other side died
     */
    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, sources.length);
        checkOpen();
        long length = remaining(sources, offset, count);
        return locked(
                writing,
                () -> {
                    for (long done = 0; done < length || length == 0 && packets; ) {
                        done += writeSome(sources, offset, count, length - done);
                        if (length == 0) {
                            break;
                        }
                    }
                    return length;
                });
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    /** Closes the socket. */
    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return "channel on " + socket;
    }

    private long writeSome(ByteBuffer[] sources, int offset, int count, long length)
            throws InterruptedException {
        if (count == 1 && sources[offset].isDirect()) {
            ByteBuffer only = sources[offset];
            int put = socket.write(MemorySegment.ofBuffer(only));
            only.position(only.position() + put);
            return put;
        }
        writeCopy = sized(writeCopy, length);
        MemorySegment copy = writeCopy.asSlice(0, copied(length));
        ByteBuffer target = copy.asByteBuffer();
        for (int i = offset; i < offset + count && target.hasRemaining(); i++) {
            ByteBuffer source = sources[i].duplicate();
            source.limit(source.position() + Math.min(source.remaining(), target.remaining()));
            target.put(source);
        }
        int put = socket.write(copy);
        long left = put;
        for (int i = offset; left > 0; i++) {
            int some = (int) Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + some);
            left -= some;
        }
        return put;
    }

    private static void scatter(ByteBuffer from, ByteBuffer[] targets, int offset) {
        for (int i = offset; from.hasRemaining(); i++) {
            int some = Math.min(from.remaining(), targets[i].remaining());
            ByteBuffer part = from.duplicate();
            targets[i].put(part.limit(part.position() + some));
            from.position(from.position() + some);
        }
    }

    private static long remaining(ByteBuffer[] buffers, int offset, int count) {
        long sum = 0;
        for (int i = offset; i < offset + count; i++) {
            sum += buffers[i].remaining();
        }
        return sum;
    }

    /** How much of it goes through one copy: all of a packet. */
    private int copied(long bytes) {
        return (int) Math.min(bytes, packets ? Integer.MAX_VALUE : COPY_BYTES);
    }

    private MemorySegment sized(MemorySegment copy, long bytes) {
        int needed = copied(bytes);
        return copy.byteSize() >= needed && copy.address() != 0
                ? copy
                : Arena.ofAuto().allocate(Math.max(needed, 1024));
    }

    private interface Call {
        long make() throws InterruptedException;
    }

    private long locked(ReentrantLock lock, Call call) throws IOException {
        try {
            lock.lockInterruptibly();
            try {
                return call.make();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (Closed closed) {
            throw new AsynchronousCloseException();
        } catch (IpcException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }
}
