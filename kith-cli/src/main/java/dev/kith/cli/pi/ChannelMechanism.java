// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import java.nio.file.Path;
import java.util.Set;

/**
 * A transport, used as its traits say: by pairs of ends if it has no names, by connections to a
 * listener, by one end to which all send, or by one in which all that is sent adds up.
 *
 * @param transport any
 */
record ChannelMechanism(Transport transport) implements Mechanism {
    @Override
    public String name() {
        return transport.scheme();
    }

    @Override
    public Exchange open(int children, Path directory) {
        Set<Trait> traits = transport.traits();
        if (traits.contains(Trait.COALESCES)) {
            return new SummingExchange(transport.shared(transport.fresh(directory)), children);
        }
        if (traits.contains(Trait.PAIRS) && !traits.contains(Trait.NAMED)) {
            return new PairExchange(transport.fresh(directory), children);
        }
        if (traits.contains(Trait.CONNECTS)) {
            return new ConnectionExchange(transport.fresh(directory), children);
        }
        return NamedExchange.open(
                transport, transport.shared(transport.fresh(directory)), children);
    }
}
