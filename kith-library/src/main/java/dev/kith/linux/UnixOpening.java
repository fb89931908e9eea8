// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EADDRINUSE;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EPROTOTYPE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.SysUn;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** How Unix sockets of every type are made, bound and connected. */
final class UnixOpening {
    /** More than other starters can take the name away between two attempts. */
    private static final int ATTEMPTS = 100;

    private UnixOpening() {}

    static int socket(int type) {
        return Errors.check(
                SysSocket.socket(SysSocket.AF_UNIX, type | SysSocket.SOCK_CLOEXEC, 0),
                "socket(AF_UNIX, " + symbol(type) + ")",
                "raise the limit of open files (ulimit -n)");
    }

    /** Two connected sockets. */
    static int[] pair(int type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(JAVA_INT, 2);
            Errors.check(
                    SysSocket.socketpair(SysSocket.AF_UNIX, type | SysSocket.SOCK_CLOEXEC, 0, fds),
                    "socketpair(AF_UNIX, " + symbol(type) + ")",
                    "raise the limit of open files (ulimit -n)");
            return fds.toArray(JAVA_INT);
        }
    }

    /** A connected socket, or -EAGAIN if the backlog of the listener was full all the time. */
    static int connect(int type, String name, long timeoutNanos) throws InterruptedException {
        if (Offload.needed()) {
            return Offload.call(() -> connect(type, name, timeoutNanos));
        }
        int error;
        int fd;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SysUn.address(arena, name);
            fd = socket(type);
            error = connect(fd, address, name, timeoutNanos);
        }
        if (error == -EAGAIN) {
            Unistd.close(fd);
            return -EAGAIN;
        }
        if (error < 0) {
            throw StreamSocket.abandon(
                    fd, "connect(\"" + name + "\")", error, connectAdvice(type, name, error));
        }
        return fd;
    }

    private static int connect(int fd, MemorySegment address, String name, long timeoutNanos)
            throws InterruptedException {
        // poll(2) does not tell when a backlog has room: only a call that blocks waits for it.
        try (Blocked blocked = new Gate(name).blockUndisturbed(Deadline.after(timeoutNanos))) {
            for (; ; ) {
                int error = SysSocket.connect(fd, address, (int) address.byteSize());
                if (error != -EINTR) {
                    return error;
                }
                if (!blocked.goOn()) {
                    return -EAGAIN;
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            Unistd.close(fd);
            throw e;
        }
    }

    /**
     * Takes a name for a socket; closes it if that fails.
     *
     * @return which file was made, or null for a name that is none
     */
    static StalePath.FileId bind(int fd, String name, int mode) {
        // The name gets the mode of the socket, so there is no moment at which others may connect.
        SysStat.fchmod(fd, mode);
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SysUn.address(arena, name);
            // The kernel picks a name if the address ends after its family.
            int length = name.equals("@") ? 2 : (int) address.byteSize();
            error = SysSocket.bind(fd, address, length);
            for (int i = 0;
                    error == -EADDRINUSE
                            && !isAbstract(name)
                            && i < ATTEMPTS
                            && StalePath.remove(name);
                    i++) {
                error = SysSocket.bind(fd, address, length);
            }
        } catch (RuntimeException e) {
            Unistd.close(fd);
            throw e;
        }
        if (error < 0) {
            throw StreamSocket.abandon(
                    fd, "bind(\"" + name + "\")", error, bindAdvice(name, error));
        }
        return isAbstract(name) ? null : StalePath.file(name);
    }

    /** The type of a connected or listening socket that came from elsewhere. */
    static SocketType type(Fd fd) {
        int type = option(fd, SysSocket.SO_TYPE);
        for (SocketType known : SocketType.values()) {
            if (known.number == type) {
                return known;
            }
        }
        throw wrongKind(fd, "no Unix socket that connects");
    }

    /** Takes the descriptor out of a handle, if it is a Unix socket of that type. */
    static int release(Fd fd, int type, boolean listening) {
        if (option(fd, SysSocket.SO_DOMAIN) != SysSocket.AF_UNIX
                || option(fd, SysSocket.SO_TYPE) != type) {
            throw wrongKind(fd, "no Unix socket of type " + symbol(type));
        }
        if (option(fd, SysSocket.SO_ACCEPTCONN) == 1 != listening) {
            throw wrongKind(
                    fd, listening ? "a socket that does not listen" : "a socket that listens");
        }
        return fd.release();
    }

    /** The name of a socket that came from elsewhere. */
    static String localName(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SysUn.ADDRESS_BYTES, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SysUn.ADDRESS_BYTES);
            Errors.check(SysSocket.getsockname(fd, address, length), "getsockname(" + fd + ")", "");
            return SysUn.name(address, length.get(JAVA_INT, 0));
        }
    }

    /** Whether a socket that came from elsewhere is connected. */
    static boolean hasPeer(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SysUn.ADDRESS_BYTES, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SysUn.ADDRESS_BYTES);
            return SysSocket.getpeername(fd.fd(), address, length) == 0;
        }
    }

    /** An option of socket(7), or -1 if it is no socket. */
    private static int option(Fd fd, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int error = SysSocket.getsockopt(fd.fd(), SysSocket.SOL_SOCKET, option, value, length);
            return error < 0 ? -1 : value.get(JAVA_INT, 0);
        }
    }

    private static IllegalArgumentException wrongKind(Fd fd, String what) {
        return new IllegalArgumentException(fd + " is " + what + ": it is " + fd.target());
    }

    static boolean isAbstract(String name) {
        return name.startsWith("@");
    }

    /** Removes the path of a socket, whoever is bound to it. */
    static void unlink(String name) {
        if (isAbstract(name) || !StalePath.isSocket(name)) {
            throw Errors.of(
                    "unlink(\"" + name + "\")",
                    dev.kith.kernel.Errno.ENOENT,
                    "there is no socket of that name to remove");
        }
        Errors.check(
                Unistd.unlink(name), "unlink(\"" + name + "\")", "the directory must be writable");
    }

    /** The name of this side or of the other; empty if it has none. */
    static Optional<String> name(StreamSocket socket, boolean local) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SysUn.ADDRESS_BYTES, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SysUn.ADDRESS_BYTES);
            int error =
                    socket.call(fd ->
                            local
                                    ? SysSocket.getsockname(fd, address, length)
                                    : SysSocket.getpeername(fd, address, length));
            if (error == -dev.kith.kernel.Errno.ENOTCONN && !local) {
                return Optional.empty();
            }
            Errors.check(error, (local ? "getsockname(" : "getpeername(") + socket + ")", "");
            return Optional.of(SysUn.name(address, length.get(JAVA_INT, 0)))
                    .filter(name -> !name.isEmpty());
        }
    }

    private static String connectAdvice(int type, String name, int error) {
        return switch (-error) {
            case EACCES -> "its permissions do not let you in: see ls -l " + name;
            case EPROTOTYPE -> "a socket of another type has that name, not " + symbol(type);
            default -> "is the other side listening? kith listen " + scheme(type) + ":" + name;
        };
    }

    private static String bindAdvice(String name, int error) {
        if (error != -EADDRINUSE) {
            return "the directory must exist and be writable";
        }
        return isAbstract(name)
                ? "another socket has that name, see kith ls"
                : "somebody listens there, or it is another kind of file, or one left by a dead"
                        + " process that this user may not remove";
    }

    static String scheme(int type) {
        return switch (type) {
            case SysSocket.SOCK_STREAM -> "unix";
            case SysSocket.SOCK_SEQPACKET -> "unix+seqpacket";
            default -> "unix+dgram";
        };
    }

    private static String symbol(int type) {
        return switch (type) {
            case SysSocket.SOCK_STREAM -> "SOCK_STREAM";
            case SysSocket.SOCK_SEQPACKET -> "SOCK_SEQPACKET";
            default -> "SOCK_DGRAM";
        };
    }
}
