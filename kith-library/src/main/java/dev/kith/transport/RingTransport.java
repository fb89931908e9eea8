// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.posix.SharedMemory;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Ring;
import dev.kith.ring.SpscRing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code shm:name}, a ring in POSIX shared memory. */
public final class RingTransport implements Transport {
    @Override
    public String scheme() {
        return "shm";
    }

    @Override
    public String summary() {
        return "ring in shared memory, written and read in place";
    }

    @Override
    public String syntax() {
        return "shm:name";
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
        return Addresses.fresh(this, Path.of("/"));
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
        Address made = address.path().isEmpty() ? fresh(Path.of("/")) : address.withoutOptions();
        Ring ring =
                options.many()
                        ? MpscRing.create(made.path(), options.capacity())
                        : SpscRing.create(made.path(), options.capacity());
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

    @Override
    public void remove(Address address) {
        String name = name(address);
        try (Ring ring = Ring.open(name)) {
            ring.unlink();
        } catch (Broken otherMemory) {
            SharedMemory.unlink(name.startsWith("/") ? name : "/" + name);
        }
    }

    private static Ring opened(Address address) {
        return Ring.open(name(address));
    }

    private static String name(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address + ": a name is missing, as in " + address.withPath("/ticks"));
        }
        return address.path();
    }
}
