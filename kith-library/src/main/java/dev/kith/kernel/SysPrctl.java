// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/prctl.h: what a process says of itself. */
public final class SysPrctl {

    private static final class Prctl {
        static final MethodHandle CALL = Linkage.errnoVariadic("prctl", 1, INT, INT, LONG);
    }

    public static final int PR_SET_PDEATHSIG = 1;

    private SysPrctl() {}

    /**
     * {@code int prctl(int option, unsigned long argument)} - PR_SET_PDEATHSIG: the signal when the
     * <em>thread</em> that made this process ends; it holds as long as the calling thread lives.
     * prctl(2)
     */
    public static int prctl(int option, long argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Prctl.CALL.invokeExact(errno, option, argument), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("prctl", thrown);
        }
    }
}
