// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * sys/signalfd.h: a descriptor from which blocked signals are read, a struct signalfd_siginfo each.
 * It gives those of the reading thread and of the process.
 *
 * <p>Better than sigtimedwait(2), which unblocks the signals while it waits: other processes that
 * look whether this one blocks them would be misled.
 */
public final class SysSignalfd {

    private static final class Signalfd {
        static final MethodHandle CALL = Linkage.errno("signalfd", INT, INT, POINTER, INT);
    }

    public static final int SFD_NONBLOCK = 0x800;
    public static final int SFD_CLOEXEC = 0x80000;
    public static final long SIGINFO_BYTES = 128;
    public static final long SIGNO = 0;
    public static final long ERRNO = 4;
    public static final long CODE = 8;
    public static final long PID = 12;
    public static final long UID = 16;
    public static final long PTR = 48;

    private SysSignalfd() {}

    /** {@code int signalfd(int fd, const sigset_t *mask, int flags)} - -1 makes one. signalfd(2) */
    public static int signalfd(int fd, MemorySegment set, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Signalfd.CALL.invokeExact(errno, fd, set, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("signalfd", thrown);
        }
    }
}
