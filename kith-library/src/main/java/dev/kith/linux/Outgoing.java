// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;

import dev.kith.HasFd;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Offload;
import dev.kith.kernel.Msghdr;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What one sendmsg(2) sends besides the bytes: descriptors, and where to. One a thread.
 *
 * <p>What is passed are duplicates, made inside the gate of each handle for the time of the call: a
 * handle that another thread closes meanwhile is either passed or {@link dev.kith.Closed}, and
 * never another file that got its number.
 */
final class Outgoing {
    private static final ThreadLocal<Outgoing> MINE = ThreadLocal.withInitial(Outgoing::new);

    private final Msghdr header = new Msghdr(Arena.ofAuto());

    private Outgoing() {}

    /**
     * Sends: how many bytes, or a negative errno; -EAGAIN says that there was no room in time.
     *
     * @param stream whether less than all may be sent
     * @param to where to, or NULL on a connected socket
     */
    static long send(
            Descriptor socket,
            MemorySegment buffer,
            List<? extends HasFd> handles,
            boolean stream,
            MemorySegment to,
            long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos != 0 && Thread.interrupted()) {
            throw new InterruptedException();
        }
        int[] copies = duplicates(handles);
        try {
            long put = MINE.get().now(socket, buffer, copies, to);
            if (put != -EAGAIN || timeoutNanos == 0) {
                return put;
            }
            long deadline = Deadline.after(timeoutNanos);
            return Offload.needed()
                    ? Offload.call(
                            () -> MINE.get().wait(socket, buffer, copies, stream, to, deadline))
                    : MINE.get().wait(socket, buffer, copies, stream, to, deadline);
        } finally {
            close(copies, copies.length);
        }
    }

    private long wait(
            Descriptor socket,
            MemorySegment buffer,
            int[] fds,
            boolean stream,
            MemorySegment to,
            long deadline)
            throws InterruptedException {
        if (!stream || deadline == Deadline.FOREVER) {
            return blocking(socket, buffer, fds, to, deadline);
        }
        long put = -EAGAIN;
        while (put == -EAGAIN && socket.await(Poll.POLLOUT, deadline)) {
            put = now(socket, buffer, fds, to);
        }
        return put;
    }

    /**
     * Only a call that blocks waits for a receiver whose queue is full: poll(2) knows the receiver
     * of a connected socket alone.
     */
    private long blocking(
            Descriptor socket, MemorySegment buffer, int[] fds, MemorySegment to, long deadline)
            throws InterruptedException {
        try (Blocked blocked = socket.gate().block(deadline)) {
            for (; ; ) {
                long put = once(socket.fd(), buffer, fds, to, 0);
                if (put == -EAGAIN) {
                    // Somebody who shares the description has set O_NONBLOCK.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                } else if (put != -EINTR) {
                    return put;
                }
                if (!blocked.goOn()) {
                    return -EAGAIN;
                }
            }
        }
    }

    private long now(Descriptor socket, MemorySegment buffer, int[] fds, MemorySegment to) {
        Blocked call = socket.gate().in();
        try {
            return once(socket.fd(), buffer, fds, to, SysSocket.MSG_DONTWAIT);
        } finally {
            socket.gate().out(call);
        }
    }

    private long once(int fd, MemorySegment buffer, int[] fds, MemorySegment to, int flags) {
        header.data(buffer, Math.min(buffer.byteSize(), Integer.MAX_VALUE));
        header.descriptors(fds);
        header.address(to, (int) to.byteSize());
        return SysSocket.sendmsg(fd, header.segment(), flags | SysSocket.MSG_NOSIGNAL, buffer);
    }

    private static int[] duplicates(List<? extends HasFd> handles) {
        if (handles.size() > Msghdr.MAX_FDS) {
            throw new IllegalArgumentException(
                    "too many descriptors in one call: handles="
                            + handles.size()
                            + ", limit="
                            + Msghdr.MAX_FDS
                            + " (SCM_MAX_FD)");
        }
        int[] copies = new int[handles.size()];
        int made = 0;
        try {
            for (HasFd handle : handles) {
                copies[made] = handle.duplicateFd();
                made++;
            }
            return copies;
        } catch (RuntimeException failed) {
            close(copies, made);
            throw failed;
        }
    }

    private static void close(int[] fds, int count) {
        for (int i = 0; i < count; i++) {
            Unistd.close(fds[i]);
        }
    }
}
