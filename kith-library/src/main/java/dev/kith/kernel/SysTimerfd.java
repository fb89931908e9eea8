// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/timerfd.h: a timer behind a descriptor. A read of 8 bytes is how often it has expired. */
public final class SysTimerfd {

    private static final class Create {
        static final MethodHandle CALL = Linkage.errno("timerfd_create", INT, INT, INT);
    }

    private static final class Settime {
        static final MethodHandle CALL =
                Linkage.errno("timerfd_settime", INT, INT, INT, POINTER, POINTER);
    }

    private static final class Gettime {
        static final MethodHandle CALL = Linkage.errno("timerfd_gettime", INT, INT, POINTER);
    }

    public static final int TFD_CLOEXEC = 0x80000;
    public static final int TFD_TIMER_ABSTIME = 1;
    public static final int TFD_TIMER_CANCEL_ON_SET = 2;
    public static final int CLOCK_REALTIME = 0;
    public static final int CLOCK_MONOTONIC = 1;
    public static final int CLOCK_BOOTTIME = 7;

    /** {@code struct itimerspec}: two times, {@link Timespec}. */
    public static final long ITIMERSPEC_BYTES = 32;

    public static final long INTERVAL = 0;
    public static final long VALUE = 16;

    private SysTimerfd() {}

    /** {@code int timerfd_create(int clockid, int flags)} - make a timer. timerfd_create(2) */
    public static int create(int clock, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Create.CALL.invokeExact(errno, clock, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("timerfd_create", thrown);
        }
    }

    /**
     * {@code int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec
     * *old)} - start it, or stop it if the value is 0; what it had counted is forgotten.
     * timerfd_create(2)
     */
    public static int settime(int fd, int flags, MemorySegment time, MemorySegment old) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Settime.CALL.invokeExact(errno, fd, flags, time, old), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("timerfd_settime", thrown);
        }
    }

    /**
     * {@code int timerfd_gettime(int fd, struct itimerspec *now)} - the time that is left, also of
     * one that was set to a point in time. timerfd_create(2)
     */
    public static int gettime(int fd, MemorySegment time) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Gettime.CALL.invokeExact(errno, fd, time), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("timerfd_gettime", thrown);
        }
    }
}
