// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/uio.h: reads with flags. By syscall(2): musl before 1.2.5 has no wrapper. */
public final class SysUio {

    private static final class Preadv2 {
        static final MethodHandle CALL =
                Linkage.errnoVariadic(
                        "syscall", 1, LONG, LONG, INT, POINTER, LONG, LONG, LONG, INT, POINTER);
    }

    /** Of preadv2: -EAGAIN instead of waiting. */
    public static final int RWF_NOWAIT = 8;

    /** {@code struct iovec}. */
    public static final long IOVEC_BYTES = 16;

    private static final long IOVEC_BASE = 0;
    private static final long IOVEC_LEN = 8;
    private static final long PREADV2 = Arch.AARCH64 ? 286 : 327;

    private SysUio() {}

    /**
     * {@code ssize_t preadv2(int fd, const struct iovec *iov, int n, off_t offset, int flags)} -
     * read into one buffer; offset -1 is the current position. EOPNOTSUPP if this kind of file does
     * not know RWF_NOWAIT: eventfds since Linux 5.8, pipes since 6.4, timerfds since 6.10.
     * preadv2(2)
     *
     * @param vector 16 bytes, filled in here
     */
    public static long preadv2(
            int fd,
            MemorySegment vector,
            MemorySegment buffer,
            long count,
            long offset,
            int flags) {
        if (!buffer.isNative()) {
            throw new IllegalArgumentException("not native memory: " + buffer);
        }
        vector.set(JAVA_LONG, IOVEC_BASE, buffer.address());
        vector.set(JAVA_LONG, IOVEC_LEN, count);
        MemorySegment errno = Errno.segment();
        try {
            // The last argument is not the kernel's: it keeps the buffer from being freed
            // meanwhile.
            return Errno.result(
                    (long)
                            Preadv2.CALL.invokeExact(
                                    errno, PREADV2, fd, vector, 1L, offset, 0L, flags, buffer),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("preadv2", thrown);
        }
    }
}
