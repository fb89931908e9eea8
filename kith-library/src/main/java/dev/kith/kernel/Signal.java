// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** signal.h: sending, handling, blocking. */
public final class Signal {

    private static final class Kill {
        static final MethodHandle CALL = Linkage.errno("kill", INT, INT, INT);
    }

    private static final class Sigqueue {
        static final MethodHandle CALL = Linkage.errno("sigqueue", INT, INT, INT, LONG);
    }

    private static final class Tgkill {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, INT, INT, INT);
    }

    private static final class Sigaction {
        static final MethodHandle CALL = Linkage.errno("sigaction", INT, INT, POINTER, POINTER);
    }

    private static final class Queueinfo {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, INT, INT, POINTER);
    }

    private static final class Tgqueueinfo {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, INT, INT, INT, POINTER);
    }

    private static final long RT_SIGQUEUEINFO = Arch.AARCH64 ? 138 : 129;
    private static final long RT_TGSIGQUEUEINFO = Arch.AARCH64 ? 240 : 297;

    /** The first real-time signal that the C library leaves to programs. */
    public static final int SIGRTMIN = Arch.musl() ? 35 : 34;

    /** The last signal there is. */
    public static final int SIGRTMAX = 64;

    public static final int SIG_BLOCK = 0;
    public static final int SIG_UNBLOCK = 1;

    /** {@code sigset_t}: bit n-1 of the first 8 bytes is signal n. */
    public static final long SIGSET_BYTES = 128;

    /** {@code struct sigaction} of the C library: no mask and no flags are what we want. */
    private static final long SIGACTION_BYTES = 152;

    private static final long SIGACTION_HANDLER = 0;

    private static final long SYS_TGKILL = Arch.AARCH64 ? 131 : 234;

    private Signal() {}

    /** {@code int kill(pid_t pid, int sig)} - send a signal; 0 only asks. kill(2) */
    public static int kill(int pid, int signal) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Kill.CALL.invokeExact(errno, pid, signal), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("kill", thrown);
        }
    }

    /**
     * {@code int sigqueue(pid_t pid, int sig, const union sigval value)} - send a signal with 8
     * bytes; EAGAIN when the receiver's user has as many waiting as it may. sigqueue(3)
     */
    public static int sigqueue(int pid, int signal, long value) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Sigqueue.CALL.invokeExact(errno, pid, signal, value), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sigqueue", thrown);
        }
    }

    /**
     * {@code int rt_sigqueueinfo(pid_t tgid, int sig, siginfo_t *info)} - the same with a {@link
     * Siginfo} of one's own. rt_sigqueueinfo(2)
     */
    public static int queueInfo(int pid, int signal, MemorySegment info) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    Queueinfo.CALL.invokeExact(
                                            errno, RT_SIGQUEUEINFO, pid, signal, info),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("rt_sigqueueinfo", thrown);
        }
    }

    /**
     * {@code int rt_tgsigqueueinfo(pid_t tgid, pid_t tid, int sig, siginfo_t *info)} - the same to
     * one thread. rt_sigqueueinfo(2)
     */
    public static int threadQueueInfo(int pid, int tid, int signal, MemorySegment info) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    Tgqueueinfo.CALL.invokeExact(
                                            errno, RT_TGSIGQUEUEINFO, pid, tid, signal, info),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("rt_tgsigqueueinfo", thrown);
        }
    }

    /**
     * {@code int sigaction(int sig, const struct sigaction *act, NULL)} - handle a signal by doing
     * nothing, without SA_RESTART, so that it ends a blocked call with EINTR. The handler is a
     * function of the C library that takes no notice of its arguments (getpid): an upcall as a
     * handler kills the JVM. sigaction(2)
     */
    public static int handleByNothing(int signal) {
        return handle(signal, Linkage.address("getpid"));
    }

    /**
     * {@code int sigaction(int sig, const struct sigaction *act, NULL)} - SIG_DFL: as every process
     * starts, unless its parent ignores the signal. sigaction(2)
     */
    public static int handleByDefault(int signal) {
        return handle(signal, MemorySegment.NULL);
    }

    private static int handle(int signal, MemorySegment handler) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            action.set(ValueLayout.ADDRESS, SIGACTION_HANDLER, handler);
            return Errno.result(
                    (int) Sigaction.CALL.invokeExact(errno, signal, action, MemorySegment.NULL),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sigaction", thrown);
        }
    }

    /** A {@code sigset_t} in which bit n-1 stands for signal n. */
    public static MemorySegment set(Arena arena, long bits) {
        MemorySegment set = arena.allocate(SIGSET_BYTES, 8);
        set.set(JAVA_LONG, 0, bits);
        return set;
    }

    /** The bits of a {@code sigset_t}. */
    public static long bits(MemorySegment set) {
        return set.get(JAVA_LONG, 0);
    }

    /** The bit of one signal. */
    public static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /**
     * {@code int tgkill(pid_t tgid, pid_t tid, int sig)} - signal one thread; ESRCH if it has
     * ended. By syscall(2): older C libraries have no wrapper. tgkill(2)
     */
    public static int tgkill(int process, int thread, int signal) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    Tgkill.CALL.invokeExact(
                                            errno, SYS_TGKILL, process, thread, signal),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("tgkill", thrown);
        }
    }
}
