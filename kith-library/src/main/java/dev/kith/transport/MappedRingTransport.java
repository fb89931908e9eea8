// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Ring;
import dev.kith.ring.SpscRing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code mmap:/path}, a ring in a memory-mapped file. */
public final class MappedRingTransport implements Transport {
    @Override
    public String scheme() {
        return "mmap";
    }

    @Override
    public String summary() {
        return "ring in a mapped file, written and read in place; stays when all processes have"
                + " ended";
    }

    @Override
    public String syntax() {
        return "mmap:/path";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.MESSAGES,
                Trait.DUPLEX,
                Trait.NAMED,
                Trait.PERSISTENT,
                Trait.MANY_WRITERS,
                Trait.ZERO_COPY,
                Trait.BOUNDED);
    }

    @Override
    public Map<String, String> options() {
        return RingOptions.KNOWN;
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, directory);
    }

    @Override
    public long maxMessageBytes(Address address) {
        RingOptions options = RingOptions.of(address);
        if (address.options().containsKey("capacity")) {
            return options.maxMessageBytes();
        }
        try (Ring ring = opened(address)) {
            return ring.maxMessageBytes();
        } catch (IpcException notMadeYet) {
            return options.maxMessageBytes();
        }
    }

    @Override
    public Address create(Address address) {
        RingOptions options = RingOptions.of(address);
        Address made = address.withoutOptions();
        Path path = path(address);
        Ring ring =
                options.many()
                        ? MpscRing.create(path, options.capacity())
                        : SpscRing.create(path, options.capacity());
        ring.close();
        return made;
    }

    @Override
    public Link open(Address address, Direction direction) {
        RingOptions options = RingOptions.of(address);
        return new RingLink(address, options.checked(address, opened(address)), options.waiter());
    }

    @Override
    public List<Message<byte[]>> peek(Address address, int limit) {
        try (Ring ring = RingOptions.of(address).checked(address, opened(address))) {
            List<Message<byte[]>> messages = new ArrayList<>();
            for (byte[] bytes : ring.peek(limit)) {
                messages.add(new Received<>(bytes, bytes.length));
            }
            return messages;
        }
    }

    /** Removes a ring, and no other file: that is what rm(1) is for. */
    @Override
    public void remove(Address address) {
        try (Ring ring = opened(address)) {
            ring.unlink();
        }
    }

    private static Ring opened(Address address) {
        return Ring.open(path(address));
    }

    private static Path path(Address address) {
        return Path.of(Addresses.path(address));
    }
}
