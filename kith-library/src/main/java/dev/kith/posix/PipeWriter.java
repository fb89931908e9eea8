// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;

import dev.kith.HasFd;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.SegmentOutput;
import dev.kith.kernel.Fcntl;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The writing end of a {@link Pipe} or a {@link Fifo}.
 *
 * <p>Any number of threads, and of processes that hold a copy, may write. What is written in one
 * call of at most {@link #ATOMIC_BYTES} arrives in one piece; a longer write may be mixed with
 * those of others.
 */
public final class PipeWriter implements HasFd, Serializable, AutoCloseable {
    /**
     * The most bytes that one write puts into a pipe in one piece, whatever others write: PIPE_BUF,
     * pipe(7).
     */
    public static final int ATOMIC_BYTES = 4096;

    private static final long serialVersionUID = 1L;

    final transient PipeEnd end;

    private transient volatile boolean kept;

    PipeWriter(int fd, String what) {
        this.end = new PipeEnd(fd, what, Fcntl.O_WRONLY);
    }

    /**
     * Writes; waits until there is room.
     *
     * @param buffer native memory
     * @return how many bytes were written: all of them, unless the wait was cut short by a signal
     * @throws InterruptedException if the thread was interrupted before anything was written
     * @throws dev.kith.PeerDied if nobody has the reading end open any more
     */
    public int write(MemorySegment buffer) throws InterruptedException {
        return checked(end.descriptor.write(buffer, limit(buffer), Deadline.FOREVER), buffer);
    }

    /**
     * Writes as much as there is room for, waiting a limited time for any.
     *
     * @param buffer native memory
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were written; empty if there was no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was written
     * @throws dev.kith.PeerDied if nobody has the reading end open any more
     */
    public OptionalInt tryWrite(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        long put = end.descriptor.write(buffer, limit(buffer), Deadline.nanos(timeout));
        return put == -EAGAIN ? OptionalInt.empty() : OptionalInt.of(checked(put, buffer));
    }

    /**
     * Moves what another descriptor has into the pipe, within the kernel; waits until it has
     * something, and the pipe has room. Closing this end ends the call, and so does closing the
     * other one if it is a {@link PipeReader}; of anything else the call has a copy.
     *
     * @param from a pipe, a socket, or a file, where its position is
     * @param count how many bytes at most, at least 1
     * @return how many bytes were moved; 0 at the end of the file or stream
     * @throws InterruptedException if the thread was interrupted before anything was moved
     * @throws dev.kith.PeerDied if nobody reads this pipe any more
     * @throws dev.kith.IpcException if bytes cannot be moved from there (EINVAL): this pipe itself,
     *     a queue
     * @see <a href="https://man7.org/linux/man-pages/man2/splice.2.html">splice(2)</a>
     */
    public long spliceFrom(HasFd from, long count) throws InterruptedException {
        return Splice.from(end, from, count, Deadline.FOREVER).orElseThrow();
    }

    /**
     * Moves what another descriptor has into the pipe, waiting a limited time; as {@link
     * #spliceFrom(HasFd, long)} otherwise.
     *
     * @param from a pipe, a socket, or a file
     * @param count how many bytes at most, at least 1
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were moved, 0 at the end of the file or stream; empty if none in time
     * @throws InterruptedException if the thread was interrupted before anything was moved
     */
    public OptionalLong trySpliceFrom(HasFd from, long count, Duration timeout)
            throws InterruptedException {
        return Splice.from(end, from, count, Deadline.nanos(timeout));
    }

    /**
     * The end as a stream, for code that knows no segments. Closing the stream closes the end; an
     * interrupt is reported as {@link java.io.InterruptedIOException}.
     *
     * @return a stream on this end, unbuffered
     */
    public OutputStream outputStream() {
        return new SegmentOutput(this::write, this::close, this);
    }

    /**
     * How many bytes the pipe holds before a writer has to wait.
     *
     * @return bytes, 65536 unless changed
     */
    public int capacityBytes() {
        return end.capacityBytes();
    }

    /**
     * Changes how many bytes the pipe holds.
     *
     * @param bytes rounded up by the kernel to a power of two of pages
     * @return what it holds now
     */
    public int capacityBytes(int bytes) {
        return end.capacityBytes(bytes);
    }

    /**
     * Makes every write of at most {@link #ATOMIC_BYTES} a packet, which one read gives as a whole:
     * so several processes may read messages from the same pipe. O_DIRECT, pipe(7).
     *
     * @return this
     */
    public PipeWriter packets() {
        Errors.check(
                end.descriptor.statusFlags(Fcntl.O_DIRECT),
                "fcntl(" + end.what + ", F_SETFL, O_DIRECT)",
                "");
        return this;
    }

    /**
     * Keeps this process's copy open when the end is handed over to a child.
     *
     * @return this
     */
    public PipeWriter keep() {
        kept = true;
        return this;
    }

    @Override
    public int fd() {
        return end.descriptor.openFd();
    }

    @Override
    public int duplicateFd() {
        return end.descriptor.duplicate();
    }

    /**
     * Closes this process's copy of the end; the reader sees the end of the stream when it was the
     * last.
     */
    @Override
    public void close() {
        end.descriptor.close();
    }

    @Override
    public String toString() {
        return end.what;
    }

    private static long limit(MemorySegment buffer) {
        return Math.min(buffer.byteSize(), Integer.MAX_VALUE);
    }

    private int checked(long put, MemorySegment buffer) {
        if (put < 0) {
            throw Errors.of(
                    "write(" + end.what + ", " + buffer.byteSize() + ")",
                    put,
                    "nobody reads it any more");
        }
        return (int) put;
    }

    private Object writeReplace() throws NotSerializableException {
        return end.travel(this, false, kept);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an end of a pipe travels as a descriptor");
    }
}
