// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.Closed;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Both ends of one mechanism for a test, made in the way that its traits name, and removed
 * afterwards.
 *
 * @param <T> the type of the values
 */
public final class Trial<T> implements AutoCloseable {
    public final Transport transport;
    public final Address address;
    public final Receiver<T> receiver;
    public final Sender<T> sender;
    private final Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();

    private Trial(Transport transport, Codec<T> codec, Map<String, String> options, boolean shared)
            throws Exception {
        this.transport = transport;
        this.directory = Files.createTempDirectory("kith-contract");
        Address fresh = transport.fresh(directory);
        for (Map.Entry<String, String> option : options.entrySet()) {
            fresh = fresh.withOption(option.getKey(), option.getValue());
        }
        if (shared) {
            fresh = transport.shared(fresh);
        }
        if (has(Trait.PAIRS) && !has(Trait.NAMED)) {
            ChannelPair<T> pair = Channel.pair(fresh.toString(), codec);
            address = fresh;
            receiver = pair.first();
            sender = pair.second();
        } else if (has(Trait.CONNECTS)) {
            Listener<T> listener = Listener.open(fresh.toString(), codec);
            open.add(listener);
            address = listener.address();
            sender = Sender.open(address.toString(), codec);
            receiver = listener.accept();
        } else if (has(Trait.NAMED) && !has(Trait.BINDS)) {
            address = transport.create(fresh);
            receiver = Receiver.open(address.toString(), codec);
            sender = Sender.open(address.toString(), codec);
        } else {
            receiver = Receiver.open(fresh.toString(), codec);
            address = receiver.address();
            sender = Sender.open(address.toString(), codec);
        }
    }

    public static <T> Trial<T> of(Transport transport, Codec<T> codec) throws Exception {
        return new Trial<>(transport, codec, Map.of(), false);
    }

    public static <T> Trial<T> of(Transport transport, Codec<T> codec, Map<String, String> options)
            throws Exception {
        return new Trial<>(transport, codec, options, false);
    }

    public static <T> Trial<T> shared(Transport transport, Codec<T> codec) throws Exception {
        return new Trial<>(transport, codec, Map.of(), true);
    }

    public boolean has(Trait trait) {
        return transport.traits().contains(trait);
    }

    /** Receives what may never come; by a call with a time-out, if asked to. */
    void receive(boolean timed) throws InterruptedException {
        if (timed) {
            receiver.tryReceive(Duration.ofSeconds(50));
        } else {
            receiver.receive();
        }
    }

    /** Takes everything out, so that nothing waits in the kernel when the test ends. */
    void drain() throws InterruptedException {
        try {
            while (!has(Trait.STREAM) && receiver.tryReceive().isPresent()) {
                // until it is empty
            }
        } catch (Closed ended) {
            // A connection ends with its sender.
        }
    }

    @Override
    public void close() throws IOException {
        sender.close();
        receiver.close();
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
        if (has(Trait.NAMED) && !has(Trait.CONNECTS) && !has(Trait.BINDS)) {
            transport.remove(address.withoutOptions());
        }
        // Not recursive: what a mechanism left behind there fails the test.
        Files.delete(directory);
    }
}
