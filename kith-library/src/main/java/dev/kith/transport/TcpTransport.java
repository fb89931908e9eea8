// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.TcpSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * {@code tcp://host:port}. By system calls where they were granted, else by the JDK alone, on any
 * platform.
 */
public final class TcpTransport implements Transport {
    private static final Tcp SOCKETS = TcpSocket.isSupported() ? new NativeTcp() : new NioTcp();

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
        return Connecting.forEver(address, () -> open(address, direction, Link.FOREVER));
    }

    @Override
    public Link open(Address address, Direction direction, long timeoutNanos)
            throws InterruptedException {
        return SOCKETS.connect(
                address, TcpAddress.resolve(address), TcpOptions.of(address), timeoutNanos);
    }

    @Override
    public Binding listen(Address address) {
        return SOCKETS.listen(address, TcpAddress.resolve(address), TcpOptions.of(address));
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return NativeTcp.link((TcpSocket) handle, address);
    }
}
