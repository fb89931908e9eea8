// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.posix.SharedMemory;
import dev.kith.ring.Broadcast;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Ring;
import dev.kith.ring.SpscRing;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code shm:name}, a ring or a broadcast in POSIX shared memory. */
public final class RingTransport implements RingScheme {
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

    /** Pairs, too: memory needs no name to be shared with those who are given it. */
    @Override
    public Set<Trait> traits() {
        Set<Trait> traits = EnumSet.copyOf(RingScheme.super.traits());
        traits.add(Trait.PAIRS);
        return traits;
    }

    @Override
    public List<Link> pair(Address address) {
        if (!address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address
                            + ": a pair has no name: write "
                            + address.withPath("")
                            + ", or make it with a name and open that");
        }
        RingOptions options = RingOptions.of(address);
        Ring first = unnamed(address, options);
        Medium back;
        try {
            back = Medium.of(unnamed(address, options), 2);
        } catch (RuntimeException failed) {
            first.close();
            throw failed;
        }
        Medium there = Medium.of(first, 2);
        return List.of(
                RingLink.of(address, there, back, options),
                RingLink.of(address, back, there, options));
    }

    @Override
    public Link adopt(Address address, Direction direction, Object handle) {
        RingEnds ends = (RingEnds) handle;
        Medium in = Medium.of(ends.in());
        return RingLink.of(address, in, Medium.of(ends.out()), RingOptions.of(address));
    }

    private static Ring unnamed(Address address, RingOptions options) {
        return switch (options.flavour()) {
            case MPSC -> MpscRing.anonymous(options.capacity());
            case SPSC -> SpscRing.anonymous(options.capacity());
            case BROADCAST ->
                    throw new IllegalArgumentException(
                            address
                                    + ": flavour=broadcast: a pair has one receiver each way; make"
                                    + " a broadcast with a name, or Broadcast.anonymous");
        };
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, Path.of("/"));
    }

    @Override
    public Address unnamed(Address address) {
        return fresh(Path.of("/"));
    }

    @Override
    public Medium made(Address address, RingOptions options) {
        String name = name(address);
        return switch (options.flavour()) {
            case MPSC -> Medium.of(MpscRing.create(name, options.capacity()));
            case SPSC -> Medium.of(SpscRing.create(name, options.capacity()));
            case BROADCAST -> Medium.of(Broadcast.create(name, options.capacity()));
        };
    }

    @Override
    public Medium found(Address address, RingOptions options) {
        String name = name(address);
        return Medium.open(options.flavour(), () -> Ring.open(name), () -> Broadcast.open(name));
    }

    @Override
    public void remove(Address address) {
        String name = name(address);
        try (Medium medium = found(address, RingOptions.of(address))) {
            medium.handle().unlink();
        } catch (Broken otherMemory) {
            SharedMemory.unlink(name.startsWith("/") ? name : "/" + name);
        }
    }

    private static String name(Address address) {
        if (address.path().isEmpty()) {
            throw new IllegalArgumentException(
                    address + ": a name is missing, as in " + address.withPath("/ticks"));
        }
        return address.path();
    }
}
