// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** semaphore.h: POSIX semaphores, named ones and those in shared memory. */
public final class PosixSem {

    private static final class SemOpen {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("sem_open", 2, POINTER, POINTER, INT, INT, INT);
    }

    private static final class SemClose {
        static final MethodHandle CALL = Linkage.errno("sem_close", INT, POINTER);
    }

    private static final class SemUnlink {
        static final MethodHandle CALL = Linkage.errno("sem_unlink", INT, POINTER);
    }

    private static final class SemInit {
        static final MethodHandle CALL = Linkage.errno("sem_init", INT, POINTER, INT, INT);
    }

    private static final class SemWait {
        static final MethodHandle CALL = Linkage.errno("sem_wait", INT, POINTER);
    }

    private static final class SemTrywait {
        static final MethodHandle CALL = Linkage.errno("sem_trywait", INT, POINTER);
    }

    private static final class SemPost {
        static final MethodHandle CALL = Linkage.errno("sem_post", INT, POINTER);
    }

    private static final class SemGetvalue {
        static final MethodHandle CALL = Linkage.errno("sem_getvalue", INT, POINTER, POINTER);
    }

    /** {@code sizeof(sem_t)} on every 64-bit libc. */
    public static final long BYTES = 32;

    /** Where both glibc and musl count the threads that wait: an unsigned int. */
    public static final long WAITERS = 4;

    public static final int SEM_VALUE_MAX = Integer.MAX_VALUE;

    /** What stands before the name of a semaphore's file in /dev/shm. */
    public static final String FILE_PREFIX = Arch.musl() ? "" : "sem.";

    private PosixSem() {}

    /**
     * {@code sem_t *sem_open(const char *name, int flags, mode_t mode, unsigned value)} - open a
     * named semaphore; the same name gives the same address in one process. The address, or the
     * negative errno. sem_open(3)
     */
    public static long open(String name, int flags, int mode, int value) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment semaphore =
                    (MemorySegment)
                            SemOpen.CALL.invokeExact(
                                    errno, CString.of(arena, name), flags, mode, value);
            return semaphore.address() == 0 ? -Errno.captured(errno) : semaphore.address();
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_open", thrown);
        }
    }

    /** The memory of an open named semaphore, valid until sem_close. */
    @SuppressWarnings("restricted") // the size of a sem_t is known
    public static MemorySegment at(long address) {
        return MemorySegment.ofAddress(address).reinterpret(BYTES);
    }

    /** {@code int sem_close(sem_t *sem)} - let go of a named semaphore. sem_close(3) */
    public static int close(MemorySegment semaphore) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SemClose.CALL.invokeExact(errno, semaphore), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_close", thrown);
        }
    }

    /** {@code int sem_unlink(const char *name)} - remove a name. sem_unlink(3) */
    public static int unlink(String name) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) SemUnlink.CALL.invokeExact(errno, CString.of(arena, name)), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_unlink", thrown);
        }
    }

    /**
     * {@code int sem_init(sem_t *sem, int pshared, unsigned value)} - make one in memory.
     * sem_init(3)
     */
    public static int init(MemorySegment semaphore, int shared, int value) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) SemInit.CALL.invokeExact(errno, semaphore, shared, value), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_init", thrown);
        }
    }

    /**
     * {@code int sem_wait(sem_t *sem)} - take one; EINTR on a signal without SA_RESTART.
     * sem_wait(3)
     */
    public static int await(MemorySegment semaphore) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SemWait.CALL.invokeExact(errno, semaphore), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_wait", thrown);
        }
    }

    /** {@code int sem_trywait(sem_t *sem)} - take one, or EAGAIN. sem_wait(3) */
    public static int trywait(MemorySegment semaphore) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SemTrywait.CALL.invokeExact(errno, semaphore), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_trywait", thrown);
        }
    }

    /**
     * {@code int sem_post(sem_t *sem)} - give one back; EOVERFLOW above SEM_VALUE_MAX. sem_post(3)
     */
    public static int post(MemorySegment semaphore) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SemPost.CALL.invokeExact(errno, semaphore), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_post", thrown);
        }
    }

    /**
     * {@code int sem_getvalue(sem_t *sem, int *value)} - the value, as the result. sem_getvalue(3)
     */
    public static int getvalue(MemorySegment semaphore) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            int error =
                    Errno.result(
                            (int) SemGetvalue.CALL.invokeExact(errno, semaphore, value), errno);
            return error < 0 ? error : value.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable thrown) {
            throw Linkage.failed("sem_getvalue", thrown);
        }
    }
}
