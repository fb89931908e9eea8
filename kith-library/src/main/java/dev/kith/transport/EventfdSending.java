// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import java.time.Duration;
import java.util.Optional;

/** The end of {@code eventfd:} that adds. */
final class EventfdSending implements Link {
    private final Address address;
    private final EventfdTransport.Ends ends;

    EventfdSending(Address address, EventfdTransport.Ends ends) {
        this.address = address;
        this.ends = ends;
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        long number = number(value, codec);
        if (timeoutNanos == FOREVER) {
            ends.numbers().add(number);
            return true;
        }
        return ends.numbers().tryAdd(number, Duration.ofNanos(timeoutNanos));
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos) {
        throw new UnsupportedOperationException(address + ": this end sends");
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        ends.marks().add(consumers);
    }

    @Override
    public boolean isEnded() {
        return false;
    }

    @Override
    public boolean isReady() {
        throw new UnsupportedOperationException(address + ": this end sends");
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        throw new UnsupportedOperationException(address + ": this end sends");
    }

    @Override
    public Object handle() {
        return ends.numbers();
    }

    @Override
    public Optional<Object> travels() {
        return Optional.of(ends);
    }

    @Override
    public void close() {
        ends.close();
    }

    private long number(Object value, Codec<?> codec) {
        if (!(value instanceof Long number)) {
            throw new IllegalArgumentException(
                    address
                            + ": what is sent is added up, and the bytes of "
                            + codec
                            + " cannot be: use Codec.longs()");
        }
        if (number <= 0) {
            throw new IllegalArgumentException(
                    address
                            + ": value="
                            + number
                            + ", least=1: 0 would wake nobody, and the counter has no sign");
        }
        return number;
    }
}
