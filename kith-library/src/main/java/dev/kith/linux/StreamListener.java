// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.ECONNABORTED;
import static dev.kith.kernel.Errno.EINTR;

import dev.kith.Waitable;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Offload;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysSocket;
import java.lang.foreign.MemorySegment;

/** What listening stream sockets of every family have in common. */
final class StreamListener {
    /** Connections that nobody has accepted; the kernel holds at most somaxconn. */
    static final int BACKLOG = 4096;

    private final String name;
    private final Descriptor descriptor;

    /** Takes a listening socket over. */
    StreamListener(int fd, String name) {
        this.name = name;
        this.descriptor = new Descriptor(fd, "listener on " + name);
    }

    /**
     * Waits for a connection: its descriptor, or -EAGAIN if none came in time.
     *
     * @param peer filled in with the address of the other side, or NULL; of any thread
     * @param length how long {@code peer} is, or NULL
     */
    int accept(long timeoutNanos, MemorySegment peer, MemorySegment length)
            throws InterruptedException {
        if (Offload.needed()) {
            return Offload.call(() -> accept(timeoutNanos, peer, length));
        }
        long deadline = Deadline.after(timeoutNanos);
        for (; ; ) {
            if (timeoutNanos != Deadline.FOREVER && !descriptor.await(Poll.POLLIN, deadline)) {
                return -EAGAIN;
            }
            int fd = acceptOnce(deadline, peer, length);
            if (fd >= 0) {
                return fd;
            }
            if (fd != -EAGAIN && fd != -ECONNABORTED && fd != -EINTR) {
                throw Errors.of(
                        "accept(" + name + ")", fd, "raise the limit of open files (ulimit -n)");
            }
            if (Deadline.passed(deadline)) {
                return -EAGAIN;
            }
        }
    }

    Descriptor descriptor() {
        return descriptor;
    }

    boolean isClosed() {
        return descriptor.gate().isClosed();
    }

    boolean isReady() {
        return descriptor.isReadable();
    }

    Waitable.Registration whenReady(Runnable wake) {
        return descriptor.whenReadable(wake);
    }

    void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return "listener on " + name;
    }

    private int acceptOnce(long deadline, MemorySegment peer, MemorySegment length)
            throws InterruptedException {
        try (Blocked blocked = descriptor.gate().block(deadline)) {
            for (; ; ) {
                int fd = SysSocket.accept4(descriptor.fd(), peer, length, SysSocket.SOCK_CLOEXEC);
                if (fd != -EINTR || !blocked.goOn()) {
                    return fd;
                }
            }
        }
    }
}
