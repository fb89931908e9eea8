// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.ENODATA;
import static dev.kith.kernel.Errno.ENOPROTOOPT;
import static dev.kith.kernel.Errno.ESRCH;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Who is on the other side of a Unix socket, as the kernel tells. */
final class UnixPeer {
    private UnixPeer() {}

    /** SO_PEERCRED: who connected, listened or made the pair; empty if nobody did. */
    static Optional<Peer> of(StreamSocket socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(SysSocket.UCRED_BYTES, 4);
            Errors.check(
                    option(arena, socket, SysSocket.SO_PEERCRED, credentials),
                    "getsockopt(" + socket + ", SO_PEERCRED)",
                    "");
            int pid = credentials.get(JAVA_INT, SysSocket.UCRED_PID);
            int uid = credentials.get(JAVA_INT, SysSocket.UCRED_UID);
            int gid = credentials.get(JAVA_INT, SysSocket.UCRED_GID);
            if (pid == 0 && uid == -1) {
                return Optional.empty();
            }
            int pidfd = pidfd(arena, socket);
            try {
                Peer peer = of(pid, uid, gid);
                // Looked up after it had ended: the number may be another process's by now.
                return Optional.of(
                        pidfd == -ESRCH || pidfd >= 0 && hasEnded(arena, pidfd)
                                ? ended(pid, uid, gid)
                                : peer);
            } finally {
                if (pidfd >= 0) {
                    Unistd.close(pidfd);
                }
            }
        }
    }

    /** A process of which the kernel told the credentials, running or not. */
    static Peer of(int pid, int uid, int gid) {
        return Peer.of(pid, Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid))
                .orElseGet(() -> ended(pid, uid, gid));
    }

    /** SO_PEERPIDFD, or pidfd_open where the kernel has no such option. */
    static PidFd pidFd(StreamSocket socket) {
        int pidfd;
        try (Arena arena = Arena.ofConfined()) {
            pidfd = pidfd(arena, socket);
        }
        if (pidfd >= 0) {
            return owned(Fd.own(pidfd));
        }
        Peer peer = of(socket).filter(known -> known.pid() > 0).orElse(null);
        if ((pidfd == -ENOPROTOOPT || pidfd == -EINVAL) && peer != null) {
            return PidFd.open(peer);
        }
        String call = "getsockopt(" + socket + ", SO_PEERPIDFD)";
        if (pidfd == -ENODATA || peer == null) {
            throw new NotFound(
                    call + ": ENODATA (No data available); it has no peer that the kernel knows",
                    call,
                    ENODATA);
        }
        throw Errors.of(call, pidfd, "the process on the other side has ended");
    }

    private static PidFd owned(Fd fd) {
        try {
            return PidFd.own(fd);
        } catch (RuntimeException failed) {
            fd.close();
            throw failed;
        }
    }

    private static Peer ended(int pid, int uid, int gid) {
        if (pid == 0) {
            // It is in a pid namespace that this process does not see: running or not, who knows.
            return new Peer(0, 0, "", 0, Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid));
        }
        return Peer.ended(pid, Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid));
    }

    private static int pidfd(Arena arena, StreamSocket socket) {
        MemorySegment value = arena.allocate(JAVA_INT);
        int error = option(arena, socket, SysSocket.SO_PEERPIDFD, value);
        return error < 0 ? error : value.get(JAVA_INT, 0);
    }

    private static int option(Arena arena, StreamSocket socket, int option, MemorySegment value) {
        MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
        return socket.call(
                fd -> SysSocket.getsockopt(fd, SysSocket.SOL_SOCKET, option, value, length));
    }

    private static boolean hasEnded(Arena arena, int pidfd) {
        MemorySegment pollfd = arena.allocate(Poll.POLLFD_BYTES, 4);
        pollfd.set(JAVA_INT, Poll.POLLFD_FD, pidfd);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_EVENTS, Poll.POLLIN);
        return Poll.poll(pollfd, 1, 0) > 0;
    }
}
