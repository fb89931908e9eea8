// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Waitable;
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
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** {@code unix+seqpacket:/path} and {@code unix+seqpacket:@name}, connections that keep packets. */
public final class UnixPacketTransport implements Transport {
    @Override
    public String scheme() {
        return "unix+seqpacket";
    }

    @Override
    public String summary() {
        return "Unix socket that keeps messages whole, between any processes of one machine";
    }

    @Override
    public String syntax() {
        return "unix+seqpacket:/path or unix+seqpacket:@name";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.CONNECTS,
                Trait.BOUNDED,
                Trait.MANY_WRITERS,
                Trait.MANY_READERS,
                Trait.CREDENTIALS,
                Trait.PASSES_FDS);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                PacketOptions.OPTIONS,
                Map.of("mode", "permission bits of the path, 600 if not said"));
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, directory);
    }

    @Override
    public long maxMessageBytes(Address address) {
        return PacketOptions.maxMessageBytes(address);
    }

    @Override
    public Link open(Address address, Direction direction) {
        return Connecting.forEver(address, () -> open(address, direction, Link.FOREVER));
    }

    @Override
    public Link open(Address address, Direction direction, long timeoutNanos)
            throws InterruptedException {
        PacketOptions.check(address);
        Addresses.mode(address);
        String name = Addresses.path(address);
        if (timeoutNanos == Link.FOREVER) {
            return link(address, UnixSocket.connect(SocketType.SEQPACKET, name));
        }
        Duration timeout = Duration.ofNanos(timeoutNanos);
        return link(
                address,
                Connecting.inTime(
                        address,
                        timeoutNanos,
                        UnixSocket.connect(SocketType.SEQPACKET, name, timeout)));
    }

    @Override
    public Binding listen(Address address) {
        PacketOptions.check(address);
        return new Bound(
                address,
                UnixListener.bind(
                        SocketType.SEQPACKET, Addresses.path(address), Addresses.mode(address)));
    }

    @Override
    public void remove(Address address) {
        Removal.of(
                () -> UnixListener.unlink(Addresses.path(address)), "kith ls --kind " + scheme());
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return new PacketLink(address, new PacketSocket((UnixSocket) handle));
    }

    private static Link link(Address address, UnixSocket socket) {
        return new PacketLink(address, new PacketSocket(PacketOptions.apply(address, socket)));
    }

    private record Bound(Address address, UnixListener listener) implements Binding {
        @Override
        public Link accept(long timeoutNanos) throws InterruptedException {
            UnixSocket socket =
                    timeoutNanos == Link.FOREVER
                            ? listener.accept()
                            : listener.accept(Duration.ofNanos(timeoutNanos)).orElse(null);
            return socket == null ? null : link(address, socket);
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
