// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import dev.kith.test.TransportConformance;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract of channels for pairs of sockets that carry packets. */
class SocketpairTypesTest extends TransportConformance {
    @Override
    protected List<Transport> transports() {
        return List.of(new Typed("seqpacket"), new Typed("dgram"));
    }

    /** The transport of socketpairs as a test shall see it where the type is said. */
    private record Typed(String type) implements Transport {
        private static final Transport SOCKETPAIR = Transports.of(Address.parse("socketpair:"));

        @Override
        public String scheme() {
            return SOCKETPAIR.scheme();
        }

        @Override
        public String summary() {
            return SOCKETPAIR.summary();
        }

        @Override
        public String syntax() {
            return SOCKETPAIR.syntax();
        }

        @Override
        public Set<Trait> traits() {
            Set<Trait> traits = new HashSet<>(SOCKETPAIR.traits());
            traits.remove(Trait.STREAM);
            traits.add(Trait.MESSAGES);
            return traits;
        }

        @Override
        public Map<String, String> options() {
            return SOCKETPAIR.options();
        }

        @Override
        public Address fresh(Path directory) {
            return SOCKETPAIR.fresh(directory).withOption("type", type);
        }

        @Override
        public long maxMessageBytes(Address address) {
            return SOCKETPAIR.maxMessageBytes(address);
        }

        @Override
        public Link open(Address address, Direction direction) {
            return SOCKETPAIR.open(address, direction);
        }
    }
}
