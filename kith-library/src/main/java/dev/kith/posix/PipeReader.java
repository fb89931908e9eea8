// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;

import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.SegmentInput;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Poll;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The reading end of a {@link Pipe} or a {@link Fifo}.
 *
 * <p>Any number of threads may read; each byte goes to one of them. Closing it in one thread ends
 * the reads of the others with {@link dev.kith.Closed}.
 */
public final class PipeReader implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    final transient PipeEnd end;

    private transient volatile boolean kept;

    PipeReader(int fd, String what) {
        this.end = new PipeEnd(fd, what, Fcntl.O_RDONLY);
    }

    /**
     * Reads what is there; waits until there is something.
     *
     * @param buffer native memory that is filled from its start
     * @return how many bytes were read; 0 at the end of the stream
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    public int read(MemorySegment buffer) throws InterruptedException {
        return checked(end.descriptor.read(buffer, limit(buffer), Deadline.FOREVER), buffer);
    }

    /**
     * Reads what is there, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were read, 0 at the end of the stream; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    public OptionalInt tryRead(MemorySegment buffer, Duration timeout) throws InterruptedException {
        long got = end.descriptor.read(buffer, limit(buffer), Deadline.nanos(timeout));
        return got == -EAGAIN ? OptionalInt.empty() : OptionalInt.of(checked(got, buffer));
    }

    /**
     * Waits until a read would not wait: for bytes, or the end of the stream. On a FIFO that no
     * writer has opened yet, it waits for the first one, where a read would report the end of the
     * stream.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void await() throws InterruptedException {
        end.descriptor.await(Poll.POLLIN, Deadline.FOREVER);
    }

    /**
     * Waits a limited time until a read would not wait, as {@link #await()}.
     *
     * @param timeout how long to wait at most
     * @return false if there was nothing in time
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return end.descriptor.await(Poll.POLLIN, Deadline.after(Deadline.nanos(timeout)));
    }

    /**
     * Moves what is in the pipe to another descriptor, within the kernel; waits until there is
     * something, and room on the other side. Closing this end ends the call, and so does closing
     * the other one if it is a {@link PipeWriter}; of anything else the call has a copy.
     *
     * @param to a pipe, a socket, or a file, where its position is
     * @param count how many bytes at most, at least 1
     * @return how many bytes were moved; 0 at the end of the stream
     * @throws InterruptedException if the thread was interrupted before anything was moved
     * @throws dev.kith.PeerDied if nobody reads on the other side any more
     * @throws dev.kith.IpcException if bytes cannot be moved there (EINVAL): to this pipe itself, a
     *     file that is opened to append, a queue
     * @see <a href="https://man7.org/linux/man-pages/man2/splice.2.html">splice(2)</a>
     */
    public long spliceTo(HasFd to, long count) throws InterruptedException {
        return Splice.to(end, to, count, Deadline.FOREVER).orElseThrow();
    }

    /**
     * Moves what is in the pipe to another descriptor, waiting a limited time; as {@link
     * #spliceTo(HasFd, long)} otherwise.
     *
     * @param to a pipe, a socket, or a file
     * @param count how many bytes at most, at least 1
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were moved, 0 at the end of the stream; empty if none in time
     * @throws InterruptedException if the thread was interrupted before anything was moved
     */
    public OptionalLong trySpliceTo(HasFd to, long count, Duration timeout)
            throws InterruptedException {
        return Splice.to(end, to, count, Deadline.nanos(timeout));
    }

    /**
     * Copies what is in the pipe to another pipe, within the kernel, and leaves it here to be read;
     * waits until there is something, and room in the other pipe.
     *
     * @param to an end of another pipe
     * @param count how many bytes at most, at least 1
     * @return how many bytes were copied, from the first that waits here; 0 at the end of the
     *     stream
     * @throws InterruptedException if the thread was interrupted; nothing was copied
     * @throws dev.kith.PeerDied if nobody reads the other pipe any more
     * @throws dev.kith.IpcException if it is the same pipe (EINVAL)
     * @see <a href="https://man7.org/linux/man-pages/man2/tee.2.html">tee(2)</a>
     */
    public long teeTo(PipeWriter to, long count) throws InterruptedException {
        return Splice.tee(end, to, count, Deadline.FOREVER).orElseThrow();
    }

    /**
     * Copies what is in the pipe to another pipe and leaves it here, waiting a limited time; as
     * {@link #teeTo(PipeWriter, long)} otherwise.
     *
     * @param to an end of another pipe
     * @param count how many bytes at most, at least 1
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were copied, 0 at the end of the stream; empty if none in time
     * @throws InterruptedException if the thread was interrupted; nothing was copied
     */
    public OptionalLong tryTeeTo(PipeWriter to, long count, Duration timeout)
            throws InterruptedException {
        return Splice.tee(end, to, count, Deadline.nanos(timeout));
    }

    /**
     * How many bytes wait to be read; somebody else may read them before this process does.
     *
     * @return bytes, 0 if the pipe is empty
     * @see <a
     *     href="https://man7.org/linux/man-pages/man2/FIONREAD.2const.html">FIONREAD(2const)</a>
     */
    public int availableBytes() {
        return end.availableBytes();
    }

    /**
     * The end as a stream, for code that knows no segments. Closing the stream closes the end; an
     * interrupt is reported as {@link java.io.InterruptedIOException}.
     *
     * @return a stream on this end
     */
    public InputStream inputStream() {
        return new SegmentInput(this::read, this::close, this);
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
     * Keeps this process's copy open when the end is handed over to a child.
     *
     * @return this
     */
    public PipeReader keep() {
        kept = true;
        return this;
    }

    @Override
    public boolean isReady() {
        return end.descriptor.isReadable();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return end.descriptor.whenReadable(wake);
    }

    @Override
    public int fd() {
        return end.descriptor.openFd();
    }

    @Override
    public int duplicateFd() {
        return end.descriptor.duplicate();
    }

    /** Closes this process's copy of the end. */
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

    private int checked(long got, MemorySegment buffer) {
        if (got < 0) {
            throw Errors.of("read(" + end.what + ", " + buffer.byteSize() + ")", got, "");
        }
        return (int) got;
    }

    private Object writeReplace() throws NotSerializableException {
        return end.travel(this, true, kept);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an end of a pipe travels as a descriptor");
    }
}
