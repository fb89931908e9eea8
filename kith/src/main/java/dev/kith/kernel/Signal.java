// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** signal.h: sending, handling, blocking. */
public final class Signal {
    private static final MethodHandle KILL = Linkage.errno("kill", INT, INT, INT);
    private static final MethodHandle SIGACTION =
            Linkage.errno("sigaction", INT, INT, POINTER, POINTER);

    /** The first real-time signal that the C library leaves to programs. */
    public static final int SIGRTMIN = Arch.MUSL ? 35 : 34;

    /** {@code struct sigaction} of the C library: handler 0, mask 8, flags 136. */
    private static final long SIGACTION_BYTES = 152;

    private Signal() {}

    /** {@code int kill(pid_t pid, int sig)} - send a signal; 0 only asks. kill(2) */
    public static int kill(int pid, int signal) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) KILL.invokeExact(errno, pid, signal), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("kill", thrown);
        }
    }

    /**
     * {@code int sigaction(int sig, const struct sigaction *act, NULL)} - handle a signal by doing
     * nothing, without SA_RESTART, so that it ends a blocked call with EINTR. The handler is a
     * function of the C library that takes no notice of its arguments (getpid): an upcall as a
     * handler kills the JVM. sigaction(2)
     */
    public static int handleByNothing(int signal) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION_BYTES, 8);
            action.set(ValueLayout.ADDRESS, 0, Linkage.address("getpid"));
            return Errno.result(
                    (int) SIGACTION.invokeExact(errno, signal, action, MemorySegment.NULL), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sigaction", thrown);
        }
    }
}
