// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.channel.Address;
import dev.kith.posix.SharedMemory;
import dev.kith.ring.Broadcast;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Ring;
import dev.kith.ring.SpscRing;
import java.nio.file.Path;

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
