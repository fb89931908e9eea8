// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.posix.SignalSender;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The end of {@code signal:} that sends. */
final class SignalSending implements Link {
    private final SignalSender sender;

    SignalSending(SignalSender sender) {
        this.sender = sender;
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        MemorySegment bytes = MemorySegment.ofArray(new long[1]);
        codec.encode(value, bytes);
        long raw = bytes.get(JAVA_LONG, 0);
        if (timeoutNanos == FOREVER) {
            sender.send(raw);
            return true;
        }
        return timeoutNanos == 0
                ? sender.trySend(raw)
                : sender.trySend(raw, Duration.ofNanos(timeoutNanos));
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos) {
        throw new UnsupportedOperationException(where() + ": this end sends");
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        for (int i = 0; i < consumers; i++) {
            sender.end();
        }
    }

    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public boolean isReady() {
        throw new UnsupportedOperationException(where() + ": this end sends");
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        throw new UnsupportedOperationException(where() + ": this end sends");
    }

    @Override
    public Optional<Address> address() {
        return Optional.of(where());
    }

    @Override
    public Optional<Peer> peer() {
        return Optional.of(sender.receiver());
    }

    @Override
    public Object handle() {
        return sender;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.of(sender);
    }

    @Override
    public void close() {
        sender.close();
    }

    private Address where() {
        return new Address("signal", sender.address(), Map.of());
    }
}
