// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** sys/epoll.h: wait for many descriptors. */
public final class SysEpoll {

    private static final class EpollCreate1 {
        static final MethodHandle CALL = Linkage.errno("epoll_create1", INT, INT);
    }

    private static final class EpollCtl {
        static final MethodHandle CALL = Linkage.errno("epoll_ctl", INT, INT, INT, INT, POINTER);
    }

    private static final class EpollWait {
        static final MethodHandle CALL = Linkage.errno("epoll_wait", INT, INT, POINTER, INT, INT);
    }

    public static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLLIN = 1;
    public static final int EPOLLPRI = 2;
    public static final int EPOLLOUT = 4;
    public static final int EPOLLERR = 8;
    public static final int EPOLLHUP = 0x10;
    public static final int EPOLLRDHUP = 0x2000;
    public static final int EPOLLONESHOT = 1 << 30;
    public static final int EPOLLET = 1 << 31;

    /** {@code struct epoll_event} is packed on x86-64 only. */
    public static final long EVENT_BYTES = Arch.AARCH64 ? 16 : 12;

    private static final long EVENTS = 0;
    private static final long DATA = Arch.AARCH64 ? 8 : 4;

    private SysEpoll() {}

    /** {@code int epoll_create1(int flags)} - make a set. epoll_create(2) */
    public static int create1(int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) EpollCreate1.CALL.invokeExact(errno, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("epoll_create1", thrown);
        }
    }

    /**
     * {@code int epoll_ctl(int epfd, int op, int fd, struct epoll_event *ev)} - change it.
     * epoll_ctl(2)
     */
    public static int ctl(int set, int operation, int fd, MemorySegment event) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) EpollCtl.CALL.invokeExact(errno, set, operation, fd, event), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("epoll_ctl", thrown);
        }
    }

    /**
     * {@code int epoll_wait(int epfd, struct epoll_event *evs, int n, int timeout)} - wait; -1 for
     * ever. EINTR on any handled signal. epoll_wait(2)
     */
    public static int wait(int set, MemorySegment events, int count, int timeoutMillis) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) EpollWait.CALL.invokeExact(errno, set, events, count, timeoutMillis),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("epoll_wait", thrown);
        }
    }

    /** Fills in the event at an index. */
    public static void event(MemorySegment events, int index, int mask, long data) {
        events.set(ValueLayout.JAVA_INT_UNALIGNED, index * EVENT_BYTES + EVENTS, mask);
        events.set(ValueLayout.JAVA_LONG_UNALIGNED, index * EVENT_BYTES + DATA, data);
    }

    /** The mask of the event at an index. */
    public static int mask(MemorySegment events, int index) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, index * EVENT_BYTES + EVENTS);
    }

    /** The data of the event at an index. */
    public static long data(MemorySegment events, int index) {
        return events.get(ValueLayout.JAVA_LONG_UNALIGNED, index * EVENT_BYTES + DATA);
    }
}
