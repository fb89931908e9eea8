// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
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
final class Wire implements AutoCloseable {
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

    /** Makes what the other process needs to find. */
    static Wire lay(Mechanism mechanism) throws IOException {
        Wire wire = new Wire();
        try {
            wire.make(mechanism.uri().orElseThrow());
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
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

    /** Removes what was made. */
    @Override
    public synchronized void close() {
        while (!undo.isEmpty()) {
            undo.removeLast().run();
        }
    }

    private void make(String pattern) throws IOException {
        Address address = Address.parse(unique(pattern, "forth"));
        Transport transport = Transports.of(address);
        Set<Trait> traits = transport.traits();
        if (traits.contains(Trait.CONNECTS)) {
            listener = Listener.open(address.toString(), Codec.bytes());
            undo.add(listener::close);
            uris.add(listener.address().toString());
        } else if (traits.contains(Trait.NAMED)) {
            uris.add(create(transport, address));
            uris.add(create(transport, Address.parse(unique(pattern, "back"))));
        } else {
            throw new IllegalArgumentException(
                    address + ": has no name by which another process finds it");
        }
    }

    private String create(Transport transport, Address address) {
        Address created = transport.create(address);
        undo.add(() -> transport.remove(created.withoutOptions()));
        return created.toString();
    }

    private String unique(String pattern, String direction) throws IOException {
        String uri = pattern.replace("%s", direction + "-" + ProcessHandle.current().pid());
        return uri.contains("%d") ? uri.replace("%d", folder().toString()) : uri;
    }

    private Path folder() throws IOException {
        Path folder = Files.createTempDirectory("kith-bench-");
        undo.add(() -> delete(folder));
        return folder;
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
