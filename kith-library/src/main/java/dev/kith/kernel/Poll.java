// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** poll.h: wait for descriptors. */
public final class Poll {

    private static final class PollCall {
        static final MethodHandle CALL = Linkage.errno("poll", INT, POINTER, LONG, INT);
    }

    public static final short POLLIN = 1;
    public static final short POLLOUT = 4;
    public static final short POLLERR = 8;
    public static final short POLLHUP = 0x10;
    public static final short POLLNVAL = 0x20;

    /** {@code struct pollfd}. */
    public static final long POLLFD_BYTES = 8;

    public static final long POLLFD_FD = 0;
    public static final long POLLFD_EVENTS = 4;
    public static final long POLLFD_REVENTS = 6;

    private Poll() {}

    /**
     * {@code int poll(struct pollfd *fds, nfds_t n, int timeout)} - wait; -1 for ever. EINTR on any
     * handled signal. poll(2)
     */
    public static int poll(MemorySegment fds, long count, int timeoutMillis) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) PollCall.CALL.invokeExact(errno, fds, count, timeoutMillis), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("poll", thrown);
        }
    }
}
