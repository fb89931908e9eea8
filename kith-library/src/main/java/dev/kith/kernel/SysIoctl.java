// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/ioctl.h: what is asked of a descriptor by a number. */
public final class SysIoctl {

    private static final class Ioctl {
        static final MethodHandle CALL = Linkage.errnoVariadic("ioctl", 2, INT, INT, LONG, POINTER);
    }

    /** How many bytes wait to be read: an int. */
    public static final long FIONREAD = 0x541b;

    private SysIoctl() {}

    /**
     * {@code int ioctl(int fd, unsigned long request, void *argument)} - ask or tell, by a number.
     * ioctl(2)
     */
    public static int ioctl(int fd, long request, MemorySegment argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Ioctl.CALL.invokeExact(errno, fd, request, argument), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("ioctl", thrown);
        }
    }
}
