// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EADDRINUSE;
import static dev.kith.kernel.Errno.EADDRNOTAVAIL;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.ECONNREFUSED;
import static dev.kith.kernel.Errno.EINPROGRESS;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.NetinetIn.IPPROTO_IPV6;
import static dev.kith.kernel.NetinetIn.IPPROTO_TCP;
import static dev.kith.kernel.NetinetIn.IPV6_V6ONLY;
import static dev.kith.kernel.NetinetIn.TCP_NODELAY;
import static dev.kith.kernel.SysSocket.AF_INET6;
import static dev.kith.kernel.SysSocket.SOL_SOCKET;
import static dev.kith.kernel.SysSocket.SO_ERROR;
import static dev.kith.kernel.SysSocket.SO_RCVBUF;
import static dev.kith.kernel.SysSocket.SO_REUSEADDR;
import static dev.kith.kernel.SysSocket.SO_SNDBUF;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.NotFound;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.NetinetIn;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/** Makes TCP sockets: the descriptors of {@link TcpSocket} and {@link TcpListener}. */
final class TcpOpening {
    private TcpOpening() {}

    /** A connected socket, or -EAGAIN if there was no answer in time. */
    static int connect(InetSocketAddress to, int capacityBytes, long timeoutNanos)
            throws InterruptedException {
        int fd = open(to, SysSocket.SOCK_NONBLOCK, capacityBytes);
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = NetinetIn.address(arena, to);
            error = SysSocket.connect(fd, address, (int) address.byteSize());
            if (error == -EINPROGRESS || error == -EINTR) {
                long deadline = Deadline.after(timeoutNanos);
                error =
                        new Descriptor(fd, uri(to)).await(Poll.POLLOUT, deadline)
                                ? -failure(fd, arena)
                                : -EAGAIN;
            }
        } catch (InterruptedException | RuntimeException e) {
            Unistd.close(fd);
            throw e;
        }
        if (error == -EAGAIN) {
            Unistd.close(fd);
            return error;
        }
        if (error < 0) {
            throw StreamSocket.abandon(
                    fd,
                    "connect(" + uri(to) + ")",
                    error,
                    switch (-error) {
                        case ECONNREFUSED -> "is the other side listening? kith listen " + uri(to);
                        case EADDRNOTAVAIL ->
                                "all of /proc/sys/net/ipv4/ip_local_port_range is in use, or"
                                        + " nobody can be reached by this address";
                        default -> "is the other machine up, and is there a way to it?";
                    });
        }
        // Blocking from now on, as every descriptor that may be handed over.
        Fcntl.fcntl(fd, Fcntl.F_SETFL, 0);
        return fd;
    }

    /** A listening socket. */
    static int listen(InetSocketAddress at, int capacityBytes) {
        int fd = open(at, 0, capacityBytes);
        int error = StreamSocket.set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        if (error == 0 && NetinetIn.family(at.getAddress()) == AF_INET6) {
            int only = at.getAddress().isAnyLocalAddress() ? 0 : 1;
            error = StreamSocket.set(fd, IPPROTO_IPV6, IPV6_V6ONLY, only);
        }
        if (error == 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment address = NetinetIn.address(arena, at);
                error = SysSocket.bind(fd, address, (int) address.byteSize());
            }
        }
        if (error == 0) {
            error = SysSocket.listen(fd, StreamListener.BACKLOG);
        }
        if (error < 0) {
            throw StreamSocket.abandon(
                    fd,
                    "bind(" + uri(at) + ")",
                    error,
                    switch (-error) {
                        case EADDRINUSE -> "port 0 picks a free one";
                        case EADDRNOTAVAIL -> "the address must be one of this machine's: ip addr";
                        case EACCES ->
                                "ports below /proc/sys/net/ipv4/ip_unprivileged_port_start take"
                                        + " CAP_NET_BIND_SERVICE";
                        default -> "";
                    });
        }
        return fd;
    }

    /** How much the kernel holds in each direction; 0, or the negative errno. */
    static int setCapacity(int fd, int bytes) {
        int error = StreamSocket.set(fd, SOL_SOCKET, SO_SNDBUF, bytes);
        return error < 0 ? error : StreamSocket.set(fd, SOL_SOCKET, SO_RCVBUF, bytes);
    }

    /** An address in words: {@code tcp://[::1]:9999}. */
    static String uri(InetSocketAddress address) {
        String host = address.getHostString();
        return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** A socket of the family of an address, with the options that are set before it is used. */
    private static int open(InetSocketAddress address, int flags, int capacityBytes) {
        if (address.isUnresolved()) {
            throw new NotFound(
                    uri(address) + ": no address is known for the host " + address.getHostString());
        }
        if (capacityBytes < 0) {
            throw new IllegalArgumentException(
                    "capacityBytes=" + capacityBytes + ", must be at least 0");
        }
        int family = NetinetIn.family(address.getAddress());
        int fd = StreamSocket.open(family, family == AF_INET6 ? "AF_INET6" : "AF_INET", flags);
        int error = StreamSocket.set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        if (error == 0 && capacityBytes > 0) {
            error = setCapacity(fd, capacityBytes);
        }
        if (error < 0) {
            throw StreamSocket.abandon(fd, "setsockopt(" + uri(address) + ")", error, "");
        }
        return fd;
    }

    /** How a connect in the background went: 0, or the error. */
    private static int failure(int fd, Arena arena) {
        MemorySegment error = arena.allocate(JAVA_INT);
        MemorySegment length = arena.allocateFrom(JAVA_INT, 4);
        int failed = SysSocket.getsockopt(fd, SOL_SOCKET, SO_ERROR, error, length);
        return failed < 0 ? -failed : error.get(JAVA_INT, 0);
    }
}
