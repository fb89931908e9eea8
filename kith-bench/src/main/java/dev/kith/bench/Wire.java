// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What connects the two JVMs: made in the first, found by the second through {@link #uris}. How is
 * not written here a mechanism at a time: the traits of the transport decide. One that has sides
 * listens and the other connects; one that has names gets two of them, one each way.
 */
final class Wire {
    /** One process's ends; both are the same channel where it goes both ways. */
    record Ends(Receiver<byte[]> in, Sender<byte[]> out) {
        static Ends of(List<String> uris) {
            if (uris.size() == 1) {
                Channel<byte[]> both = Channel.open(uris.getFirst(), Codec.bytes());
                return new Ends(both, both);
            }
            return new Ends(
                    Receiver.open(uris.get(0), Codec.bytes()),
                    Sender.open(uris.get(1), Codec.bytes()));
        }
    }

    private final List<String> uris = new ArrayList<>();
    private final List<Runnable> undo = new ArrayList<>();
    private Listener<byte[]> listener;

    /** Whether a process can find the other by what it is told. */
    static boolean canBeLaid(Transport transport) {
        return transport.traits().contains(Trait.CONNECTS)
                || transport.traits().contains(Trait.NAMED);
    }

    /** Makes what the other process needs to find; it is removed when this process ends. */
    static Wire lay(Mechanism mechanism) throws IOException {
        Wire wire = new Wire();
        Runtime.getRuntime().addShutdownHook(new Thread(wire::remove));
        wire.make(mechanism.transport().orElseThrow());
        return wire;
    }

    /** The addresses that the other process opens: to receive on, to send on; or one for both. */
    List<String> uris() {
        return uris;
    }

    /** This process's ends; waits for the other one where somebody has to connect. */
    Ends connect() throws InterruptedException {
        if (listener != null) {
            Channel<byte[]> both = listener.accept();
            return new Ends(both, both);
        }
        return Ends.of(uris.reversed());
    }

    private void make(Transport transport) throws IOException {
        Path folder = folder();
        Address address = transport.fresh(folder);
        Set<Trait> traits = transport.traits();
        if (traits.contains(Trait.CONNECTS)) {
            listener = Listener.open(address.toString(), Codec.bytes());
            later(listener::close);
            uris.add(listener.address().toString());
        } else if (traits.contains(Trait.NAMED)) {
            uris.add(create(transport, address));
            uris.add(create(transport, transport.fresh(folder)));
        } else {
            throw new IllegalArgumentException(
                    address + " has no name by which another process finds it");
        }
    }

    private String create(Transport transport, Address address) {
        Address created = transport.create(address);
        later(() -> transport.remove(created.withoutOptions()));
        return created.toString();
    }

    private Path folder() throws IOException {
        Path folder = Files.createTempDirectory("kith-bench-");
        later(() -> delete(folder));
        return folder;
    }

    private synchronized void later(Runnable removal) {
        undo.add(removal);
    }

    private synchronized void remove() {
        undo.reversed().forEach(Runnable::run);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
