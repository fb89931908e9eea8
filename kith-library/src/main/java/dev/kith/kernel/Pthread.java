// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** pthread.h: a thread's identity, and a signal to it. */
public final class Pthread {

    private static final class PthreadSelf {
        static final MethodHandle CALL = Linkage.plain("pthread_self", LONG);
    }

    private static final class PthreadKill {
        static final MethodHandle CALL = Linkage.plain("pthread_kill", INT, LONG, INT);
    }

    private static final class PthreadSigmask {
        static final MethodHandle CALL =
                Linkage.plain("pthread_sigmask", INT, INT, POINTER, POINTER);
    }

    private Pthread() {}

    /** {@code pthread_t pthread_self(void)} - the calling thread. pthread_self(3) */
    public static long self() {
        try {
            return (long) PthreadSelf.CALL.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("pthread_self", thrown);
        }
    }

    /**
     * {@code int pthread_kill(pthread_t thread, int sig)} - signal one thread, which must not have
     * ended; returns the error, positive. pthread_kill(3)
     */
    public static int kill(long thread, int signal) {
        try {
            return (int) PthreadKill.CALL.invokeExact(thread, signal);
        } catch (Throwable thrown) {
            throw Linkage.failed("pthread_kill", thrown);
        }
    }

    /**
     * {@code int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)} - the calling
     * thread's blocked signals; returns the error, positive. pthread_sigmask(3)
     */
    public static int sigmask(int how, MemorySegment set, MemorySegment old) {
        try {
            return (int) PthreadSigmask.CALL.invokeExact(how, set, old);
        } catch (Throwable thrown) {
            throw Linkage.failed("pthread_sigmask", thrown);
        }
    }
}
