// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Broken;
import dev.kith.Named;
import dev.kith.ring.Broadcast;
import dev.kith.ring.Ring;
import dev.kith.ring.RingProducer;
import dev.kith.ring.SpscRing;
import dev.kith.transport.RingOptions.Flavour;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A ring or a broadcast, as a channel uses it. */
sealed interface Medium extends AutoCloseable {
    Flavour flavour();

    /** The public handle. */
    Named handle();

    RingProducer producer(RingOptions options);

    Intake intake(RingOptions options);

    List<byte[]> peek(int limit);

    long capacityBytes();

    int maxMessageBytes();

    @Override
    void close();

    static Medium of(Ring ring) {
        return of(ring, 1);
    }

    /** A ring that so many links have, and the last of them closes. */
    static Medium of(Ring ring, int links) {
        return new OfRing(ring, new AtomicInteger(links));
    }

    static Medium of(Broadcast broadcast) {
        return new OfBroadcast(broadcast);
    }

    /** Opens what is there, whichever it is; {@code likely} is what it is taken for first. */
    static Medium open(Flavour likely, Supplier<Ring> ring, Supplier<Broadcast> broadcast) {
        if (likely == Flavour.BROADCAST) {
            return firstOf(() -> of(broadcast.get()), () -> of(ring.get()));
        }
        return firstOf(() -> of(ring.get()), () -> of(broadcast.get()));
    }

    private static Medium firstOf(Supplier<Medium> first, Supplier<Medium> second) {
        try {
            return first.get();
        } catch (Broken otherKind) {
            try {
                return second.get();
            } catch (Broken neither) {
                throw otherKind;
            }
        }
    }

    /** A ring: one receives, and what waits stays for it. */
    record OfRing(Ring handle, AtomicInteger links) implements Medium {
        @Override
        public Flavour flavour() {
            return handle instanceof SpscRing ? Flavour.SPSC : Flavour.MPSC;
        }

        @Override
        public RingProducer producer(RingOptions options) {
            return handle.producer(options.waiter());
        }

        @Override
        public Intake intake(RingOptions options) {
            return Intake.of(handle.consumer(options.waiter()));
        }

        @Override
        public List<byte[]> peek(int limit) {
            return handle.peek(limit);
        }

        @Override
        public long capacityBytes() {
            return handle.capacityBytes();
        }

        @Override
        public int maxMessageBytes() {
            return handle.maxMessageBytes();
        }

        @Override
        public void close() {
            if (links.decrementAndGet() == 0) {
                handle.close();
            }
        }
    }

    /** A broadcast: many receive, each from when it has joined on. */
    record OfBroadcast(Broadcast handle) implements Medium {
        @Override
        public Flavour flavour() {
            return Flavour.BROADCAST;
        }

        @Override
        public RingProducer producer(RingOptions options) {
            return handle.producer(options.waiter());
        }

        @Override
        public Intake intake(RingOptions options) {
            return Intake.of(handle, handle.subscribe(options.policy(), options.waiter()));
        }

        @Override
        public List<byte[]> peek(int limit) {
            return handle.peek(limit);
        }

        @Override
        public long capacityBytes() {
            return handle.capacityBytes();
        }

        @Override
        public int maxMessageBytes() {
            return handle.maxMessageBytes();
        }

        @Override
        public void close() {
            handle.close();
        }
    }
}
