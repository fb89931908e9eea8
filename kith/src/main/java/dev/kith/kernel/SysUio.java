// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/uio.h: reading and writing without waiting, whatever the descriptor's flags say. */
public final class SysUio {
    private static final MethodHandle PREADV2 =
            Linkage.errno("preadv2", LONG, INT, POINTER, INT, LONG, INT);
    private static final MethodHandle PWRITEV2 =
            Linkage.errno("pwritev2", LONG, INT, POINTER, INT, LONG, INT);

    public static final int RWF_NOWAIT = 8;

    private SysUio() {}

    /**
     * {@code ssize_t preadv2(int fd, const struct iovec *iov, int n, off_t offset, int flags)} -
     * offset -1 reads at the current one; RWF_NOWAIT gives EAGAIN, or EOPNOTSUPP on pipes before
     * Linux 6.5. readv(2)
     */
    public static long preadv2(int fd, MemorySegment iov, int count, long offset, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) PREADV2.invokeExact(errno, fd, iov, count, offset, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("preadv2", thrown);
        }
    }

    /**
     * {@code ssize_t pwritev2(int fd, const struct iovec *iov, int n, off_t offset, int flags)} -
     * as above for writing. readv(2)
     */
    public static long pwritev2(int fd, MemorySegment iov, int count, long offset, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) PWRITEV2.invokeExact(errno, fd, iov, count, offset, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pwritev2", thrown);
        }
    }
}
