// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The addresses of a transport that broadcast, as a transport of their own, so that what every
 * mechanism does alike is tested of them, too.
 */
record Broadcasting(Transport transport) implements Transport {
    /** Each transport, and once more as far as it broadcasts. */
    static List<Transport> and(List<Transport> transports) {
        return Stream.concat(transports.stream(), of(transports).stream()).toList();
    }

    static List<Transport> of(List<Transport> transports) {
        return transports.stream()
                .filter(each -> each.traits().contains(Trait.BROADCASTS))
                .<Transport>map(Broadcasting::new)
                .toList();
    }

    @Override
    public String scheme() {
        return transport.scheme();
    }

    @Override
    public String summary() {
        return transport.summary();
    }

    @Override
    public String syntax() {
        return transport.syntax();
    }

    @Override
    public Set<Trait> traits() {
        Set<Trait> traits = EnumSet.copyOf(transport.traits());
        traits.removeAll(Set.of(Trait.PERSISTENT, Trait.MANY_READERS, Trait.PAIRS));
        return traits;
    }

    @Override
    public Map<String, String> options() {
        return transport.options();
    }

    @Override
    public Address fresh(Path directory) {
        return transport.broadcast(transport.fresh(directory));
    }

    @Override
    public Address shared(Address address) {
        return transport.shared(address);
    }

    @Override
    public long maxMessageBytes(Address address) {
        return transport.maxMessageBytes(address);
    }

    @Override
    public Address create(Address address) {
        return transport.create(address);
    }

    @Override
    public Link open(Address address, Direction direction) {
        return transport.open(address, direction);
    }

    @Override
    public List<Message<byte[]>> peek(Address address, int limit) {
        return transport.peek(address, limit);
    }

    @Override
    public void remove(Address address) {
        transport.remove(address);
    }

    @Override
    public String toString() {
        return "broadcast of " + transport;
    }
}
