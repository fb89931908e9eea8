// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.kernel.NetinetIn;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A TCP port to which others connect.
 *
 * <p>The loopback address lets in this machine alone, {@code 0.0.0.0} whoever reaches it by IPv4,
 * {@code ::} by IPv4 and IPv6. A port whose earlier connections still linger is taken; one on which
 * somebody listens is not. Any number of threads may accept.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/tcp.7.html">tcp(7)</a>
 */
public final class TcpListener implements Waitable, AutoCloseable {
    private final InetSocketAddress local;
    private final StreamListener listener;

    private TcpListener(int fd, InetSocketAddress local) {
        this.local = local;
        this.listener = new StreamListener(fd, TcpOpening.uri(local));
    }

    /**
     * Takes a port and listens.
     *
     * @param at host and port; port 0 picks a free one
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody listens there
     * @throws dev.kith.NotFound if no address is known for the host
     */
    public static TcpListener bind(InetSocketAddress at) {
        return bind(at, 0);
    }

    /**
     * Takes a port and listens.
     *
     * @param at host and port; port 0 picks a free one
     * @param capacityBytes how much this side's kernel holds for each connection, as for {@link
     *     TcpSocket#capacity}; 0: the kernel chooses
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody listens there
     * @throws dev.kith.NotFound if no address is known for the host
     */
    public static TcpListener bind(InetSocketAddress at, int capacityBytes) {
        int fd = TcpOpening.listen(at, capacityBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(NetinetIn.IN6_BYTES, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, NetinetIn.IN6_BYTES);
            Errors.check(
                    SysSocket.getsockname(fd, address, length),
                    "getsockname(" + TcpOpening.uri(at) + ")",
                    "");
            return new TcpListener(fd, NetinetIn.address(address));
        } catch (RuntimeException e) {
            Unistd.close(fd);
            throw e;
        }
    }

    /**
     * Waits for the next peer.
     *
     * @return a socket connected to it
     * @throws InterruptedException if the thread was interrupted
     */
    public TcpSocket accept() throws InterruptedException {
        return acceptWithin(Deadline.FOREVER);
    }

    /**
     * Waits a limited time for the next peer.
     *
     * @param timeout how long to wait at most
     * @return a socket connected to it, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted
     */
    public Optional<TcpSocket> accept(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(acceptWithin(Deadline.nanos(timeout)));
    }

    /**
     * The address that it took.
     *
     * @return host and port, the one that was picked if port 0 was asked for
     */
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public boolean isReady() {
        return listener.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return listener.whenReady(wake);
    }

    /** Stops listening; connections that nobody has accepted are reset. */
    @Override
    public void close() {
        listener.close();
    }

    @Override
    public String toString() {
        return listener.toString();
    }

    private TcpSocket acceptWithin(long timeoutNanos) throws InterruptedException {
        // Not confined: a platform thread makes the call for a virtual one.
        Arena arena = Arena.ofAuto();
        MemorySegment peer = arena.allocate(NetinetIn.IN6_BYTES, 4);
        MemorySegment length = arena.allocateFrom(JAVA_INT, NetinetIn.IN6_BYTES);
        int fd = listener.accept(timeoutNanos, peer, length);
        // The capacity is inherited, by tcp(7); TCP_NODELAY is too, but no manual says so.
        return fd < 0 ? null : new TcpSocket(fd, NetinetIn.address(peer)).noDelay(true);
    }
}
