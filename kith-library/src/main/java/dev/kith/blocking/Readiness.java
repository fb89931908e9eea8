// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.Waitable;
import dev.kith.kernel.Errno;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.SysEpoll;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One daemon thread with an epoll that tells when a descriptor becomes ready, each request once. It
 * serves the wait sets of the whole process.
 *
 * <p>A request holds a duplicate of the descriptor, so that the same one can be asked for several
 * times and closing the original does not pull it away under the kernel.
 */
public final class Readiness {
    private static final int BATCH = 64;

    private final int epoll =
            Errors.check(
                    SysEpoll.create1(SysEpoll.EPOLL_CLOEXEC), "epoll_create1(EPOLL_CLOEXEC)", "");
    private final Map<Long, Request> requests = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private Readiness() {
        Thread.ofPlatform().daemon().name("kith-readiness").start(this::run);
    }

    private record Request(int fd, Runnable wake) {}

    private static final class Holder {
        static final Readiness ONE = new Readiness();
    }

    /**
     * Asks to be told once when a descriptor is ready, or has an error or a hang-up.
     *
     * @param fd an open descriptor that can be polled
     * @param events Poll.POLLIN or Poll.POLLOUT, which have the same value for epoll
     * @param wake run in the thread of this class; must not block
     */
    public static Waitable.Registration when(int fd, short events, Runnable wake) {
        return Holder.ONE.register(fd, events, wake);
    }

    private Waitable.Registration register(int fd, short events, Runnable wake) {
        int copy =
                Errors.check(
                        Fcntl.fcntl(fd, Fcntl.F_DUPFD_CLOEXEC, 3),
                        "fcntl(" + fd + ", F_DUPFD_CLOEXEC)",
                        "raise the limit of open files (ulimit -n)");
        long id = next.incrementAndGet();
        requests.put(id, new Request(copy, wake));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(16, 8);
            SysEpoll.event(event, 0, events | SysEpoll.EPOLLONESHOT, id);
            int error = SysEpoll.ctl(epoll, SysEpoll.EPOLL_CTL_ADD, copy, event);
            if (error < 0) {
                cancel(id);
                if (error == -Errno.EPERM) {
                    // A regular file is always ready.
                    wake.run();
                    return () -> {};
                }
                throw Errors.of("epoll_ctl(EPOLL_CTL_ADD, " + fd + ")", error, "");
            }
        }
        return () -> cancel(id);
    }

    private void cancel(long id) {
        Request request = requests.remove(id);
        if (request != null) {
            SysEpoll.ctl(epoll, SysEpoll.EPOLL_CTL_DEL, request.fd, MemorySegment.NULL);
            Unistd.close(request.fd);
        }
    }

    private void run() {
        MemorySegment events = Arena.global().allocate(BATCH * SysEpoll.EVENT_BYTES, 8);
        for (; ; ) {
            int ready = SysEpoll.wait(epoll, events, BATCH, -1);
            for (int i = 0; i < ready; i++) {
                Request request = requests.get(SysEpoll.data(events, i));
                if (request != null) {
                    wake(request.wake);
                }
            }
        }
    }

    /** One that throws must not take the thread of all others with it. */
    private static void wake(Runnable wake) {
        try {
            wake.run();
        } catch (Throwable thrown) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        }
    }
}
