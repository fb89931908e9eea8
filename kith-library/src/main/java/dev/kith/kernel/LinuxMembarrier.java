// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;

import java.lang.invoke.MethodHandle;

/**
 * linux/membarrier.h: a memory barrier in every thread of this process, or of all processes that
 * have registered. No libc has a wrapper.
 */
public final class LinuxMembarrier {
    public static final int MEMBARRIER_CMD_GLOBAL_EXPEDITED = 2;
    public static final int MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 4;
    public static final int MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8;
    public static final int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 16;

    private static final class Membarrier {
        static final MethodHandle CALL = Linkage.plainVariadic("syscall", 1, LONG, LONG, INT, INT);
    }

    private static final long MEMBARRIER = Arch.AARCH64 ? 283 : 324;

    private LinuxMembarrier() {}

    /**
     * {@code int membarrier(int cmd, unsigned int flags)} - make every running thread of the
     * process, or with GLOBAL of every process that has registered for it, pass a full barrier
     * between the begin and the end of the call; the command to register, once before, takes some
     * 10 ms. membarrier(2)
     *
     * @return 0, or -1 for whatever reason: the kernel, or a filter of system calls, has none
     */
    public static int membarrier(int command) {
        try {
            return (int) (long) Membarrier.CALL.invokeExact(MEMBARRIER, command, 0);
        } catch (Throwable thrown) {
            throw Linkage.failed("membarrier", thrown);
        }
    }
}
