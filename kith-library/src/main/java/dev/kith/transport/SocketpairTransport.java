// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code socketpair:}, two connected Unix sockets without a name. */
public final class SocketpairTransport implements Transport {
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
        return Options.with(StreamLink.OPTIONS, Map.of());
    }

    @Override
    public long maxMessageBytes(Address address) {
        return StreamLink.max(address);
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
        Framing.of(address);
        StreamLink.max(address);
        UnixSocketPair pair = UnixSocket.pair();
        return List.of(
                new StreamLink(new UnixStream(pair.first()), address),
                new StreamLink(new UnixStream(pair.second()), address));
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        return new StreamLink(new UnixStream((UnixSocket) handle), address);
    }
}
