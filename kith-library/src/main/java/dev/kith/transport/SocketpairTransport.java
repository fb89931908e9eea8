// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.SocketType;
import dev.kith.linux.UnixDatagramPair;
import dev.kith.linux.UnixDatagramSocket;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code socketpair:}, two connected Unix sockets without a name. */
public final class SocketpairTransport implements Transport {
    private static final String TYPE = "type";
    private static final String STREAM = "stream";
    private static final String SEQPACKET = "seqpacket";
    private static final String DGRAM = "dgram";

    @Override
    public String scheme() {
        return "socketpair";
    }

    @Override
    public String summary() {
        return "two connected Unix sockets, between a process and its children";
    }

    @Override
    public String syntax() {
        return "socketpair:";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.STREAM,
                Trait.DUPLEX,
                Trait.PAIRS,
                Trait.BOUNDED,
                Trait.CREDENTIALS,
                Trait.PASSES_FDS);
    }

    @Override
    public Map<String, String> options() {
        Map<String, String> packets =
                Options.with(
                        PacketOptions.OPTIONS,
                        Map.of(
                                TYPE,
                                "stream, seqpacket or dgram; stream if not said. Packets have no"
                                        + " framing and no max, a stream no buffer"));
        return Options.with(StreamLink.OPTIONS, packets);
    }

    @Override
    public long maxMessageBytes(Address address) {
        return type(address).equals(STREAM)
                ? StreamLink.max(address)
                : PacketOptions.maxMessageBytes(address);
    }

    @Override
    public Link open(Address address, Direction direction) {
        throw new UnsupportedOperationException(
                "socketpair: has no name to open; make both ends with Channel.pair(\"socketpair:\","
                        + " codec) and give one to a child");
    }

    @Override
    public List<Link> pair(Address address) {
        Addresses.checkNoPath(address);
        return switch (type(address)) {
            case STREAM -> {
                Framing.of(address);
                StreamLink.max(address);
                UnixSocketPair pair = UnixSocket.pair();
                yield List.of(
                        new StreamLink(new UnixStream(pair.first()), address),
                        new StreamLink(new UnixStream(pair.second()), address));
            }
            case SEQPACKET -> {
                PacketOptions.check(address);
                UnixSocketPair pair = UnixSocket.pair(SocketType.SEQPACKET);
                try {
                    yield List.of(link(address, pair.first()), link(address, pair.second()));
                } catch (RuntimeException refused) {
                    pair.close();
                    throw refused;
                }
            }
            default -> {
                PacketOptions.check(address);
                UnixDatagramPair pair = UnixDatagramSocket.pair();
                try {
                    yield List.of(link(address, pair.first()), link(address, pair.second()));
                } catch (RuntimeException refused) {
                    pair.close();
                    throw refused;
                }
            }
        };
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return switch (handle) {
            case UnixDatagramSocket datagrams ->
                    new PacketLink(address, new DatagramSocket(datagrams));
            case UnixSocket socket when socket.type() == SocketType.SEQPACKET ->
                    new PacketLink(address, new PacketSocket(socket));
            default -> new StreamLink(new UnixStream((UnixSocket) handle), address);
        };
    }

    private static Link link(Address address, UnixSocket socket) {
        return new PacketLink(address, new PacketSocket(PacketOptions.apply(address, socket)));
    }

    private static Link link(Address address, UnixDatagramSocket socket) {
        return new PacketLink(address, new DatagramSocket(PacketOptions.apply(address, socket)));
    }

    private static String type(Address address) {
        String type = address.options().getOrDefault(TYPE, STREAM);
        if (!Set.of(STREAM, SEQPACKET, DGRAM).contains(type)) {
            throw new IllegalArgumentException(
                    address + ": type=" + type + ": known are stream seqpacket dgram");
        }
        Set<String> foreign =
                type.equals(STREAM) ? PacketOptions.OPTIONS.keySet() : StreamLink.OPTIONS.keySet();
        for (String option : foreign) {
            if (address.options().containsKey(option)) {
                throw new IllegalArgumentException(
                        address + ": option " + option + " does not go with type=" + type);
            }
        }
        return type;
    }
}
