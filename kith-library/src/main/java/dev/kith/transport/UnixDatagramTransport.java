// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.UnixDatagramSocket;
import dev.kith.linux.UnixListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * {@code unix+dgram:/path} and {@code unix+dgram:@name}: the receiver takes the name, any number of
 * senders send to it.
 */
public final class UnixDatagramTransport implements Transport {
    @Override
    public String scheme() {
        return "unix+dgram";
    }

    @Override
    public String summary() {
        return "Unix datagram socket: one receiver, any number of senders, who are known";
    }

    @Override
    public String syntax() {
        return "unix+dgram:/path or unix+dgram:@name";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.NAMED,
                Trait.BINDS,
                Trait.BOUNDED,
                Trait.MANY_WRITERS,
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
        PacketOptions.check(address);
        int mode = Addresses.mode(address);
        String name = Addresses.path(address);
        UnixDatagramSocket socket =
                switch (direction) {
                    case RECEIVE -> receiver(name, mode);
                    case SEND -> UnixDatagramSocket.connect(name);
                    case BOTH ->
                            throw new UnsupportedOperationException(
                                    address
                                            + ": unix+dgram: goes one way: open it with"
                                            + " Receiver.open or Sender.open, or take"
                                            + " unix+seqpacket:");
                };
        return new PacketLink(address, new DatagramSocket(PacketOptions.apply(address, socket)));
    }

    @Override
    public void remove(Address address) {
        Removal.of(
                () -> UnixListener.unlink(Addresses.path(address)), "kith ls --kind " + scheme());
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return new PacketLink(address, new DatagramSocket((UnixDatagramSocket) handle));
    }

    private static UnixDatagramSocket receiver(String name, int mode) {
        UnixDatagramSocket socket = UnixDatagramSocket.bind(name, mode);
        try {
            socket.options().passCredentials(true);
            return socket;
        } catch (RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }
}
