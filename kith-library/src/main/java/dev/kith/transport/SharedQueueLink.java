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
import dev.kith.shared.Ended;
import dev.kith.shared.Lease;
import dev.kith.shared.SharedQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One end of a {@link SharedQueue}. It receives on a handle of its own: who meets the mark of the
 * end closes that, which wakes the other threads that wait on the same end, to which no mark would
 * come. That gives back what is on lease, so it waits until all that was received before is
 * acknowledged.
 */
final class SharedQueueLink implements Link {
    private static final Duration ENDLESS = Duration.ofNanos(FOREVER);

    private final Address address;
    private final SharedQueue<byte[]> queue;
    private final SharedQueue<byte[]> incoming;
    private volatile boolean ended;

    /** How many messages are on lease; guarded by this. */
    private int leases;

    /** Whether the handle is closed by which it receives. */
    private volatile boolean receivesNoMore;

    /** The queue for items of the codec that was asked for last. */
    private volatile View<?> lastView;

    private SharedQueueLink(
            Address address, SharedQueue<byte[]> queue, SharedQueue<byte[]> incoming) {
        this.address = address;
        this.queue = queue;
        this.incoming = incoming;
    }

    /** The handles of both ways, with the codec of the values. */
    private record View<T>(Codec<T> codec, SharedQueue<T> out, SharedQueue<T> in) {}

    static SharedQueueLink of(Address address, SharedQueue<byte[]> queue, Direction direction) {
        return new SharedQueueLink(
                address,
                queue,
                direction.receives() ? SharedQueue.open(queue.name(), Codec.bytes()) : queue);
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        return view(codec).out.offer(value, duration(timeoutNanos));
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        Lease<T> lease = leased(codec, timeoutNanos);
        if (lease == null) {
            return null;
        }
        Leased<T> message = new Leased<>(lease, () -> returned(1));
        if (acknowledge) {
            message.acknowledge();
        }
        return message;
    }

    @Override
    public <T> T receiveValue(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        try {
            return checkedIn(codec).poll(duration(timeoutNanos)).orElse(null);
        } catch (Closed closed) {
            throw explained(closed);
        }
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        queue.end(consumers);
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        return ended || incoming.isReady();
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

    private <T> Lease<T> leased(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        Lease<T> lease;
        try {
            lease = checkedIn(codec).lease(duration(timeoutNanos)).orElse(null);
        } catch (Closed closed) {
            throw explained(closed);
        }
        synchronized (this) {
            if (lease != null && receivesNoMore) {
                throw endedException(); // it was given back by the close
            }
            leases += lease == null ? 0 : 1;
        }
        return lease;
    }

    private <T> SharedQueue<T> checkedIn(Codec<T> codec) {
        if (ended) {
            throw endedException();
        }
        return view(codec).in;
    }

    /** What a receive throws to which the queue has said that it is closed, or the stream ended. */
    private Closed explained(Closed closed) {
        if (closed instanceof Ended) {
            ended = true;
            returned(0);
        }
        return ended ? endedException() : closed;
    }

    /** So many messages less are on lease. */
    private void returned(int number) {
        synchronized (this) {
            leases -= number;
            receivesNoMore = ended && leases == 0;
        }
        if (receivesNoMore) {
            incoming.close();
        }
    }

    @SuppressWarnings("unchecked") // of that codec, so of its type
    private <T> View<T> view(Codec<T> codec) {
        View<?> view = lastView;
        if (view == null || view.codec != codec) {
            view = new View<>(codec, queue.withCodec(codec), incoming.withCodec(codec));
            lastView = view;
        }
        return (View<T>) view;
    }

    private Closed endedException() {
        return new Closed(address + ": the stream has ended");
    }

    private static Duration duration(long nanos) {
        return nanos == FOREVER ? ENDLESS : Duration.ofNanos(nanos);
    }

    /** A message that is on lease until it is acknowledged or rejected. */
    private record Leased<T>(Lease<T> lease, Runnable returned, AtomicBoolean done)
            implements Message<T> {
        Leased(Lease<T> lease, Runnable returned) {
            this(lease, returned, new AtomicBoolean());
        }

        @Override
        public T value() {
            return lease.value();
        }

        @Override
        public long lengthBytes() {
            return lease.lengthBytes();
        }

        @Override
        public boolean redelivered() {
            return lease.redeliveries() > 0;
        }

        @Override
        public void acknowledge() {
            if (done.compareAndSet(false, true)) {
                end(lease::acknowledge);
            }
        }

        @Override
        public void reject(boolean requeue) {
            if (done.compareAndSet(false, true)) {
                end(requeue ? lease::release : lease::acknowledge);
            }
        }

        private void end(Runnable how) {
            try {
                how.run();
            } finally {
                returned.run();
            }
        }
    }
}
