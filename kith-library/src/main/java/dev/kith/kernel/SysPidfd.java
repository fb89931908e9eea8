// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * sys/pidfd.h: a descriptor of a process, which no other process of the same number can take the
 * place of. By syscall(2): musl has no wrappers.
 */
public final class SysPidfd {

    private static final class Open {
        static final MethodHandle CALL = Linkage.errnoVariadic("syscall", 1, LONG, LONG, INT, INT);
    }

    private static final class SendSignal {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, INT, INT, POINTER, INT);
    }

    private static final class Getfd {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, INT, INT, INT);
    }

    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_GETFD = 438;

    private SysPidfd() {}

    /**
     * {@code int pidfd_open(pid_t pid, unsigned int flags)} - a descriptor, close-on-exec, that
     * polls as POLLIN when the process has ended, zombies included; ENOSYS before Linux 5.3.
     * pidfd_open(2)
     */
    public static int open(int pid, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long) Open.CALL.invokeExact(errno, PIDFD_OPEN, pid, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pidfd_open", thrown);
        }
    }

    /**
     * {@code int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags)} -
     * signal the process; with NULL as kill(2) does. A zombie takes it without a word.
     * pidfd_send_signal(2)
     */
    public static int sendSignal(int pidfd, int signal, MemorySegment info, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    SendSignal.CALL.invokeExact(
                                            errno, PIDFD_SEND_SIGNAL, pidfd, signal, info, flags),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pidfd_send_signal", thrown);
        }
    }

    /**
     * {@code int pidfd_getfd(int pidfd, int targetfd, unsigned int flags)} - a duplicate,
     * close-on-exec, of a descriptor of the process; EPERM without the right to ptrace it, ENOSYS
     * before Linux 5.6. pidfd_getfd(2)
     */
    public static int getfd(int pidfd, int target, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long) Getfd.CALL.invokeExact(errno, PIDFD_GETFD, pidfd, target, flags),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pidfd_getfd", thrown);
        }
    }
}
