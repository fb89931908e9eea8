// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EOVERFLOW;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.AlreadyExists;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.kernel.PosixSem;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.ToIntFunction;

/**
 * A POSIX semaphore: a counter that processes take from and give back to, and wait for while it is
 * zero. The names of the methods are those of {@link java.util.concurrent.Semaphore}.
 *
 * <pre>{@code
 * try (var mutex = Semaphore.create("/sum", 1)) {
 *     mutex.acquire();
 *     try {
 *         ...                                  // one process at a time
 *     } finally {
 *         mutex.release();
 *     }
 *     mutex.unlink();
 * }
 * }</pre>
 *
 * <p>A named one is opened by any process that knows the name; one in shared memory by any that has
 * the memory. Both are the {@code sem_t} of C and of Python's posix_ipc and may be shared with
 * them, if they use the same C library.
 *
 * <p><b>It has no owner.</b> What a process had acquired when it was killed is not given back: who
 * waits for it waits for ever. Use the form with a {@link Duration} where holders may die, or a
 * {@link FileLock}, which the kernel releases, or a System V semaphore with undo. Memory that is
 * truncated under a semaphore ends the JVM, as it would end a C program.
 *
 * <p>Any number of threads may use it. What one did before {@code release} is seen by who acquires
 * after it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/sem_overview.7.html">sem_overview(7)</a>
 */
public final class Semaphore implements Named, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    /** How many bytes it takes in shared memory. */
    public static final long BYTES = PosixSem.BYTES;

    /** The highest value, SEM_VALUE_MAX: a {@link #release} beyond it fails with EOVERFLOW. */
    public static final int HIGHEST_VALUE = Integer.MAX_VALUE;

    private final transient String name;
    private final transient MemorySegment semaphore;
    private final transient Gate gate;

    private Semaphore(String name, MemorySegment semaphore) {
        this.name = name;
        this.semaphore = semaphore;
        this.gate = new Gate(toString());
    }

    /**
     * Makes a named semaphore that only this user may open (0600).
     *
     * @param name a slash and at most 251 bytes, {@code /sum}
     * @param permits its value at first
     * @return the semaphore
     * @throws AlreadyExists if there is one of that name
     */
    public static Semaphore create(String name, int permits) {
        return create(name, permits, 0600);
    }

    /**
     * Makes a named semaphore.
     *
     * @param name a slash and at most 251 bytes, {@code /sum}
     * @param permits its value at first
     * @param mode permission bits, of which users need both reading and writing; the umask is not
     *     applied
     * @return the semaphore
     * @throws AlreadyExists if there is one of that name
     */
    public static Semaphore create(String name, int permits, int mode) {
        return new Semaphore(name, SemaphoreOpening.create(name, checked(permits), mode));
    }

    /**
     * Makes a semaphore (0600) under a free name that is made up; {@link #name()} tells it.
     *
     * @param permits its value at first
     * @return the semaphore
     */
    public static Semaphore create(int permits) {
        return create(ObjectName.made(), permits);
    }

    /**
     * Opens a named semaphore.
     *
     * @param name {@code /sum}
     * @return the semaphore
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static Semaphore open(String name) {
        return new Semaphore(name, SemaphoreOpening.open(name));
    }

    /**
     * Opens a named semaphore, made (0600) if there is none.
     *
     * @param name {@code /sum}
     * @param permits its value at first, if it is made
     * @return the semaphore
     */
    public static Semaphore openOrCreate(String name, int permits) {
        return openOrCreate(name, permits, 0600);
    }

    /**
     * Opens a named semaphore, made if there is none.
     *
     * @param name {@code /sum}
     * @param permits its value at first, if it is made
     * @param mode permission bits if it is made; the umask is not applied
     * @return the semaphore
     */
    public static Semaphore openOrCreate(String name, int permits, int mode) {
        for (; ; ) {
            try {
                return create(name, permits, mode);
            } catch (AlreadyExists there) {
                try {
                    return open(name);
                } catch (NotFound removed) {
                    // between the two calls: make it
                }
            }
        }
    }

    /**
     * Makes a semaphore in shared memory. Once, before others use it.
     *
     * @param memory native memory that is shared, 8-byte aligned, of which the first {@link #BYTES}
     *     are used
     * @param permits its value at first
     * @return the semaphore; it holds the memory only while a call waits
     */
    public static Semaphore init(MemorySegment memory, int permits) {
        MemorySegment place = place(memory);
        Errors.check(PosixSem.init(place, 1, checked(permits)), "sem_init(" + permits + ")", "");
        return new Semaphore("", place);
    }

    /**
     * The semaphore that somebody has made in shared memory, by {@link #init} or by sem_init(3).
     *
     * @param memory native memory that is shared, 8-byte aligned, which begins with it
     * @return the semaphore; it holds the memory only while a call waits
     */
    public static Semaphore at(MemorySegment memory) {
        return new Semaphore("", place(memory));
    }

    /**
     * Removes the name of a semaphore. Who has it open may go on using it.
     *
     * @param name {@code /sum}
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if it belongs to somebody else
     */
    public static void unlink(String name) {
        SemaphoreOpening.unlink(name);
    }

    /**
     * Takes one; waits while there is none.
     *
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public void acquire() throws InterruptedException {
        acquire(Deadline.FOREVER);
    }

    /**
     * Takes one if there is one now.
     *
     * @return whether it was taken
     */
    public boolean tryAcquire() {
        int error;
        do {
            error = call(PosixSem::trywait);
        } while (error == -EINTR);
        if (error < 0 && error != -EAGAIN) {
            throw Errors.of("sem_trywait(" + this + ")", error, "");
        }
        return error == 0;
    }

    /**
     * Takes one, waiting a limited time.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it was taken
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return acquire(Deadline.nanos(timeout));
    }

    /**
     * Gives one back, or gives one that nobody had taken.
     *
     * @throws dev.kith.IpcException if the value is {@link #HIGHEST_VALUE} (EOVERFLOW)
     */
    public void release() {
        int error = call(PosixSem::post);
        if (error < 0) {
            throw Errors.of(
                    "sem_post(" + this + ")",
                    error,
                    error == -EOVERFLOW ? "it was released more often than acquired" : "");
        }
    }

    /**
     * How many could be acquired at this moment.
     *
     * @return the value, at least 0
     */
    public int value() {
        return Errors.check(call(PosixSem::getvalue), "sem_getvalue(" + this + ")", "");
    }

    /**
     * How many threads wait, of all processes, as the C library has noted in the semaphore. Those
     * that were killed while they waited stay counted.
     *
     * @return the number, at least 0
     */
    public int waiters() {
        return call(at -> at.get(JAVA_INT, PosixSem.WAITERS));
    }

    /**
     * The name.
     *
     * @return {@code /sum}; empty if it has none but lies in shared memory
     */
    @Override
    public String name() {
        return name;
    }

    /**
     * Removes the name. Who has it open may go on using it.
     *
     * @throws UnsupportedOperationException if it has no name but lies in shared memory
     */
    @Override
    public void unlink() {
        if (name.isEmpty()) {
            throw new UnsupportedOperationException(
                    this + " has no name to unlink: it goes with its memory");
        }
        unlink(name);
    }

    /**
     * Lets go of this handle; calls that wait on it throw {@link dev.kith.Closed}. Gives nothing
     * back that was acquired. The semaphore stays.
     */
    @Override
    public void close() {
        if (gate.close() && !name.isEmpty()) {
            PosixSem.close(semaphore);
        }
    }

    @Override
    public String toString() {
        return name.isEmpty()
                ? "semaphore at 0x" + Long.toHexString(semaphore.address())
                : "semaphore " + name;
    }

    private boolean acquire(long timeoutNanos) throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            // sem_wait(3) itself tries before it calls the kernel.
            return await(Deadline.FOREVER);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (tryAcquire()) {
            return true;
        }
        if (timeoutNanos == 0) {
            return false;
        }
        long deadline = Deadline.after(timeoutNanos);
        return Offload.needed() ? Offload.call(() -> await(deadline)) : await(deadline);
    }

    private boolean await(long deadline) throws InterruptedException {
        try (Blocked blocked = gate.block(deadline)) {
            for (; ; ) {
                int error = PosixSem.await(semaphore);
                if (error == 0) {
                    return true;
                }
                if (error != -EINTR) {
                    throw Errors.of("sem_wait(" + this + ")", error, "");
                }
                if (!blocked.goOn()) {
                    return false;
                }
            }
        }
    }

    private int call(ToIntFunction<MemorySegment> call) {
        gate.enter();
        try {
            return call.applyAsInt(semaphore);
        } finally {
            gate.exit();
        }
    }

    private static int checked(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits=" + permits + ", least=0");
        }
        return permits;
    }

    private static MemorySegment place(MemorySegment memory) {
        if (!memory.isNative() || memory.isReadOnly()) {
            throw new IllegalArgumentException(
                    "a semaphore lies in native memory that can be written, not in " + memory);
        }
        if (memory.byteSize() < BYTES || memory.address() % 8 != 0) {
            throw new IllegalArgumentException(
                    "no room for a semaphore: size="
                            + memory.byteSize()
                            + ", least="
                            + BYTES
                            + ", address=0x"
                            + Long.toHexString(memory.address())
                            + ", alignment=8");
        }
        return memory.asSlice(0, BYTES);
    }

    private Object writeReplace() throws NotSerializableException {
        if (name.isEmpty()) {
            throw new NotSerializableException(
                    this
                            + " has no name: let the SharedMemory travel that it lies in, and call"
                            + " Semaphore.at there");
        }
        return new Travelling(name);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a semaphore travels as " + Travelling.class.getName());
    }

    /** A handle on its way to another process. */
    private record Travelling(String name) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return open(name);
        }
    }
}
