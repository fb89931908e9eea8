// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.PriorityMessage;
import dev.kith.posix.QueueWriter;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * One end of a POSIX message queue. The end marker goes at the lowest priority, so it is received
 * after everything that was sent before it. Who receives it closes the handle on which this end
 * receives: that wakes the other threads that wait on the same end, to which no marker would come.
 */
final class PosixQueueLink implements Link {
    private final Address address;
    private final MessageQueue queue;
    private final MessageQueue incoming;
    private volatile boolean ended;

    PosixQueueLink(Address address, MessageQueue queue, Direction direction) {
        this.address = address;
        this.queue = queue;
        this.incoming = direction.receives() ? queue.duplicate() : queue;
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        QueueWriter writer = target -> encode(value, codec, target);
        if (timeoutNanos == FOREVER) {
            queue.send(writer, options.priority());
            return true;
        }
        return queue.trySend(writer, options.priority(), Duration.ofNanos(timeoutNanos));
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        PriorityMessage<T> message;
        try {
            message =
                    timeoutNanos == FOREVER
                            ? incoming.receive((bytes, priority) -> decode(bytes, priority, codec))
                            : incoming.tryReceive(
                                            (bytes, priority) -> decode(bytes, priority, codec),
                                            Duration.ofNanos(timeoutNanos))
                                    .orElse(null);
        } catch (Closed closed) {
            throw ended ? endedException() : closed;
        }
        if (message != null && message.value() == null) {
            ended = true;
            incoming.close();
            throw endedException();
        }
        return message;
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        if (queue.maxMessageBytes() < EndMarker.BYTES) {
            throw new UnsupportedOperationException(
                    address
                            + ": mq: does not end a stream whose messages are so short: size="
                            + queue.maxMessageBytes()
                            + ", least="
                            + EndMarker.BYTES
                            + " for end()");
        }
        for (int i = 0; i < consumers; i++) {
            queue.send(
                    target -> {
                        EndMarker.write(target);
                        return EndMarker.BYTES;
                    },
                    0);
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        return incoming.isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return incoming.whenReady(wake);
    }

    @Override
    public Object handle() {
        return queue;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.empty();
    }

    @Override
    public void close() {
        incoming.close();
        queue.close();
    }

    private <T> long encode(T value, Codec<T> codec, MemorySegment target) {
        long length = codec.encode(value, target);
        if (length == EndMarker.BYTES
                && length <= target.byteSize()
                && EndMarker.isMarker(target.asSlice(0, length))) {
            throw EndMarker.refused(address);
        }
        return length;
    }

    /** The message; one without a value stands for the marker. */
    private static <T> PriorityMessage<T> decode(
            MemorySegment bytes, int priority, Codec<T> codec) {
        T value = EndMarker.isMarker(bytes) ? null : codec.decode(bytes);
        return new PriorityMessage<>(priority, value, bytes.byteSize());
    }

    private Closed endedException() {
        return new Closed(address + ": the stream has ended");
    }
}
