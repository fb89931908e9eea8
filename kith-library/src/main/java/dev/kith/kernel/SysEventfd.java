// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * sys/eventfd.h: a counter of 64 bits without sign behind a descriptor. A write of 8 bytes adds and
 * waits while the sum would be 2^64-1 or more; a read of 8 bytes waits while it is 0.
 */
public final class SysEventfd {

    private static final class Eventfd {
        static final MethodHandle CALL = Linkage.errno("eventfd", INT, INT, INT);
    }

    public static final int EFD_CLOEXEC = 0x80000;

    public static final int EFD_NONBLOCK = 0x800;

    /** A read takes 1 instead of all. */
    public static final int EFD_SEMAPHORE = 1;

    private SysEventfd() {}

    /** {@code int eventfd(unsigned int initval, int flags)} - make a counter. eventfd(2) */
    public static int eventfd(int initial, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Eventfd.CALL.invokeExact(errno, initial, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("eventfd", thrown);
        }
    }
}
