// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/signalfd.h: a descriptor that polls as readable while a blocked signal waits. */
public final class SysSignalfd {
    private static final MethodHandle SIGNALFD = Linkage.errno("signalfd", INT, INT, POINTER, INT);

    public static final int SFD_CLOEXEC = 0x80000;

    private SysSignalfd() {}

    /** {@code int signalfd(int fd, const sigset_t *mask, int flags)} - -1 makes one. signalfd(2) */
    public static int signalfd(int fd, MemorySegment set, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SIGNALFD.invokeExact(errno, fd, set, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("signalfd", thrown);
        }
    }
}
