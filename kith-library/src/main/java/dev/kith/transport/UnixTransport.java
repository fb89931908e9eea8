// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Binding;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.UnixListener;
import dev.kith.linux.UnixSocket;
import java.nio.file.Path;
import java.time.Duration;
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
        String name = Addresses.path(address);
        UnixSocket socket =
                timeoutNanos == Link.FOREVER
                        ? UnixSocket.connect(name)
                        : Connecting.inTime(
                                address,
                                timeoutNanos,
                                UnixSocket.connect(name, Duration.ofNanos(timeoutNanos)));
        return new StreamLink(new UnixStream(socket), address);
    }

    @Override
    public Binding listen(Address address) {
        Framing.of(address);
        StreamLink.max(address);
        return new Bound(
                address, UnixListener.bind(Addresses.path(address), Addresses.mode(address)));
    }

    @Override
    public void remove(Address address) {
        Removal.of(
                () -> UnixListener.unlink(Addresses.path(address)), "kith ls --kind " + scheme());
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return new StreamLink(new UnixStream((UnixSocket) handle), address);
    }

    private record Bound(Address address, UnixListener listener) implements Binding {
        @Override
        public Link accept(long timeoutNanos) throws InterruptedException {
            UnixSocket socket =
                    timeoutNanos == Link.FOREVER
                            ? listener.accept()
                            : listener.accept(Duration.ofNanos(timeoutNanos)).orElse(null);
            return socket == null ? null : new StreamLink(new UnixStream(socket), address);
        }

        @Override
        public boolean isReady() {
            return listener.isReady();
        }

        @Override
        public Waitable.Registration whenReady(Runnable wake) {
            return listener.whenReady(wake);
        }

        @Override
        public void close() {
            listener.close();
        }
    }
}
