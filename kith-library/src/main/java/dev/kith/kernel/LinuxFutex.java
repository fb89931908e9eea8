// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * linux/futex.h: waiting for a 32-bit word of memory that processes share. No libc has a wrapper.
 * None of the calls is private (FUTEX_PRIVATE_FLAG), which would wake nobody in another process.
 */
public final class LinuxFutex {

    private static final class Futex {
        static final MethodHandle CALL =
                Linkage.plainVariadic(
                        "syscall", 1, LONG, LONG, POINTER, INT, INT, POINTER, POINTER, INT);
    }

    private static final class FutexWaitv {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, POINTER, INT, INT, POINTER, INT);
    }

    public static final int FUTEX_WAITV_MAX = 128;

    /** {@code struct futex_waitv}. */
    public static final long WAITV_BYTES = 24;

    private static final long WAITV_VAL = 0;
    private static final long WAITV_UADDR = 8;
    private static final long WAITV_FLAGS = 16;
    private static final long WAITV_RESERVED = 20;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_32 = 2;
    private static final long FUTEX = Arch.AARCH64 ? 98 : 202;
    private static final long FUTEX_WAITV = 449;

    private LinuxFutex() {}

    /**
     * {@code long futex(uint32_t *uaddr, FUTEX_WAIT, uint32_t val, const struct timespec *timeout)}
     * - wait while the word has the value; may return 0 for no reason. futex(2)
     *
     * @param timeout a {@link Timespec} from now, or NULL for ever
     * @return 0 after a wake-up, or -1: the word has another value, the time has passed, a signal
     *     came. Who called looks at the word in any case, so nobody asks which
     */
    public static int await(MemorySegment word, int value, MemorySegment timeout) {
        return futex(word, FUTEX_WAIT, value, timeout);
    }

    /**
     * {@code long futex(uint32_t *uaddr, FUTEX_WAKE, uint32_t val)} - wake at most so many waiters;
     * how many there were, or -1. futex(2)
     */
    public static int wake(MemorySegment word, int most) {
        return futex(word, FUTEX_WAKE, most, MemorySegment.NULL);
    }

    /** Fills the struct of that index of an array in. */
    public static void waiter(MemorySegment array, int index, MemorySegment word, int value) {
        long at = index * WAITV_BYTES;
        array.set(JAVA_LONG, at + WAITV_VAL, value & 0xffff_ffffL);
        array.set(JAVA_LONG, at + WAITV_UADDR, word.address());
        array.set(JAVA_INT, at + WAITV_FLAGS, FUTEX_32);
        array.set(JAVA_INT, at + WAITV_RESERVED, 0);
    }

    /**
     * {@code int futex_waitv(struct futex_waitv *waiters, unsigned n, 0, const struct timespec
     * *deadline, CLOCK_REALTIME)} - wait for one of many words; the index of one that was woken,
     * EAGAIN if one has another value, ETIMEDOUT at the deadline. ENOSYS before Linux 5.16.
     * futex(2), Documentation/userspace-api/futex2.rst
     *
     * @param deadline a {@link Timespec} since the epoch, or NULL for ever
     */
    public static int awaitAny(MemorySegment array, int count, MemorySegment deadline) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    FutexWaitv.CALL.invokeExact(
                                            errno,
                                            FUTEX_WAITV,
                                            array,
                                            count,
                                            0,
                                            deadline,
                                            SysTimerfd.CLOCK_REALTIME),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("futex_waitv", thrown);
        }
    }

    private static int futex(MemorySegment word, int operation, int value, MemorySegment timeout) {
        try {
            return (int)
                    (long)
                            Futex.CALL.invokeExact(
                                    FUTEX, word, operation, value, timeout, MemorySegment.NULL, 0);
        } catch (Throwable thrown) {
            throw Linkage.failed("futex", thrown);
        }
    }
}
