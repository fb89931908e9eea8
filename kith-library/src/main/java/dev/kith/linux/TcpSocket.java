// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.NetinetIn.IPPROTO_TCP;
import static dev.kith.kernel.NetinetIn.TCP_NODELAY;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.kernel.NativeAccess;
import dev.kith.kernel.NetinetIn;
import dev.kith.kernel.SysSocket;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One end of a TCP connection: bytes in both directions, also between machines.
 *
 * <pre>{@code
 * try (var socket = TcpSocket.connect(new InetSocketAddress("localhost", 9999))) {
 *     socket.write(request);
 *     int length = socket.read(buffer);
 * }
 * }</pre>
 *
 * <p>Any number of threads may read and write. What is written goes at once (TCP_NODELAY). When the
 * other process closes or dies, reads give what it had sent, then the end of the stream; writes
 * throw {@link dev.kith.PeerDied}, at the latest the second one. A machine that vanishes says
 * nothing. A socket that a task for a child captures is handed over: this process's copy is closed
 * when the child has it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/tcp.7.html">tcp(7)</a>
 */
public final class TcpSocket implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient StreamSocket stream;
    private final transient InetSocketAddress remote;

    /** Takes a connected socket over. */
    TcpSocket(int fd, InetSocketAddress remote) {
        this.stream = new StreamSocket(fd, "TCP connection to " + TcpOpening.uri(remote));
        this.remote = remote;
    }

    /**
     * Whether this JVM has these sockets: it runs on Linux, with native access for Kith.
     *
     * @return false: use {@link java.nio.channels.SocketChannel}
     */
    public static boolean isSupported() {
        return System.getProperty("os.name").equals("Linux") && NativeAccess.granted();
    }

    /**
     * Connects to a listener.
     *
     * @param to host and port
     * @return the connected socket
     * @throws dev.kith.NotFound if nobody listens there, or no address is known for the host
     * @throws dev.kith.TimedOut if the other machine does not answer and the kernel has given up
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static TcpSocket connect(InetSocketAddress to) throws InterruptedException {
        return connectWithin(to, 0, Deadline.FOREVER);
    }

    /**
     * Connects to a listener.
     *
     * @param to host and port
     * @param capacityBytes how much this side's kernel holds, as for {@link #capacity}, known
     *     before the connection is made; 0: the kernel chooses
     * @return the connected socket
     * @throws dev.kith.NotFound if nobody listens there, or no address is known for the host
     * @throws dev.kith.TimedOut if the other machine does not answer and the kernel has given up
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static TcpSocket connect(InetSocketAddress to, int capacityBytes)
            throws InterruptedException {
        return connectWithin(to, capacityBytes, Deadline.FOREVER);
    }

    /**
     * Connects to a listener, waiting a limited time.
     *
     * @param to host and port
     * @param capacityBytes how much this side's kernel holds, as for {@link #capacity}, known
     *     before the connection is made; 0: the kernel chooses
     * @param timeout how long to wait at most
     * @return the connected socket, or empty if there was no answer in time
     * @throws dev.kith.NotFound if nobody listens there, or no address is known for the host
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static Optional<TcpSocket> connect(
            InetSocketAddress to, int capacityBytes, Duration timeout) throws InterruptedException {
        return Optional.ofNullable(connectWithin(to, capacityBytes, Deadline.nanos(timeout)));
    }

    /**
     * Reads what is there; waits until there is something.
     *
     * @param buffer native memory that is filled from its start
     * @return how many bytes were read; 0 at the end of the stream
     * @throws InterruptedException if the thread was interrupted; nothing was read
     * @throws dev.kith.PeerDied if the other side ended without reading what it was sent
     */
    public int read(MemorySegment buffer) throws InterruptedException {
        return stream.read(buffer);
    }

    /**
     * Reads what is there, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were read, 0 at the end of the stream; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was read
     * @throws dev.kith.PeerDied if the other side ended without reading what it was sent
     */
    public OptionalInt tryRead(MemorySegment buffer, Duration timeout) throws InterruptedException {
        return stream.tryRead(buffer, timeout);
    }

    /**
     * Writes; waits until there is room.
     *
     * @param buffer native memory
     * @return how many bytes were written: all of them, unless the wait was cut short by a signal
     * @throws InterruptedException if the thread was interrupted before anything was written
     * @throws dev.kith.PeerDied if the other side is gone
     */
    public int write(MemorySegment buffer) throws InterruptedException {
        return stream.write(buffer);
    }

    /**
     * Writes as much as there is room for, waiting a limited time for any.
     *
     * @param buffer native memory
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were written; empty if there was no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was written
     * @throws dev.kith.PeerDied if the other side is gone
     */
    public OptionalInt tryWrite(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        return stream.tryWrite(buffer, timeout);
    }

    /**
     * Ends what this side sends: the other side reads the end of the stream; reading goes on.
     * shutdown(2)
     */
    public void shutdownOutput() {
        stream.shutdownOutput();
    }

    /**
     * The address of this side.
     *
     * @return host and port
     */
    public InetSocketAddress localAddress() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(NetinetIn.IN6_BYTES, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, NetinetIn.IN6_BYTES);
            Errors.check(
                    stream.call(fd -> SysSocket.getsockname(fd, address, length)),
                    "getsockname(" + stream + ")",
                    "");
            return NetinetIn.address(address);
        }
    }

    /**
     * The address of the other side.
     *
     * @return host and port; also when it is gone
     */
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    /**
     * Whether small writes go at once (TCP_NODELAY), as they do if not said, or are gathered while
     * an earlier one is under way (Nagle).
     *
     * @param noDelay true: at once
     * @return this
     */
    public TcpSocket noDelay(boolean noDelay) {
        Errors.check(
                stream.call(fd -> StreamSocket.set(fd, IPPROTO_TCP, TCP_NODELAY, noDelay ? 1 : 0)),
                "setsockopt(" + stream + ", TCP_NODELAY)",
                "");
        return this;
    }

    /**
     * How much this side's kernel holds, in each direction, before a sender waits (SO_SNDBUF,
     * SO_RCVBUF). The kernel doubles it for its own needs, and changes it no more.
     *
     * @param bytes at least 1; /proc/sys/net/core/wmem_max and rmem_max are the most
     * @return this
     */
    public TcpSocket capacity(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("capacity=" + bytes + ", must be at least 1");
        }
        Errors.check(
                stream.call(fd -> TcpOpening.setCapacity(fd, bytes)),
                "setsockopt(" + stream + ", SO_SNDBUF, " + bytes + ")",
                "");
        return this;
    }

    /**
     * Keeps this process's copy open when the socket is handed over to a child.
     *
     * @return this
     */
    public TcpSocket keep() {
        stream.keep();
        return this;
    }

    @Override
    public int fd() {
        return stream.fd();
    }

    @Override
    public int duplicateFd() {
        return stream.duplicateFd();
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return stream.whenReady(wake);
    }

    /** Closes this process's copy of the socket. */
    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return stream.toString();
    }

    private static TcpSocket connectWithin(
            InetSocketAddress to, int capacityBytes, long timeoutNanos)
            throws InterruptedException {
        int fd = TcpOpening.connect(to, capacityBytes, timeoutNanos);
        return fd < 0 ? null : new TcpSocket(fd, to);
    }

    private Object writeReplace() throws NotSerializableException {
        try (Arena arena = Arena.ofConfined()) {
            byte[] address = NetinetIn.address(arena, remote).toArray(JAVA_BYTE);
            return new Travelling(stream.give(this), address);
        }
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a socket travels as a descriptor");
    }

    /** A socket on its way to another process, with the sockaddr of the other side. */
    private record Travelling(int index, byte[] remote) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            try (Arena arena = Arena.ofConfined()) {
                InetSocketAddress address =
                        NetinetIn.address(
                                arena.allocate(NetinetIn.IN6_BYTES, 4)
                                        .copyFrom(MemorySegment.ofArray(remote)));
                return Handover.current(TcpOpening.uri(address))
                        .take(index, fd -> new TcpSocket(fd, address));
            }
        }
    }
}
