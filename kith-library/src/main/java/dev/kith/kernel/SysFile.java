// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/file.h: locks of whole files, of directories too. */
public final class SysFile {

    private static final class Flock {
        static final MethodHandle CALL = Linkage.errno("flock", INT, INT, INT);
    }

    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;

    private SysFile() {}

    /**
     * {@code int flock(int fd, int operation)} - lock an open file, until its last descriptor is
     * closed; blocks without LOCK_NB. flock(2)
     */
    public static int flock(int fd, int operation) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Flock.CALL.invokeExact(errno, fd, operation), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("flock", thrown);
        }
    }
}
