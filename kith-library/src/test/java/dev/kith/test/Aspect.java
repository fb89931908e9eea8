// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Some of the addresses of a transport, as a transport of their own, so that what every mechanism
 * does alike is tested of each sort.
 *
 * @param transport the whole
 * @param sort of addresses, for people
 * @param picked makes such an address of a fresh one
 * @param without the traits that such addresses do not have
 */
record Aspect(Transport transport, String sort, UnaryOperator<Address> picked, Set<Trait> without)
        implements Transport {
    /** All sorts of addresses of all transports. */
    static List<Transport> all(List<Transport> transports) {
        List<Transport> all = new ArrayList<>();
        for (Transport each : transports) {
            if (!hasBoth(each)) {
                all.add(each);
                continue;
            }
            all.add(new Aspect(each, "named", address -> address, Set.of(Trait.PAIRS)));
            all.add(
                    new Aspect(
                            each,
                            "pairs",
                            address -> address.withPath(""),
                            Set.of(Trait.NAMED, Trait.PERSISTENT, Trait.BROADCASTS)));
        }
        all.addAll(broadcasts(transports));
        return all;
    }

    /** The addresses that broadcast. */
    static List<Transport> broadcasts(List<Transport> transports) {
        return transports.stream()
                .filter(each -> each.traits().contains(Trait.BROADCASTS))
                .<Transport>map(each ->
                        new Aspect(
                                each,
                                "broadcasts",
                                each::broadcast,
                                Set.of(Trait.PERSISTENT, Trait.MANY_READERS, Trait.PAIRS)))
                .toList();
    }

    private static boolean hasBoth(Transport transport) {
        return transport.traits().containsAll(Set.of(Trait.NAMED, Trait.PAIRS));
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
        traits.removeAll(without);
        return traits;
    }

    @Override
    public Map<String, String> options() {
        return transport.options();
    }

    @Override
    public Address fresh(Path directory) {
        return picked.apply(transport.fresh(directory));
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
        return transport.scheme() + " " + sort;
    }
}
