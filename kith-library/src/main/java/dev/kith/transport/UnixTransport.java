// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.SocketType;
import dev.kith.linux.UnixListener;
import dev.kith.linux.UnixSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** {@code unix:/path} and {@code unix:@name}, Unix stream sockets. */
public final class UnixTransport implements Transport {
    @Override
    public String scheme() {
        return "unix";
    }

    @Override
    public String summary() {
        return "Unix stream socket, between any processes of one machine";
    }

    @Override
    public String syntax() {
        return "unix:/path or unix:@name";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.STREAM,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.CONNECTS,
                Trait.BOUNDED,
                Trait.CREDENTIALS,
                Trait.PASSES_FDS);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                StreamLink.OPTIONS, Map.of("mode", "permission bits of the path, 600 if not said"));
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, directory);
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
        Framing.of(address);
        StreamLink.max(address);
        Addresses.mode(address);
        return link(address, Connecting.unix(SocketType.STREAM, address, timeoutNanos));
    }

    @Override
    public Binding listen(Address address) {
        Framing.of(address);
        StreamLink.max(address);
        return new UnixBinding(
                address,
                UnixListener.bind(Addresses.path(address), Addresses.mode(address)),
                socket -> link(address, socket));
    }

    @Override
    public void remove(Address address) {
        Removal.of(
                () -> UnixListener.unlink(Addresses.path(address)), "kith ls --kind " + scheme());
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return link(address, (UnixSocket) handle);
    }

    private static Link link(Address address, UnixSocket socket) {
        return new StreamLink(new UnixStream(socket), address);
    }
}
