// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** {@code tcp://host:port}. Needs the JDK only, on any platform. */
public final class TcpTransport implements Transport {
    private static final int BACKLOG = 4096;

    @Override
    public String scheme() {
        return "tcp";
    }

    @Override
    public String summary() {
        return "TCP, between processes of one machine or of several";
    }

    @Override
    public String syntax() {
        return "tcp://host:port";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.STREAM,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.CONNECTS,
                Trait.BOUNDED,
                Trait.CROSS_HOST);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                StreamLink.OPTIONS,
                Map.of(
                        "capacity",
                        "how many bytes each side's kernel holds; the kernel chooses and changes it"
                                + " if not said",
                        "nodelay",
                        "false: gather small messages (Nagle); true if not said"));
    }

    @Override
    public Address fresh(Path directory) {
        return new Address("tcp", "//127.0.0.1:0", Map.of());
    }

    @Override
    public long maxMessageBytes(Address address) {
        return StreamLink.max(address);
    }

    @Override
    public Link open(Address address, Direction direction) {
        InetSocketAddress to = TcpAddress.resolve(address);
        checkOptions(address);
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            setCapacity(channel, address);
            channel.connect(to);
            return link(address, channel);
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
    public Binding listen(Address address) {
        InetSocketAddress at = TcpAddress.resolve(address);
        checkOptions(address);
        int capacity = capacity(address);
        ServerSocketChannel server = null;
        try {
            server = ServerSocketChannel.open();
            if (capacity > 0) {
                server.setOption(StandardSocketOptions.SO_RCVBUF, capacity);
            }
            server.bind(at, BACKLOG);
            server.configureBlocking(false);
            return new Bound(address, server);
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

    private static Link link(Address address, SocketChannel channel) throws IOException {
        setCapacity(channel, address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, checkOptions(address));
        return new StreamLink(new TcpStream(channel), address);
    }

    /** The option {@code capacity}, 0 if it was not given. */
    private static int capacity(Address address) {
        return (int) address.number("capacity", 0, 1, Integer.MAX_VALUE);
    }

    private static void setCapacity(SocketChannel channel, Address address) throws IOException {
        int capacity = capacity(address);
        if (capacity > 0) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, capacity);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, capacity);
        }
    }

    /** Refuses wrong options before anything is opened; says whether small messages go at once. */
    private static boolean checkOptions(Address address) {
        Framing.of(address);
        StreamLink.max(address);
        capacity(address);
        return !address.options().containsKey("nodelay") || address.flag("nodelay");
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
        private final SelectorWait acceptable;

        Bound(Address asked, ServerSocketChannel server) throws IOException {
            this.server = server;
            Address bound = TcpAddress.of(server.getLocalAddress());
            String port = bound.path().substring(bound.path().lastIndexOf(':'));
            this.address =
                    asked.withPath(asked.path().substring(0, asked.path().lastIndexOf(':')) + port);
            this.acceptable = new SelectorWait(server, SelectionKey.OP_ACCEPT);
        }

        @Override
        public Link accept(long timeoutNanos) throws InterruptedException {
            long deadline = SelectorWait.deadline(timeoutNanos);
            try {
                for (; ; ) {
                    SocketChannel channel = server.accept();
                    if (channel != null) {
                        return link(address, channel);
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
