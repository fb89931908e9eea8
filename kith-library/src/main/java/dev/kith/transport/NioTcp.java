// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Link;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** TCP by the JDK alone: two system calls for a receive, on any platform. */
final class NioTcp implements Tcp {
    private static final int BACKLOG = 4096;

    @Override
    public Link connect(
            Address address, InetSocketAddress to, TcpOptions options, long timeoutNanos)
            throws InterruptedException {
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            setCapacity(channel, options);
            // 0 is without a limit.
            channel.socket().connect(to, timeoutNanos == Link.FOREVER ? 0 : millis(timeoutNanos));
            return link(address, channel, options);
        } catch (SocketTimeoutException late) {
            close(channel);
            throw Connecting.timedOut(address, timeoutNanos);
        } catch (ClosedByInterruptException interrupted) {
            close(channel);
            Thread.interrupted();
            throw new InterruptedException();
        } catch (ConnectException refused) {
            close(channel);
            throw new NotFound(
                    "connect("
                            + address.withoutOptions()
                            + "): "
                            + refused.getMessage()
                            + "; is the other side listening? kith listen "
                            + address.withoutOptions(),
                    "connect",
                    0);
        } catch (IOException failed) {
            close(channel);
            throw new IpcException(
                    "connect(" + address.withoutOptions() + "): " + failed.getMessage(), failed);
        } catch (RuntimeException wrong) {
            close(channel);
            throw wrong;
        }
    }

    @Override
    public Binding listen(Address address, InetSocketAddress at, TcpOptions options) {
        ServerSocketChannel server = null;
        try {
            server = ServerSocketChannel.open();
            if (options.capacityBytes() > 0) {
                server.setOption(StandardSocketOptions.SO_RCVBUF, options.capacityBytes());
            }
            server.bind(at, BACKLOG);
            server.configureBlocking(false);
            return new Bound(TcpAddress.bound(address, server.getLocalAddress()), server, options);
        } catch (BindException taken) {
            close(server);
            throw new AlreadyExists(
                    "bind("
                            + address.withoutOptions()
                            + "): "
                            + taken.getMessage()
                            + "; port 0 picks a free one",
                    "bind",
                    0);
        } catch (IOException failed) {
            close(server);
            throw new IpcException(
                    "bind(" + address.withoutOptions() + "): " + failed.getMessage(), failed);
        }
    }

    private static int millis(long nanos) {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), 1, Integer.MAX_VALUE);
    }

    private static Link link(Address address, SocketChannel channel, TcpOptions options)
            throws IOException {
        setCapacity(channel, options);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, options.noDelay());
        NioTcpStream stream = new NioTcpStream(channel);
        try {
            return new StreamLink(stream, address);
        } catch (RuntimeException wrong) {
            stream.close();
            throw wrong;
        }
    }

    private static void setCapacity(SocketChannel channel, TcpOptions options) throws IOException {
        if (options.capacityBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, options.capacityBytes());
            channel.setOption(StandardSocketOptions.SO_RCVBUF, options.capacityBytes());
        }
    }

    private static void close(AutoCloseable channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (Exception alreadyFailing) {
            // The first failure is the one to report.
        }
    }

    private static final class Bound implements Binding {
        private final Address address;
        private final ServerSocketChannel server;
        private final TcpOptions options;
        private final SelectorWait acceptable;

        Bound(Address address, ServerSocketChannel server, TcpOptions options) throws IOException {
            this.address = address;
            this.server = server;
            this.options = options;
            this.acceptable = new SelectorWait(server, SelectionKey.OP_ACCEPT);
        }

        @Override
        public Link accept(long timeoutNanos) throws InterruptedException {
            long deadline = SelectorWait.deadline(timeoutNanos);
            try {
                for (; ; ) {
                    SocketChannel channel = server.accept();
                    if (channel != null) {
                        return accepted(channel);
                    }
                    if (!acceptable.await(deadline)) {
                        return null;
                    }
                }
            } catch (ClosedChannelException closed) {
                throw new Closed("listener on " + address + " is closed");
            } catch (IOException failed) {
                throw new IpcException("accept(" + address + "): " + failed.getMessage(), failed);
            }
        }

        private Link accepted(SocketChannel channel) throws IOException {
            try {
                return link(address, channel, options);
            } catch (IOException | RuntimeException failed) {
                NioTcp.close(channel);
                throw failed;
            }
        }

        @Override
        public Address address() {
            return address;
        }

        @Override
        public boolean isReady() {
            return acceptable.isReady();
        }

        @Override
        public Waitable.Registration whenReady(Runnable wake) {
            return SelectorWait.whenReady(server, SelectionKey.OP_ACCEPT, wake);
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                acceptable.close();
            }
        }
    }
}
