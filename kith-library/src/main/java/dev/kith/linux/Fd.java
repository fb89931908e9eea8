// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EBADF;
import static dev.kith.kernel.Errno.ESPIPE;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Buffers;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.blocking.SegmentInput;
import dev.kith.blocking.SegmentOutput;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Any open descriptor of this process: a file, a device, an end of something that another process
 * has passed on, a number that a native library gave out.
 *
 * <pre>{@code
 * try (var log = Fd.open(Path.of("jobs.log"), APPEND, CREATE)) {
 *     child.run(() -> log.outputStream().write("started".getBytes()));   // to the same open file
 * }
 * }</pre>
 *
 * <p>Any number of threads may read and write. The descriptor stays in the mode in which it is,
 * blocking as a rule, for that belongs to the open file, which other processes may share; time-outs
 * hold all the same, and when another reader is faster. One that a task for a child captures, or
 * that goes through a Unix socket, is handed over: this process's copy is closed when the other
 * side has it, unless {@linkplain #keep() kept}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>
 */
public final class Fd implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient String what;
    private final transient Descriptor descriptor;
    private transient volatile boolean kept;

    private Fd(int fd, int mode) {
        this.what = "fd " + fd;
        this.descriptor = Descriptor.of(fd, what, mode);
    }

    /**
     * Takes a descriptor over: closing the handle closes it.
     *
     * @param fd an open descriptor of this process that nobody else will close
     * @return the handle
     * @throws IllegalArgumentException if there is no open descriptor of that number
     */
    public static Fd own(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            int error = SysStat.fstat(fd, stat);
            if (error == -EBADF) {
                throw new IllegalArgumentException(
                        "fd=" + fd + " is no open descriptor of this process; see /proc/self/fd");
            }
            Errors.check(error, "fstat(" + fd + ")", "");
            return new Fd(fd, Stat.mode(stat));
        }
    }

    /**
     * Opens a path, close-on-exec and never waiting: of a FIFO without another end a reader sees
     * the end of the stream and a writer is refused, where {@code dev.kith.posix.Fifo} waits. A
     * file that this makes is the user's alone (0600).
     *
     * @param path where
     * @param options READ if none is given; WRITE, APPEND, CREATE, CREATE_NEW, TRUNCATE_EXISTING,
     *     SYNC and DSYNC of {@link java.nio.file.StandardOpenOption}, and NOFOLLOW_LINKS, as
     *     open(2) understands them
     * @return the handle
     * @throws dev.kith.NotFound if there is nothing, or a FIFO that nobody reads
     * @throws dev.kith.AlreadyExists if there is something, with CREATE_NEW
     * @throws dev.kith.Denied if its permissions do not allow it
     */
    public static Fd open(Path path, OpenOption... options) {
        return adopted(FdOpening.open(path, options));
    }

    /**
     * A second descriptor for the open file of another handle, which stays as it is. Both share the
     * position and the status flags.
     *
     * @param handle a pipe, a socket, a queue, any that stands on a descriptor
     * @return a handle of its own
     * @throws dev.kith.Closed if the other one is closed
     */
    public static Fd of(HasFd handle) {
        return adopted(handle.duplicateFd());
    }

    /**
     * Reads what is there; waits until there is something.
     *
     * @param buffer native memory that is filled from its start
     * @return how many bytes were read; 0 at the end of the file or stream
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    public int read(MemorySegment buffer) throws InterruptedException {
        long got = descriptor.read(buffer, limit(buffer), Deadline.FOREVER);
        return checked("read", buffer, got);
    }

    /**
     * Reads what is there, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were read, 0 at the end; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    public OptionalInt tryRead(MemorySegment buffer, Duration timeout) throws InterruptedException {
        long got = descriptor.read(buffer, limit(buffer), Deadline.nanos(timeout));
        return got == -EAGAIN ? OptionalInt.empty() : OptionalInt.of(checked("read", buffer, got));
    }

    /**
     * Writes; waits until there is room.
     *
     * @param buffer native memory
     * @return how many bytes were written: all of them, unless the wait was cut short by a signal
     * @throws InterruptedException if the thread was interrupted before anything was written
     * @throws dev.kith.PeerDied if it is an end of something whose other end is closed everywhere
     */
    public int write(MemorySegment buffer) throws InterruptedException {
        long put = descriptor.write(buffer, limit(buffer), Deadline.FOREVER);
        return checked("write", buffer, put);
    }

    /**
     * Writes as much as there is room for, waiting a limited time for any.
     *
     * @param buffer native memory
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were written; empty if there was no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was written
     * @throws dev.kith.PeerDied if it is an end of something whose other end is closed everywhere
     */
    public OptionalInt tryWrite(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        long put = descriptor.write(buffer, limit(buffer), Deadline.nanos(timeout));
        return put == -EAGAIN ? OptionalInt.empty() : OptionalInt.of(checked("write", buffer, put));
    }

    /**
     * Reads at a position, leaving the position of the open file as it is. pread(2)
     *
     * @param buffer native memory that is filled from its start
     * @param position where, in bytes
     * @return how many bytes were read; 0 at the end of the file or behind it
     * @throws UnsupportedOperationException if it has no position: a pipe, a socket
     */
    public int read(MemorySegment buffer, long position) {
        Buffers.checkWritable(buffer);
        checkPosition(position);
        long got = call(fd -> Unistd.pread(fd, buffer, limit(buffer), position));
        return checked("pread", buffer, positioned("read", got));
    }

    /**
     * Writes at a position, leaving the position of the open file as it is; at the end if it was
     * opened to APPEND. pwrite(2)
     *
     * @param buffer native memory
     * @param position where, in bytes
     * @return how many bytes were written: fewer if the disk is full
     * @throws UnsupportedOperationException if it has no position: a pipe, a socket
     */
    public int write(MemorySegment buffer, long position) {
        checkPosition(position);
        long put = call(fd -> Unistd.pwrite(fd, buffer, limit(buffer), position));
        return checked("pwrite", buffer, positioned("write", put));
    }

    /**
     * Where the next read or write will be.
     *
     * @return bytes from the start; shared by all descriptors of the open file, in every process
     * @throws UnsupportedOperationException if it has no position: a pipe, a socket
     */
    public long position() {
        return seek(0, Unistd.SEEK_CUR);
    }

    /**
     * Moves to a position.
     *
     * @param position where, in bytes; behind the end is allowed
     * @throws UnsupportedOperationException if it has no position: a pipe, a socket
     */
    public void position(long position) {
        checkPosition(position);
        seek(position, Unistd.SEEK_SET);
    }

    /**
     * How large the file is.
     *
     * @return bytes; 0 of what is no file
     */
    public long sizeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            Errors.check((int) call(fd -> SysStat.fstat(fd, stat)), "fstat(" + what + ")", "");
            return Stat.size(stat);
        }
    }

    /**
     * The descriptor as a stream, for code that knows no segments. Closing the stream closes the
     * handle; an interrupt is reported as {@link java.io.InterruptedIOException}.
     *
     * @return a stream that reads
     */
    public InputStream inputStream() {
        return new SegmentInput(this::read, this::close, this);
    }

    /**
     * The descriptor as a stream, for code that knows no segments. Closing the stream closes the
     * handle; an interrupt is reported as {@link java.io.InterruptedIOException}.
     *
     * @return a stream that writes
     */
    public OutputStream outputStream() {
        return new SegmentOutput(this::write, this::close, this);
    }

    /**
     * What the descriptor stands for, as /proc/self/fd says.
     *
     * @return a path ({@code /tmp/a (deleted)} if it was removed), or a kind and a number, {@code
     *     pipe:[4711]}, or {@code anon_inode:[eventfd]}
     */
    public String target() {
        descriptor.gate().enter();
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor.fd())).toString();
        } catch (IOException unreadable) {
            throw new dev.kith.IpcException(
                    "readlink(\"/proc/self/fd/" + descriptor.fd() + "\"): /proc must be mounted",
                    unreadable);
        } finally {
            descriptor.gate().exit();
        }
    }

    /**
     * Gives the ownership up: the handle is closed, the descriptor is not. Calls that wait in other
     * threads end with {@link dev.kith.Closed}.
     *
     * @return the descriptor, which the caller must close
     * @throws dev.kith.Closed if it is closed
     */
    public int release() {
        return descriptor.release();
    }

    /**
     * Keeps this process's copy open when the descriptor is handed over.
     *
     * @return this
     */
    public Fd keep() {
        kept = true;
        return this;
    }

    @Override
    public int fd() {
        return descriptor.openFd();
    }

    @Override
    public int duplicateFd() {
        return descriptor.duplicate();
    }

    @Override
    public boolean isReady() {
        return descriptor.isReadable();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return descriptor.whenReadable(wake);
    }

    /** Closes the descriptor; what it stands for stays open as long as there are others for it. */
    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return what;
    }

    private static Fd adopted(int fd) {
        try {
            return own(fd);
        } catch (RuntimeException failed) {
            Unistd.close(fd);
            throw failed;
        }
    }

    private interface Call {
        long on(int fd);
    }

    private long call(Call call) {
        descriptor.gate().enter();
        try {
            return call.on(descriptor.fd());
        } finally {
            descriptor.gate().exit();
        }
    }

    private long seek(long offset, int whence) {
        long at = positioned("seek", call(fd -> Unistd.lseek(fd, offset, whence)));
        if (at < 0) {
            throw Errors.of("lseek(" + what + ", " + offset + ")", at, "");
        }
        return at;
    }

    private long positioned(String verb, long result) {
        if (result == -ESPIPE) {
            throw new UnsupportedOperationException(
                    what + ": does not " + verb + " at a position (" + target() + ")");
        }
        return result;
    }

    private static void checkPosition(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("position=" + position + ", least=0");
        }
    }

    private static long limit(MemorySegment buffer) {
        return Math.min(buffer.byteSize(), Integer.MAX_VALUE);
    }

    private int checked(String call, MemorySegment buffer, long result) {
        if (result < 0) {
            throw Errors.of(
                    call + "(" + what + ", " + buffer.byteSize() + ")",
                    result,
                    result == -EBADF
                            ? "it was not opened to " + (call.endsWith("read") ? "read" : "write")
                            : "");
        }
        return (int) result;
    }

    private Object writeReplace() throws NotSerializableException {
        Handover handover = Handover.current(what);
        descriptor.openFd();
        return new Travelling(handover.give(this, kept ? () -> {} : descriptor::close));
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("an open file travels as a descriptor");
    }

    /** A descriptor on its way to another process. */
    private record Travelling(int index) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return Handover.current("fd").take(index, Fd::own);
        }
    }
}
