// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import dev.kith.process.WorkerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What connects the two JVMs: made in the first, told to the second. How is not written here a
 * mechanism at a time: the traits of the transport decide. One that has sides listens and the other
 * connects; one that has names gets two of them, one each way; one without names is made here, and
 * the other JVM is a worker that gets its ends by capture.
 */
final class Wire {
    /**
     * What the driver is told: {@code uris} for the other JVM to open, or a {@code worker}'s id.
     */
    static final String URIS = "uris";

    static final String WORKER = "worker";

    private final int bytes;
    private final List<String> uris = new ArrayList<>();
    private final List<Runnable> undo = new ArrayList<>();
    private Listener<byte[]> listener;
    private Worker worker;
    private ChannelEnds here;
    private ChannelEnds there;

    private Wire(int bytes) {
        this.bytes = bytes;
    }

    /** Makes what the other process needs to find; it is removed when this process ends. */
    static Wire lay(Mechanism mechanism, int bytes, List<String> workerFlags) throws IOException {
        Wire wire = new Wire(bytes);
        Runtime.getRuntime().addShutdownHook(new Thread(wire::remove));
        Transport transport = mechanism.transport().orElseThrow();
        Set<Trait> traits = transport.traits();
        if (traits.contains(Trait.CONNECTS)) {
            wire.listen(transport);
        } else if (traits.contains(Trait.NAMED) && !traits.contains(Trait.BINDS)) {
            wire.makeNames(transport);
        } else {
            if (traits.contains(Trait.BINDS)) {
                wire.bind(transport);
            } else {
                wire.makePairs(transport, traits.contains(Trait.DUPLEX));
            }
            wire.worker =
                    Worker.start(
                            WorkerOptions.defaults()
                                    .withJvmFlags(workerFlags.toArray(String[]::new)));
        }
        return wire;
    }

    /** What the driver needs to know to start, or to pin, the other process. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        told.add(worker == null ? URIS : WORKER);
        told.addAll(worker == null ? uris : List.of(Long.toString(worker.pid())));
        return told;
    }

    /** This process's ends; waits for the other one where somebody has to connect. */
    Ends connect() throws InterruptedException {
        if (worker != null) {
            ChannelEnds theirs = there;
            worker.async(() -> Pong.echo(theirs));
            return here;
        }
        if (listener != null) {
            Channel<byte[]> both = listener.accept();
            return new ChannelEnds(both, both, bytes);
        }
        return ChannelEnds.of(uris.reversed(), bytes);
    }

    private void listen(Transport transport) throws IOException {
        listener = Listener.open(transport.fresh(folder()).toString(), Codec.bytes());
        later(listener::close);
        uris.add(listener.address().toString());
    }

    private void makeNames(Transport transport) throws IOException {
        Path folder = folder();
        for (int i = 0; i < 2; i++) {
            Address created = transport.create(transport.fresh(folder));
            later(() -> transport.remove(created.withoutOptions()));
            uris.add(created.toString());
        }
    }

    /** Receivers first, for they have the names; the other process gets its ends by capture. */
    private void bind(Transport transport) throws IOException {
        Path folder = folder();
        String forth = transport.fresh(folder).toString();
        String back = transport.fresh(folder).toString();
        Receiver<byte[]> theirs = Receiver.open(forth, Codec.bytes());
        Receiver<byte[]> ours = Receiver.open(back, Codec.bytes());
        later(ours::close);
        here = new ChannelEnds(ours, Sender.open(forth, Codec.bytes()), bytes);
        there = new ChannelEnds(theirs, Sender.open(back, Codec.bytes()), bytes);
    }

    private void makePairs(Transport transport, boolean duplex) throws IOException {
        String uri = transport.fresh(folder()).toString();
        ChannelPair<byte[]> forth = Channel.pair(uri, Codec.bytes());
        ChannelPair<byte[]> back = duplex ? forth : Channel.pair(uri, Codec.bytes());
        here =
                duplex
                        ? new ChannelEnds(forth.second(), forth.second(), bytes)
                        : new ChannelEnds(back.receiver(), forth.sender(), bytes);
        there =
                duplex
                        ? new ChannelEnds(forth.first(), forth.first(), bytes)
                        : new ChannelEnds(forth.receiver(), back.sender(), bytes);
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
