// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EBUSY;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kith.Closed;
import dev.kith.Waitable.Registration;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Mqueue;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One notification of mq_notify(3). The kernel writes it to a netlink socket, which a thread of
 * ours reads: the same way that the C library takes for SIGEV_THREAD, without a callback from C.
 *
 * <p>Any close of any descriptor of the queue in this process takes the registration away, another
 * handle's too. The kernel says so on the socket, and it is made again. Should somebody else have
 * registered meanwhile, it is tried until he is told; what may have come in between is told as one
 * notification.
 */
final class QueueNotice implements Registration {
    private static final long RETRY_MILLIS = 10;

    private final QueueNotification of;
    private final Descriptor queue;
    private final Descriptor socket;
    private final Runnable callback;
    private final boolean again;
    private final Consumer<QueueNotice> ended;
    private boolean armed;
    private boolean closed;

    QueueNotice(
            QueueNotification of,
            Descriptor queue,
            Runnable callback,
            boolean again,
            Consumer<QueueNotice> ended) {
        this.of = of;
        this.queue = queue;
        this.callback = Objects.requireNonNull(callback, "callback");
        this.again = again;
        this.ended = ended;
        int fd =
                Errors.check(
                        SysSocket.socket(
                                SysSocket.AF_NETLINK,
                                SysSocket.SOCK_RAW | SysSocket.SOCK_CLOEXEC,
                                0),
                        "socket(AF_NETLINK, SOCK_RAW, 0)",
                        "the kernel notifies through it; a sandbox may forbid it: use a WaitSet"
                                + " there");
        this.socket = new Descriptor(fd, of.toString());
    }

    /** Registers, or throws what is in the way. */
    void start() {
        of.check(arm());
        Thread.ofPlatform().daemon().name("kith-" + of).start(this::run);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
            if (armed) {
                disarm();
            }
        }
        socket.close();
        ended.accept(this);
    }

    private void run() {
        MemorySegment cookie = Arena.ofAuto().allocate(Mqueue.COOKIE_BYTES, 8);
        try {
            boolean more = true;
            while (more) {
                boolean message = next(cookie) == Mqueue.NOTIFY_WOKENUP;
                if (again || !message) {
                    armAgain();
                }
                if (message || queue.poll(Poll.POLLIN, 0) != 0) {
                    more = again;
                    tell();
                }
            }
        } catch (Closed over) {
            // by close() here or of the queue
        } catch (InterruptedException notOurs) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Waits until the registration is used up and says how. */
    private byte next(MemorySegment cookie) throws InterruptedException {
        long got = socket.read(cookie, Mqueue.COOKIE_BYTES, Deadline.FOREVER);
        if (got != Mqueue.COOKIE_BYTES) {
            throw Errors.of("read(" + of + ")", got, "");
        }
        synchronized (this) {
            armed = false;
        }
        return cookie.get(JAVA_BYTE, Mqueue.COOKIE_BYTES - 1);
    }

    private void armAgain() throws InterruptedException {
        int error;
        while ((error = arm()) == -EBUSY) {
            synchronized (this) {
                if (closed) {
                    throw queue.gate().closedException();
                }
                wait(RETRY_MILLIS);
            }
        }
        of.check(error);
    }

    private synchronized int arm() {
        if (closed) {
            throw queue.gate().closedException();
        }
        queue.gate().enter();
        try {
            int error = Mqueue.notifyBySocket(queue.fd(), socket.fd());
            armed = error == 0;
            return error;
        } finally {
            queue.gate().exit();
        }
    }

    private void disarm() {
        try {
            queue.gate().enter();
        } catch (Closed already) {
            return;
        }
        try {
            Mqueue.notifyNoMore(queue.fd());
        } finally {
            queue.gate().exit();
        }
    }

    private void tell() {
        try {
            callback.run();
        } catch (RuntimeException | Error thrown) {
            if (thrown instanceof Closed && queue.gate().isClosed()) {
                // The callback was using the queue when it was closed, which ends this too.
                return;
            }
            Thread self = Thread.currentThread();
            self.getUncaughtExceptionHandler().uncaughtException(self, thrown);
        }
    }
}
