// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.posix.Fifo;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * {@code fifo:/path}, named pipes. The shortest transport on purpose: the one to copy for a new
 * mechanism.
 */
public final class FifoTransport implements Transport {
    @Override
    public String scheme() {
        return "fifo";
    }

    @Override
    public String summary() {
        return "named pipe, between any processes of one machine";
    }

    @Override
    public String syntax() {
        return "fifo:/path";
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(
                Trait.STREAM, Trait.NAMED, Trait.BOUNDED, Trait.MANY_WRITERS, Trait.MANY_READERS);
    }

    @Override
    public Map<String, String> options() {
        return Options.with(
                StreamLink.OPTIONS,
                Map.of(
                        "ahead",
                        SharedPipe.AHEAD,
                        "mode",
                        "permission bits when it is made, 600 if not said",
                        "shared",
                        SharedPipe.OPTION));
    }

    @Override
    public Address fresh(Path directory) {
        return Addresses.fresh(this, directory);
    }

    @Override
    public Address shared(Address address) {
        return address.withOption("shared", "true");
    }

    @Override
    public long maxMessageBytes(Address address) {
        return SharedPipe.max(address);
    }

    @Override
    public Address create(Address address) {
        Fifo.create(Path.of(Addresses.path(address)), Addresses.mode(address));
        return address;
    }

    @Override
    public Link open(Address address, Direction direction) {
        if (direction == Direction.BOTH) {
            throw new UnsupportedOperationException(
                    address + ": a FIFO has one direction: use Sender.open or Receiver.open");
        }
        Framing.of(address);
        Addresses.mode(address);
        SharedPipe.max(address);
        Fifo fifo = Fifo.open(Path.of(Addresses.path(address)));
        return SharedPipe.link(address, new FifoStream(fifo, direction, address.flag("shared")));
    }

    @Override
    public void remove(Address address) {
        Path path = Path.of(Addresses.path(address));
        Removal.of(() -> Fifo.open(path).unlink(), "ls -l " + path.toAbsolutePath().getParent());
    }
}
