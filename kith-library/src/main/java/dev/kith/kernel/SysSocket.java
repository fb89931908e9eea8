// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** sys/socket.h: sockets. */
public final class SysSocket {

    private static final class Socket {
        static final MethodHandle CALL = Linkage.errno("socket", INT, INT, INT, INT);
    }

    private static final class Socketpair {
        static final MethodHandle CALL = Linkage.errno("socketpair", INT, INT, INT, INT, POINTER);
    }

    private static final class Bind {
        static final MethodHandle CALL = Linkage.errno("bind", INT, INT, POINTER, INT);
    }

    private static final class Listen {
        static final MethodHandle CALL = Linkage.errno("listen", INT, INT, INT);
    }

    private static final class Connect {
        static final MethodHandle CALL = Linkage.errno("connect", INT, INT, POINTER, INT);
    }

    private static final class Accept4 {
        static final MethodHandle CALL = Linkage.errno("accept4", INT, INT, POINTER, POINTER, INT);
    }

    private static final class Shutdown {
        static final MethodHandle CALL = Linkage.errno("shutdown", INT, INT, INT);
    }

    private static final class Send {
        static final MethodHandle CALL =
                MethodHandles.insertArguments(
                        Linkage.sleeping(SYS_SENDTO, INT, POINTER, LONG, INT, POINTER, INT),
                        5,
                        MemorySegment.NULL,
                        0);
    }

    private static final class Recv {
        static final MethodHandle CALL =
                MethodHandles.insertArguments(
                        Linkage.sleeping(SYS_RECVFROM, INT, POINTER, LONG, INT, POINTER, POINTER),
                        5,
                        MemorySegment.NULL,
                        MemorySegment.NULL);
    }

    private static final class Sendmsg {
        static final MethodHandle CALL = Linkage.sleeping(SYS_SENDMSG, INT, POINTER, INT, POINTER);
    }

    private static final class Recvmsg {
        static final MethodHandle CALL = Linkage.sleeping(SYS_RECVMSG, INT, POINTER, INT, POINTER);
    }

    private static final class Getsockopt {
        static final MethodHandle CALL =
                Linkage.errno("getsockopt", INT, INT, INT, INT, POINTER, POINTER);
    }

    private static final class Setsockopt {
        static final MethodHandle CALL =
                Linkage.errno("setsockopt", INT, INT, INT, INT, POINTER, INT);
    }

    private static final class Getpeername {
        static final MethodHandle CALL = Linkage.errno("getpeername", INT, INT, POINTER, POINTER);
    }

    private static final class Getsockname {
        static final MethodHandle CALL = Linkage.errno("getsockname", INT, INT, POINTER, POINTER);
    }

    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_SEQPACKET = 5;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_ERROR = 4;
    public static final int SO_PEERCRED = 17;
    public static final int SO_PEERPIDFD = 77;
    public static final int SO_PASSCRED = 16;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_TYPE = 3;
    public static final int SO_TIMESTAMP = 29;
    public static final int SO_ACCEPTCONN = 30;
    public static final int SO_DOMAIN = 39;
    public static final int SCM_RIGHTS = 1;
    public static final int SCM_CREDENTIALS = 2;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_PEEK = 2;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_CTRUNC = 8;
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;
    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    /** {@code struct ucred}, what SO_PEERCRED and SCM_CREDENTIALS give. */
    public static final int UCRED_BYTES = 12;

    public static final long UCRED_PID = 0;
    public static final long UCRED_UID = 4;
    public static final long UCRED_GID = 8;

    private static final long SYS_SENDTO = Arch.AARCH64 ? 206 : 44;
    private static final long SYS_RECVFROM = Arch.AARCH64 ? 207 : 45;
    private static final long SYS_SENDMSG = Arch.AARCH64 ? 211 : 46;
    private static final long SYS_RECVMSG = Arch.AARCH64 ? 212 : 47;

    private SysSocket() {}

    /** {@code int socket(int domain, int type, int protocol)} - make a socket. socket(2) */
    public static int socket(int domain, int type, int protocol) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Socket.CALL.invokeExact(errno, domain, type, protocol), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("socket", thrown);
        }
    }

    /**
     * {@code int socketpair(int domain, int type, int protocol, int sv[2])} - two connected
     * sockets. socketpair(2)
     */
    public static int socketpair(int domain, int type, int protocol, MemorySegment fds) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Socketpair.CALL.invokeExact(errno, domain, type, protocol, fds), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("socketpair", thrown);
        }
    }

    /**
     * {@code int bind(int fd, const struct sockaddr *addr, socklen_t len)} - give it a name.
     * bind(2)
     */
    public static int bind(int fd, MemorySegment address, int length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Bind.CALL.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("bind", thrown);
        }
    }

    /** {@code int listen(int fd, int backlog)} - take connections. listen(2) */
    public static int listen(int fd, int backlog) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Listen.CALL.invokeExact(errno, fd, backlog), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("listen", thrown);
        }
    }

    /**
     * {@code int connect(int fd, const struct sockaddr *addr, socklen_t len)} - connect; a Unix
     * socket blocks while the backlog is full. connect(2)
     */
    public static int connect(int fd, MemorySegment address, int length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Connect.CALL.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("connect", thrown);
        }
    }

    /**
     * {@code int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)} - take one
     * connection. accept(2)
     */
    public static int accept4(int fd, MemorySegment address, MemorySegment length, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Accept4.CALL.invokeExact(errno, fd, address, length, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("accept4", thrown);
        }
    }

    /** {@code int shutdown(int fd, int how)} - end one direction or both. shutdown(2) */
    public static int shutdown(int fd, int how) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Shutdown.CALL.invokeExact(errno, fd, how), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("shutdown", thrown);
        }
    }

    /**
     * {@code ssize_t send(int fd, const void *buf, size_t len, int flags)} - send; MSG_NOSIGNAL for
     * EPIPE alone. send(2)
     */
    public static long send(int fd, MemorySegment buffer, long length, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Send.CALL.invokeExact(errno, fd, buffer, length, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("send", thrown);
        }
    }

    /**
     * {@code ssize_t recv(int fd, void *buf, size_t len, int flags)} - receive; 0 is end of stream.
     * recv(2)
     */
    public static long recv(int fd, MemorySegment buffer, long length, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Recv.CALL.invokeExact(errno, fd, buffer, length, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("recv", thrown);
        }
    }

    /**
     * {@code ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)} - send with descriptors
     * or credentials. send(2), cmsg(3)
     *
     * @param data the memory that the message points to. It is passed as one argument more than the
     *     function has, and ignores: so no thread can close its arena under the kernel.
     */
    public static long sendmsg(int fd, MemorySegment message, int flags, MemorySegment data) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Sendmsg.CALL.invokeExact(errno, fd, message, flags, data), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("sendmsg", thrown);
        }
    }

    /**
     * {@code ssize_t recvmsg(int fd, struct msghdr *msg, int flags)} - receive with descriptors or
     * credentials. recv(2), cmsg(3)
     *
     * @param data the memory that the message points to, as in {@link #sendmsg}
     */
    public static long recvmsg(int fd, MemorySegment message, int flags, MemorySegment data) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Recvmsg.CALL.invokeExact(errno, fd, message, flags, data), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("recvmsg", thrown);
        }
    }

    /**
     * {@code int getsockopt(int fd, int level, int name, void *val, socklen_t *len)} - read an
     * option. getsockopt(2)
     */
    public static int getsockopt(
            int fd, int level, int option, MemorySegment value, MemorySegment length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Getsockopt.CALL.invokeExact(errno, fd, level, option, value, length),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("getsockopt", thrown);
        }
    }

    /**
     * {@code int setsockopt(int fd, int level, int name, const void *val, socklen_t len)} - set an
     * option. setsockopt(2)
     */
    public static int setsockopt(int fd, int level, int option, MemorySegment value, int length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Setsockopt.CALL.invokeExact(errno, fd, level, option, value, length),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("setsockopt", thrown);
        }
    }

    /**
     * {@code int getsockname(int fd, struct sockaddr *addr, socklen_t *len)} - its own name.
     * getsockname(2)
     */
    public static int getsockname(int fd, MemorySegment address, MemorySegment length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Getsockname.CALL.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("getsockname", thrown);
        }
    }

    /**
     * {@code int getpeername(int fd, struct sockaddr *addr, socklen_t *len)} - the other side's
     * name. getpeername(2)
     */
    public static int getpeername(int fd, MemorySegment address, MemorySegment length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Getpeername.CALL.invokeExact(errno, fd, address, length), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("getpeername", thrown);
        }
    }
}
