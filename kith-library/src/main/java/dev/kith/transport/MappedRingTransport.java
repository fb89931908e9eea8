// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.ring.Broadcast;
import dev.kith.ring.MpscRing;
import dev.kith.ring.Ring;
import dev.kith.ring.SpscRing;
import java.nio.file.Path;

/** {@code mmap:/path}, a ring or a broadcast in a memory-mapped file. */
public final class MappedRingTransport implements RingScheme {
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
    public Address fresh(Path directory) {
        return Addresses.fresh(this, directory);
    }

    /** Has none that could be picked: which folder is for the user to say. */
    @Override
    public Address unnamed(Address address) {
        return address;
    }

    @Override
    public Medium made(Address address, RingOptions options) {
        Path path = path(address);
        return switch (options.flavour()) {
            case MPSC -> Medium.of(MpscRing.create(path, options.capacity()));
            case SPSC -> Medium.of(SpscRing.create(path, options.capacity()));
            case BROADCAST -> Medium.of(Broadcast.create(path, options.capacity()));
        };
    }

    @Override
    public Medium found(Address address, RingOptions options) {
        Path path = path(address);
        return Medium.open(options.flavour(), () -> Ring.open(path), () -> Broadcast.open(path));
    }

    /** Removes a ring, and no other file: that is what rm(1) is for. */
    @Override
    public void remove(Address address) {
        try (Medium medium = found(address, RingOptions.of(address))) {
            medium.handle().unlink();
        }
    }

    private static Path path(Address address) {
        return Path.of(Addresses.path(address));
    }
}
