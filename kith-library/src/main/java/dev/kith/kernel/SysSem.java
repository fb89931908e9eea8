// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/sem.h: System V semaphore sets. */
public final class SysSem {

    private static final class Semget {
        static final MethodHandle CALL = Linkage.errno("semget", INT, INT, INT, INT);
    }

    private static final class Semtimedop {
        static final MethodHandle CALL =
                Linkage.errno("semtimedop", INT, INT, POINTER, LONG, POINTER);
    }

    /** {@code semctl} is variadic; the fourth argument is a union of an int and pointers. */
    private static final class SemctlValue {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("semctl", 3, INT, INT, INT, INT, LONG);
    }

    private static final class SemctlPointer {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("semctl", 3, INT, INT, INT, INT, POINTER);
    }

    public static final int GETPID = 11;
    public static final int GETVAL = 12;
    public static final int GETALL = 13;
    public static final int GETNCNT = 14;
    public static final int GETZCNT = 15;
    public static final int SETVAL = 16;
    public static final int SETALL = 17;

    public static final int SEM_UNDO = 0x1000;

    /** {@code struct sembuf}, all short. */
    public static final long SEMBUF_BYTES = 6;

    public static final long SEMBUF_NUM = 0;
    public static final long SEMBUF_OP = 2;
    public static final long SEMBUF_FLG = 4;

    /** {@code struct semid_ds}, which begins with ipc_perm. */
    public static final long SEMID_DS_BYTES = Arch.AARCH64 ? 88 : 104;

    public static final long SEMID_DS_OTIME = 48;
    public static final long SEMID_DS_CTIME = Arch.AARCH64 ? 56 : 64;
    public static final long SEMID_DS_NSEMS = Arch.AARCH64 ? 64 : 80;

    private SysSem() {}

    /**
     * {@code int semget(key_t key, int count, int flags)} - find or make a set; Linux makes it of
     * zeros. semget(2)
     */
    public static int semget(int key, int count, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Semget.CALL.invokeExact(errno, key, count, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("semget", thrown);
        }
    }

    /**
     * {@code int semtimedop(int id, struct sembuf *ops, size_t count, const struct timespec
     * *timeout)} - all operations or none; the time is relative, NULL is for ever, EAGAIN says that
     * it has passed. Never restarted after a signal. semop(2)
     */
    public static int semtimedop(
            int id, MemorySegment operations, long count, MemorySegment timeout) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Semtimedop.CALL.invokeExact(errno, id, operations, count, timeout),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("semtimedop", thrown);
        }
    }

    /**
     * {@code int semctl(int id, int index, int command, int value)} - ask or set one semaphore, or
     * remove. semctl(2)
     */
    public static int semctl(int id, int index, int command, int value) {
        MemorySegment errno = Errno.segment();
        try {
            int result =
                    (int) SemctlValue.CALL.invokeExact(errno, id, index, command, (long) value);
            return Errno.result(result, errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("semctl", thrown);
        }
    }

    /**
     * {@code int semctl(int id, int index, int command, void *argument)} - describe or change the
     * set, or all its values. semctl(2)
     */
    public static int semctl(int id, int index, int command, MemorySegment argument) {
        MemorySegment errno = Errno.segment();
        try {
            int result = (int) SemctlPointer.CALL.invokeExact(errno, id, index, command, argument);
            return Errno.result(result, errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("semctl", thrown);
        }
    }
}
