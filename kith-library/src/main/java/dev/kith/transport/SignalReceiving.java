// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.posix.SignalQueue;
import java.io.NotSerializableException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The end of {@code signal:} that receives, in the process to which the others send. */
final class SignalReceiving implements Link {
    private final SignalQueue queue;
    private volatile boolean ended;

    SignalReceiving(SignalQueue queue) {
        this.queue = queue;
    }

    private record SignalMessage<T>(T value, SignalQueue.Received received) implements Message<T> {
        @Override
        public long lengthBytes() {
            return Long.BYTES;
        }

        @Override
        public Optional<Peer> peer() {
            return received.sender();
        }
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        SignalQueue.Received received;
        try {
            received = take(timeoutNanos);
        } catch (Closed closed) {
            throw ended ? endOfStream() : closed;
        }
        if (received == null) {
            return null;
        }
        if (received.end()) {
            ended = true;
            // The other threads that wait in this end are to see the end too.
            queue.close();
            throw endOfStream();
        }
        MemorySegment bytes = MemorySegment.ofArray(new long[] {received.value()});
        return new SignalMessage<>(codec.decode(bytes), received);
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos) {
        throw new UnsupportedOperationException(where() + ": this end receives");
    }

    @Override
    public void end(int consumers) {
        throw new UnsupportedOperationException(where() + ": this end receives");
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        return queue.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return queue.whenReady(wake);
    }

    @Override
    public Optional<Address> address() {
        return Optional.of(where());
    }

    @Override
    public Object handle() {
        return queue;
    }

    @Override
    public Optional<Object> travels() throws NotSerializableException {
        throw new NotSerializableException(
                where()
                        + ": only the process to which signals are sent receives them; let the"
                        + " other process open signal: and tell its address()");
    }

    @Override
    public void close() {
        queue.close();
    }

    private SignalQueue.Received take(long timeoutNanos) throws InterruptedException {
        if (timeoutNanos == FOREVER) {
            return queue.receive();
        }
        return (timeoutNanos == 0
                        ? queue.tryReceive()
                        : queue.tryReceive(Duration.ofNanos(timeoutNanos)))
                .orElse(null);
    }

    private Address where() {
        return new Address("signal", queue.address(), Map.of());
    }

    private Closed endOfStream() {
        return new Closed(where() + ": the stream has ended");
    }
}
