// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code shm:} and {@code mmap:} have in common: all but where their memory has its name. */
sealed interface RingScheme extends Transport permits RingTransport, MappedRingTransport {
    /** Makes what the options say. */
    Medium made(Address address, RingOptions options);

    /** Opens what is there. */
    Medium found(Address address, RingOptions options);

    @Override
    default Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.PERSISTENT,
                Trait.MANY_WRITERS,
                Trait.BROADCASTS,
                Trait.ZERO_COPY,
                Trait.BOUNDED);
    }

    @Override
    default Map<String, String> options() {
        return RingOptions.KNOWN;
    }

    @Override
    default Address broadcast(Address address) {
        return address.withOption(RingOptions.FLAVOUR, RingOptions.Flavour.BROADCAST.text());
    }

    @Override
    default long maxMessageBytes(Address address) {
        RingOptions options = RingOptions.of(address);
        if (address.options().containsKey("capacity") || address.path().isEmpty()) {
            return options.maxMessageBytes();
        }
        try (Medium medium = found(address, options)) {
            return medium.maxMessageBytes();
        } catch (IpcException notMadeYet) {
            return options.maxMessageBytes();
        }
    }

    @Override
    default Address create(Address address) {
        RingOptions options = RingOptions.of(address);
        Address asked = address.path().isEmpty() ? unnamed(address) : address;
        made(asked, options).close();
        return asked.withoutOptions();
    }

    @Override
    default Link open(Address address, Direction direction) {
        RingOptions options = RingOptions.of(address);
        Medium medium = options.checked(address, found(address, options));
        return RingLink.of(address, medium, direction, options);
    }

    @Override
    default List<Message<byte[]>> peek(Address address, int limit) {
        RingOptions options = RingOptions.of(address);
        try (Medium medium = options.checked(address, found(address, options))) {
            List<Message<byte[]>> messages = new ArrayList<>();
            for (byte[] bytes : medium.peek(limit)) {
                messages.add(new Received<>(bytes, bytes.length));
            }
            return messages;
        }
    }

    /** What is made where no name was given. */
    Address unnamed(Address address);
}
