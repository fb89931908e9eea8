// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.ENOSYS;
import static dev.kith.kernel.Errno.ENXIO;
import static dev.kith.kernel.Errno.EOPNOTSUPP;
import static dev.kith.kernel.Errno.EPIPE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Poll;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.SysUio;
import dev.kith.kernel.Unistd;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A descriptor that this process owns, with reads, writes and waits that can be timed out,
 * interrupted and closed. The descriptor stays in blocking mode, because that mode belongs to the
 * open file description, which other processes may share.
 *
 * <p>Results are as in the kernel: a count, 0 for end of file, or a negative errno; -EAGAIN says
 * that the time given has passed. The handle that owns the descriptor makes the exception.
 */
public final class Descriptor {
    /** How many bytes one write puts into a pipe as a whole, whatever others write. pipe(7) */
    public static final int PIPE_BUF = 4096;

    /** Of a read that was not tried because it might have waited; no errno. */
    private static final long CANNOT_TELL = Long.MIN_VALUE;

    /**
     * How to read and write without waiting, while the descriptor itself stays in blocking mode.
     */
    private enum Kind {
        /**
         * Poll first. Another reader or writer may be faster: then a wake-up at the deadline ends
         * the call.
         */
        POLLED,
        /** A regular file, a directory or a disk, which never waits for anybody. */
        FILE,
        /** By a second open file description, in non-blocking mode. */
        PIPE,
        /** By MSG_DONTWAIT. */
        SOCKET
    }

    /** Who asks a handle which descriptor it stands on, see {@link Duplicate}. */
    private static final ScopedValue<AtomicReference<Descriptor>> ASKED = ScopedValue.newInstance();

    private final int fd;
    private final Kind kind;
    private final int access;
    private final Gate gate;

    /** The second description of a pipe, or -1; set under the lock of this. */
    private volatile int nonBlocking = -1;

    private int statusFlags;

    /** Whether this kernel reads this file without waiting, RWF_NOWAIT, as far as is known. */
    private volatile boolean readsWithoutWaiting = true;

    /** Who is to be told when it is closed, besides the calls in flight. */
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    /** Takes a descriptor over; {@code what} names the handle in messages. */
    public Descriptor(int fd, String what) {
        this(fd, what, Kind.POLLED, 0);
    }

    /** Takes over a descriptor of whatever {@code mode} of fstat(2) says it is. */
    public static Descriptor of(int fd, String what, int mode) {
        Kind kind =
                switch (mode & Stat.S_IFMT) {
                    case Stat.S_IFREG, Stat.S_IFDIR, Stat.S_IFBLK -> Kind.FILE;
                    case Stat.S_IFSOCK -> Kind.SOCKET;
                    default -> Kind.POLLED;
                };
        return new Descriptor(fd, what, kind, 0);
    }

    private Descriptor(int fd, String what, Kind kind, int access) {
        this.fd = fd;
        this.kind = kind;
        this.access = access;
        this.gate = new Gate(what);
    }

    /** Takes over an end of a pipe or FIFO, opened for O_RDONLY or O_WRONLY. */
    public static Descriptor pipe(int fd, String what, int access) {
        return new Descriptor(fd, what, Kind.PIPE, access);
    }

    /** Takes over a socket. */
    public static Descriptor socket(int fd, String what) {
        return new Descriptor(fd, what, Kind.SOCKET, 0);
    }

    /** The number, to pass it on; valid while the handle is open. */
    public int fd() {
        return fd;
    }

    /** The number, for those outside; a handle that is closed has none. */
    public int openFd() {
        gate.enter();
        gate.exit();
        return fd;
    }

    /** A second descriptor for the same open file, close-on-exec, which the caller owns. */
    public int duplicate() {
        gate.enter();
        try {
            if (ASKED.isBound()) {
                ASKED.get().set(this);
            }
            return Errors.check(
                    Fcntl.fcntl(fd, Fcntl.F_DUPFD_CLOEXEC, 0),
                    "fcntl(" + fd + ", F_DUPFD_CLOEXEC)",
                    "raise the limit of open files (ulimit -n)");
        } finally {
            gate.exit();
        }
    }

    /** A duplicate of a handle's descriptor, and what is behind the handle. */
    public record Duplicate(int fd, Optional<Descriptor> behind) {
        /** Makes one; behind a handle that is not Kith's is nothing. */
        public static Duplicate of(HasFd handle) {
            AtomicReference<Descriptor> asked = new AtomicReference<>();
            int fd = ScopedValue.where(ASKED, asked).call(handle::duplicateFd);
            return new Duplicate(fd, Optional.ofNullable(asked.get()));
        }
    }

    /** Asks to be told when it is closed; at once if it is. */
    public Waitable.Registration whenClosed(Runnable wake) {
        waiting.add(wake);
        if (gate.isClosed()) {
            wake.run();
        }
        return () -> waiting.remove(wake);
    }

    /** The gate, for calls of a kind that this class does not have. */
    public Gate gate() {
        return gate;
    }

    /**
     * Closes the descriptor when all calls in flight are out. Only the first call does anything.
     */
    public void close() {
        if (gate.close()) {
            Unistd.close(fd);
            closed();
        }
    }

    /**
     * Closes it like {@link #close()}, but for the descriptor, which is the caller's from now on.
     */
    public int release() {
        if (!gate.close()) {
            throw gate.closedException();
        }
        closed();
        return fd;
    }

    /** Reads at most {@code count} bytes into {@code buffer}. */
    public long read(MemorySegment buffer, long count, long timeoutNanos)
            throws InterruptedException {
        Buffers.checkWritable(buffer);
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed() && kind != Kind.FILE) {
            return readBlocking(buffer, count, Deadline.FOREVER);
        }
        long got = readNow(buffer, count);
        if (got != -EAGAIN && got != CANNOT_TELL || timeoutNanos == 0 && got == -EAGAIN) {
            return got;
        }
        if (Offload.needed()) {
            return Offload.call(() -> read(buffer, count, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while ((got == -EAGAIN || got == CANNOT_TELL) && await(Poll.POLLIN, deadline)) {
            got =
                    got == CANNOT_TELL
                            ? readBlocking(buffer, count, deadline)
                            : readNow(buffer, count);
        }
        return got == CANNOT_TELL ? -EAGAIN : got;
    }

    /**
     * Writes at most {@code count} bytes of {@code buffer}; without a time-out all of them, unless
     * the wait is cut short.
     */
    public long write(MemorySegment buffer, long count, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            return writeAll(buffer, 0, count);
        }
        if (kind == Kind.POLLED) {
            return writePolled(buffer, count, timeoutNanos);
        }
        if (timeoutNanos != 0 && Thread.interrupted()) {
            throw new InterruptedException();
        }
        long put = writeNow(buffer, count);
        if (put == count || timeoutNanos == 0 || put < 0 && put != -EAGAIN) {
            return put;
        }
        if (timeoutNanos == Deadline.FOREVER) {
            long done = Math.max(0, put);
            return Offload.call(() -> writeAll(buffer, done, count));
        }
        if (put > 0) {
            return put;
        }
        if (Offload.needed()) {
            return Offload.call(() -> write(buffer, count, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while (put == -EAGAIN && await(Poll.POLLOUT, deadline)) {
            put = writeNow(buffer, count);
        }
        return put;
    }

    private long writePolled(MemorySegment buffer, long count, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == 0 && poll(Poll.POLLOUT, 0) == 0) {
            return -EAGAIN;
        }
        if (Offload.needed()) {
            return Offload.call(() -> write(buffer, count, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        return await(Poll.POLLOUT, deadline) ? writeBlocking(buffer, count, deadline) : -EAGAIN;
    }

    /**
     * Waits for POLLIN or POLLOUT; an error or a hang-up counts as ready.
     *
     * @return false if the deadline has passed
     */
    public boolean await(short events, long deadline) throws InterruptedException {
        if (Offload.needed()) {
            return poll(events, 0) != 0 || Offload.call(() -> await(events, deadline));
        }
        // poll has a time-out of its own: the gate need not wake it.
        try (Blocked blocked = gate.block(Deadline.FOREVER)) {
            for (; ; ) {
                int ready = pollOnce(events, Deadline.pollMillis(deadline));
                if (ready == -EINTR) {
                    blocked.goOn();
                } else if (ready != 0 || Deadline.passed(deadline)) {
                    return ready != 0;
                }
            }
        }
    }

    /** The events of POLLIN, POLLOUT, POLLERR and POLLHUP that hold now; 0 if none of them does. */
    public int poll(short events, int millis) {
        gate.enter();
        try {
            return pollOnce(events, millis) > 0
                    ? Scratch.bytes().get(JAVA_SHORT, Poll.POLLFD_REVENTS)
                    : 0;
        } finally {
            gate.exit();
        }
    }

    private int pollOnce(short events, int millis) {
        MemorySegment pollfd = Scratch.bytes();
        pollfd.set(JAVA_INT, Poll.POLLFD_FD, fd);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_EVENTS, events);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_REVENTS, (short) 0);
        return Poll.poll(pollfd, 1, millis);
    }

    private long readBlocking(MemorySegment buffer, long count, long deadline)
            throws InterruptedException {
        try (Blocked blocked = gate.block(deadline)) {
            for (; ; ) {
                long got = Unistd.read(fd, buffer, count);
                if (got == -EAGAIN) {
                    // Somebody who shares the description has set O_NONBLOCK.
                    pollOnce(Poll.POLLIN, Deadline.pollMillis(deadline));
                } else if (got != -EINTR) {
                    return got;
                }
                if (!blocked.goOn()) {
                    return -EAGAIN;
                }
            }
        }
    }

    /** Writes what is left after {@code done} bytes: how many are written then. */
    private long writeAll(MemorySegment buffer, long done, long count) throws InterruptedException {
        long at = done;
        try (Blocked blocked = gate.block(Deadline.FOREVER)) {
            for (; ; ) {
                long put = writeOnce(at == 0 ? buffer : buffer.asSlice(at), count - at);
                if (put == count - at) {
                    return count;
                }
                if (put == -EAGAIN) {
                    pollOnce(Poll.POLLOUT, -1);
                } else if (put > 0) {
                    at += put;
                } else if (put != -EINTR) {
                    return at > 0 ? at : put;
                }
                blocked.goOn();
            }
        } catch (InterruptedException e) {
            if (at == 0) {
                throw e;
            }
            // What has gone cannot be taken back; the interrupt is for the next call.
            Thread.currentThread().interrupt();
            return at;
        }
    }

    private long writeOnce(MemorySegment buffer, long count) {
        return kind == Kind.SOCKET
                ? SysSocket.send(fd, buffer, count, SysSocket.MSG_NOSIGNAL)
                : Unistd.write(fd, buffer, count);
    }

    private long writeBlocking(MemorySegment buffer, long count, long deadline)
            throws InterruptedException {
        try (Blocked blocked = gate.block(deadline)) {
            for (; ; ) {
                long put = Unistd.write(fd, buffer, count);
                if (put == -EAGAIN) {
                    pollOnce(Poll.POLLOUT, Deadline.pollMillis(deadline));
                } else if (put != -EINTR) {
                    return put;
                }
                if (!blocked.goOn()) {
                    return -EAGAIN;
                }
            }
        }
    }

    /** Whether a read would not wait: there are bytes, an end or an error, or it is closed. */
    public boolean isReadable() {
        try {
            return poll(Poll.POLLIN, 0) != 0;
        } catch (Closed closed) {
            return true;
        }
    }

    /** Asks to be told once when a read would not wait, or the descriptor is closed. */
    public Waitable.Registration whenReadable(Runnable wake) {
        gate.enter();
        try {
            Waitable.Registration request = Readiness.when(fd, Poll.POLLIN, wake);
            waiting.add(wake);
            return () -> {
                waiting.remove(wake);
                request.close();
            };
        } finally {
            gate.exit();
        }
    }

    /** Sets status flags (O_DIRECT) by F_SETFL; the negative errno if that fails. */
    public int statusFlags(int flags) {
        gate.enter();
        try {
            int result = Fcntl.fcntl(fd, Fcntl.F_SETFL, flags);
            if (result == 0) {
                synchronized (this) {
                    statusFlags = flags;
                    if (nonBlocking >= 0) {
                        Fcntl.fcntl(nonBlocking, Fcntl.F_SETFL, flags | Fcntl.O_NONBLOCK);
                    }
                }
            }
            return result;
        } finally {
            gate.exit();
        }
    }

    private long readNow(MemorySegment buffer, long count) {
        Blocked call = gate.in();
        try {
            return switch (kind) {
                case SOCKET -> SysSocket.recv(fd, buffer, count, SysSocket.MSG_DONTWAIT);
                case PIPE -> Unistd.read(nonBlocking(), buffer, count);
                case FILE -> Unistd.read(fd, buffer, count);
                case POLLED -> readPolled(buffer, count);
            };
        } finally {
            gate.out(call);
        }
    }

    private long writeNow(MemorySegment buffer, long count) {
        Blocked call = gate.in();
        try {
            return switch (kind) {
                case SOCKET ->
                        SysSocket.send(
                                fd, buffer, count, SysSocket.MSG_DONTWAIT | SysSocket.MSG_NOSIGNAL);
                case PIPE -> Unistd.write(nonBlocking(), buffer, count);
                case FILE, POLLED -> Unistd.write(fd, buffer, count);
            };
        } finally {
            gate.out(call);
        }
    }

    /** What is there; or CANNOT_TELL, if there seems to be something but a read might wait. */
    private long readPolled(MemorySegment buffer, long count) {
        if (readsWithoutWaiting) {
            MemorySegment vector = Scratch.bytes();
            long got;
            do {
                got = SysUio.preadv2(fd, vector, buffer, count, -1, SysUio.RWF_NOWAIT);
            } while (got == -EINTR);
            if (got != -EOPNOTSUPP && got != -ENOSYS) {
                return got;
            }
            readsWithoutWaiting = false;
        }
        return pollOnce(Poll.POLLIN, 0) == 0 ? -EAGAIN : CANNOT_TELL;
    }

    private void closed() {
        synchronized (this) {
            if (nonBlocking >= 0) {
                Unistd.close(nonBlocking);
            }
        }
        waiting.forEach(Runnable::run);
    }

    private int nonBlocking() {
        int opened = nonBlocking;
        return opened >= 0 ? opened : openNonBlocking();
    }

    /** Opens the same pipe once more: the mode of the first description is not ours alone. */
    private synchronized int openNonBlocking() {
        if (nonBlocking < 0) {
            String path = "/proc/self/fd/" + fd;
            int opened = Fcntl.open(path, access | Fcntl.O_NONBLOCK | Fcntl.O_CLOEXEC, 0);
            if (opened == -ENXIO) {
                // A FIFO whose last reader has gone.
                throw Errors.of("write(" + path + ")", EPIPE, "nobody reads it any more");
            }
            Errors.check(
                    opened,
                    "open(\"" + path + "\", O_NONBLOCK)",
                    "/proc must be mounted, and files may be opened (ulimit -n)");
            if (statusFlags != 0) {
                // open(2) refuses O_DIRECT on a pipe, fcntl(2) does not.
                Fcntl.fcntl(opened, Fcntl.F_SETFL, statusFlags | Fcntl.O_NONBLOCK);
            }
            nonBlocking = opened;
        }
        return nonBlocking;
    }
}
