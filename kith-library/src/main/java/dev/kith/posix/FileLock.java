// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EBADF;
import static dev.kith.kernel.Errno.EINTR;

import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Offload;
import dev.kith.kernel.Fcntl;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A lock on a file or a range of it, which the kernel releases when its holder dies.
 *
 * <pre>{@code
 * try (var lock = FileLock.openOrCreate(Path.of("/tmp/sum.lock"))) {
 *     lock.lock();
 *     try {
 *         ...                                  // one process at a time
 *     } finally {
 *         lock.unlock();
 *     }
 * }
 * }</pre>
 *
 * <p>It is advisory: it keeps out who asks for it, not who reads or writes. One handle is one
 * holder, whatever its thread: other handles, in this process or another, conflict with it, and so
 * do threads that share it (a second {@code lock} on a handle waits, or is refused if the same
 * thread has it). Any number may hold it shared, each by a handle of its own. The kernel does not
 * see a deadlock of two locks; the forms with a {@link Duration} end one.
 *
 * <p>These are open-file-description locks. The POSIX locks of {@code java.nio.channels.FileLock},
 * of Python's lockf and of lockf(3) conflict with them; flock(2) does not.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man2/F_OFD_SETLK.2const.html">F_OFD_SETLK(2const)</a>
 */
public final class FileLock implements HasFd, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    /** More than threads can wait. */
    private static final int MANY = 1 << 20;

    private final transient FileRange range;
    private final transient Descriptor file;

    /** Among the threads that share this handle, which is one holder to the kernel. */
    private final transient Semaphore turn = new Semaphore(1, true);

    private transient Thread holder;

    private FileLock(FileRange range, int fd) {
        this.range = range;
        this.file = new Descriptor(fd, toString());
    }

    /**
     * A lock on a whole file, however it grows; not taken yet.
     *
     * @param path a file that this user may write, or, to lock shared only, read
     * @return the lock
     * @throws dev.kith.NotFound if there is no such file
     */
    public static FileLock open(Path path) {
        return open(FileRange.whole(path));
    }

    /**
     * A lock on a range of a file; not taken yet.
     *
     * @param path a file that this user may write, or, to lock shared only, read
     * @param offset of the first byte, which need not exist
     * @param length how many bytes; 0 to the end, however the file grows
     * @return the lock
     * @throws dev.kith.NotFound if there is no such file
     */
    public static FileLock open(Path path, long offset, long length) {
        return open(new FileRange(path, offset, length));
    }

    /**
     * A lock on a whole file, made (0600, empty) if there is none; not taken yet.
     *
     * @param path where it is or shall be; a symbolic link is not followed
     * @return the lock
     */
    public static FileLock openOrCreate(Path path) {
        return new FileLock(FileRange.whole(path), FileRange.whole(path).openOrCreate());
    }

    /**
     * A lock on a whole mapped file; not taken yet.
     *
     * @param file stays the caller's
     * @return the lock
     */
    public static FileLock of(MappedFile file) {
        return open(file.path());
    }

    /**
     * A lock on a range of a mapped file; not taken yet.
     *
     * @param file stays the caller's
     * @param offset in the mapping
     * @param length how many bytes; 0 to the end, however the file grows
     * @return the lock
     */
    public static FileLock of(MappedFile file, long offset, long length) {
        return open(file.path(), Math.addExact(file.offset(), offset), length);
    }

    /**
     * A lock on a whole shared memory object; not taken yet.
     *
     * @param memory stays the caller's
     * @return the lock
     */
    public static FileLock of(SharedMemory memory) {
        return of(memory, 0, 0);
    }

    /**
     * A lock on a range of a shared memory object; not taken yet.
     *
     * @param memory stays the caller's
     * @param offset of the first byte
     * @param length how many bytes; 0 to the end, however it grows
     * @return the lock
     */
    public static FileLock of(SharedMemory memory, long offset, long length) {
        return new FileLock(new FileRange(memory.file(), offset, length), memory.reopened());
    }

    /**
     * Takes the lock for this handle alone; waits while another holds it.
     *
     * @throws InterruptedException if the thread was interrupted; it is not held
     * @throws IllegalStateException if this thread holds it by this handle
     * @throws IpcException if the file may only be read
     */
    public void lock() throws InterruptedException {
        take(Fcntl.F_WRLCK, Deadline.FOREVER);
    }

    /**
     * Takes the lock together with others that lock it shared; waits while one holds it alone.
     *
     * @throws InterruptedException if the thread was interrupted; it is not held
     * @throws IllegalStateException if this thread holds it by this handle
     */
    public void lockShared() throws InterruptedException {
        take(Fcntl.F_RDLCK, Deadline.FOREVER);
    }

    /**
     * Takes the lock for this handle alone if it is free now.
     *
     * @return whether it is held
     * @throws IpcException if the file may only be read
     */
    public boolean tryLock() {
        return takeNow(Fcntl.F_WRLCK);
    }

    /**
     * Takes the lock together with others if nobody holds it alone now.
     *
     * @return whether it is held
     */
    public boolean tryLockShared() {
        return takeNow(Fcntl.F_RDLCK);
    }

    /**
     * Takes the lock for this handle alone, waiting a limited time.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it is held
     * @throws InterruptedException if the thread was interrupted; it is not held
     * @throws IllegalStateException if this thread holds it by this handle
     * @throws IpcException if the file may only be read
     */
    public boolean tryLock(Duration timeout) throws InterruptedException {
        return take(Fcntl.F_WRLCK, Deadline.nanos(timeout));
    }

    /**
     * Takes the lock together with others, waiting a limited time.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it is held
     * @throws InterruptedException if the thread was interrupted; it is not held
     * @throws IllegalStateException if this thread holds it by this handle
     */
    public boolean tryLockShared(Duration timeout) throws InterruptedException {
        return take(Fcntl.F_RDLCK, Deadline.nanos(timeout));
    }

    /**
     * Releases the lock. Any thread may. After {@link #close()}, which released it, this does
     * nothing.
     *
     * @throws IllegalMonitorStateException if this handle does not hold it
     */
    public void unlock() {
        if (file.gate().isClosed()) {
            // The kernel has released it.
            return;
        }
        synchronized (this) {
            if (holder == null) {
                throw new IllegalMonitorStateException(this + " is not held by this handle");
            }
            holder = null;
        }
        int error = set(Fcntl.F_OFD_SETLK, Fcntl.F_UNLCK);
        turn.release();
        if (error < 0) {
            throw failed(Fcntl.F_UNLCK, error);
        }
    }

    /**
     * Whether this handle holds it.
     *
     * @return true between a successful lock and unlock
     */
    public synchronized boolean isHeld() {
        return holder != null;
    }

    /**
     * The descriptor of the file. A duplicate, or one that another process is given, is the same
     * holder: the kernel releases the lock when the last of them is closed, or one unlocks.
     */
    @Override
    public int fd() {
        return file.openFd();
    }

    @Override
    public int duplicateFd() {
        return file.duplicate();
    }

    /** Releases the lock if it is held and lets go of the file. Calls that wait throw Closed. */
    @Override
    public void close() {
        file.close();
        synchronized (this) {
            holder = null;
        }
        if (turn.availablePermits() < MANY) {
            // The kernel released the lock with the descriptor. Who waits for his turn meets a
            // closed handle.
            turn.release(MANY);
        }
    }

    @Override
    public String toString() {
        return "lock on " + range;
    }

    private static FileLock open(FileRange range) {
        return new FileLock(range, range.open());
    }

    private boolean takeNow(short type) {
        if (!turn.tryAcquire()) {
            return false;
        }
        boolean taken = false;
        try {
            taken = lockedNow(type);
            return taken;
        } finally {
            if (!taken) {
                turn.release();
            }
        }
    }

    private boolean take(short type, long timeoutNanos) throws InterruptedException {
        synchronized (this) {
            if (holder == Thread.currentThread()) {
                throw new IllegalStateException(
                        this + " is held by this thread already; a file lock is not reentrant");
            }
        }
        long deadline = Deadline.after(timeoutNanos);
        if (!turn.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        boolean taken = false;
        try {
            taken = lockedNow(type) || timeoutNanos != 0 && awaited(type, deadline);
            return taken;
        } finally {
            if (!taken) {
                turn.release();
            }
        }
    }

    private boolean lockedNow(short type) {
        int error = set(Fcntl.F_OFD_SETLK, type);
        if (error == -EAGAIN || error == -EACCES) {
            return false;
        }
        return held(error, type);
    }

    private boolean awaited(short type, long deadline) throws InterruptedException {
        int error =
                Offload.needed()
                        ? Offload.call(() -> await(type, deadline))
                        : await(type, deadline);
        return error != -EINTR && held(error, type);
    }

    private boolean held(int error, short type) {
        if (error < 0) {
            throw failed(type, error);
        }
        synchronized (this) {
            holder = Thread.currentThread();
        }
        return true;
    }

    /** -EINTR if the deadline has passed. */
    private int await(short type, long deadline) throws InterruptedException {
        try (Arena arena = Arena.ofConfined();
                Blocked blocked = file.gate().blockUndisturbed(deadline)) {
            MemorySegment flock = range.flock(arena, type);
            for (; ; ) {
                int error = Fcntl.fcntl(file.fd(), Fcntl.F_OFD_SETLKW, flock);
                if (error != -EINTR || !blocked.goOn()) {
                    return error;
                }
            }
        }
    }

    private int set(int command, short type) {
        file.gate().enter();
        try (Arena arena = Arena.ofConfined()) {
            return Fcntl.fcntl(file.fd(), command, range.flock(arena, type));
        } finally {
            file.gate().exit();
        }
    }

    private IpcException failed(short type, int error) {
        String symbol =
                switch (type) {
                    case Fcntl.F_RDLCK -> "F_RDLCK";
                    case Fcntl.F_WRLCK -> "F_WRLCK";
                    default -> "F_UNLCK";
                };
        return Errors.of(
                "fcntl(" + range + ", F_OFD_SETLK, " + symbol + ")",
                error,
                error == -EBADF
                        ? "this user may only read the file: lock it shared, or change its mode"
                        : "");
    }

    private Object writeReplace() {
        return new Travelling(range.path().toString(), range.offset(), range.length());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a lock travels as " + Travelling.class.getName());
    }

    /** A handle on its way to another process, which does not take the lock with it. */
    private record Travelling(String path, long offset, long length) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return open(Path.of(path), offset, length);
        }
    }
}
