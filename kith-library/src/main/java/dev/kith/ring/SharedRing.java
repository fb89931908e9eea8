// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;
import dev.kith.Handover;
import dev.kith.IpcException;
import dev.kith.memory.Attachment;
import dev.kith.memory.Parking;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.Shape;
import dev.kith.memory.Unnamed;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the flavours have in common: a region of shared memory, and the ends opened on it. */
final class SharedRing implements AutoCloseable {
    private static final int SLOTS = 16;
    private static final int SLOTS_OF_MANY = 64;

    private final Region region;

    /** Null if it has a name. */
    private final Unnamed unnamed;

    private final RingMemory memory;
    private final Parking producersParking;
    private final Parking consumerParking;

    /** What closes the ends that are open. */
    private final Map<Attachment, Runnable> ends = new ConcurrentHashMap<>();

    private SharedRing(Region region, Unnamed unnamed) {
        this.region = region;
        this.unnamed = unnamed;
        this.memory = memory(region);
        this.producersParking = region.parking(memory.cursors + RingLayout.PRODUCER_PARKING);
        this.consumerParking = region.parking(memory.cursors + RingLayout.CONSUMER_PARKING);
    }

    /** The memory of a ring, once it is seen to be one. */
    static RingMemory memory(Region region) {
        Shape shape = region.header().shape();
        check(region, shape);
        return new RingMemory(
                region.segment(),
                shape.slots(),
                shape.capacity(),
                shape.kind() == RingLayout.KIND_MPSC,
                Parties.of(region.table()),
                region::broken);
    }

    static SharedRing create(Place place, int kind, long capacity) {
        return of(Region.create(place, shape(kind, capacity), _ -> {}));
    }

    static SharedRing anonymous(int kind, long capacity) {
        return of(Unnamed.create("kith-ring", shape(kind, capacity), _ -> {}));
    }

    static SharedRing open(Place place, int kind) {
        return of(Region.open(place, kind));
    }

    static SharedRing openOrCreate(Place place, int kind, long capacity) {
        return of(Region.openOrCreate(place, shape(kind, capacity), _ -> {}));
    }

    static void unlink(Place place) {
        try (Region region = Region.open(place, 0)) {
            region.unlink();
        }
    }

    RingProducer producer(Waiter waiter) {
        Attachment attachment =
                region.table().attach(Party.PRODUCER, slot -> Gap.isSettled(memory, slot));
        try {
            if (!memory.many) {
                take(RingLayout.PRODUCER, attachment, "producer");
            }
            Claimer claimer =
                    memory.many
                            ? new MpscClaimer(memory, attachment.slot())
                            : new SpscClaimer(memory);
            Waiting waiting = new Waiting(toString(), waiter, producersParking, consumerParking);
            RingProducer producer =
                    new RingProducer(
                            memory,
                            claimer,
                            waiting,
                            () -> detach(RingLayout.PRODUCER, attachment));
            ends.put(attachment, producer::close);
            return producer;
        } catch (RuntimeException | Error failed) {
            detach(RingLayout.PRODUCER, attachment);
            throw failed;
        }
    }

    RingConsumer consumer(Waiter waiter) {
        Attachment attachment =
                region.table().attach(Party.CONSUMER, slot -> Gap.isSettled(memory, slot));
        try {
            take(RingLayout.CONSUMER, attachment, "consumer");
            Waiting waiting = new Waiting(toString(), waiter, consumerParking, producersParking);
            RingConsumer consumer =
                    new RingConsumer(
                            memory,
                            new Drainer(memory),
                            waiting,
                            () -> detach(RingLayout.CONSUMER, attachment));
            ends.put(attachment, consumer::close);
            return consumer;
        } catch (RuntimeException | Error failed) {
            detach(RingLayout.CONSUMER, attachment);
            throw failed;
        }
    }

    boolean isForMany() {
        return memory.many;
    }

    List<byte[]> peek(int limit) {
        try {
            return Peek.messages(memory, limit);
        } catch (InternalError fault) {
            throw region.broken("peek", fault);
        }
    }

    long messages() {
        try {
            return Peek.count(memory);
        } catch (InternalError fault) {
            throw region.broken("messages", fault);
        }
    }

    long capacityBytes() {
        return memory.capacity;
    }

    int maxMessageBytes() {
        return memory.longest;
    }

    /** As it was given: a name in /dev/shm, or a path; empty if it has none. */
    String name() {
        return Unnamed.name(region);
    }

    void unlink() {
        Unnamed.unlink(region);
    }

    @Override
    public void close() {
        try {
            ends.values().forEach(Runnable::run);
        } finally {
            region.close();
            if (unnamed != null) {
                unnamed.close();
            }
        }
    }

    /** What travels to another process. */
    Serializable travelling() throws NotSerializableException {
        if (unnamed != null) {
            return new TravellingUnnamed(memory.many, unnamed.give());
        }
        boolean inMemory = region.place() instanceof Place.Shm;
        return new Travelling(memory.many, inMemory, name());
    }

    @Override
    public String toString() {
        return region.toString();
    }

    private static SharedRing of(Unnamed unnamed) {
        try {
            return new SharedRing(unnamed.region(), unnamed);
        } catch (RuntimeException | Error failed) {
            unnamed.region().close(); // the memfd is still whose it was
            throw failed;
        }
    }

    private static SharedRing of(Region region) {
        try {
            return new SharedRing(region, null);
        } catch (RuntimeException | Error failed) {
            region.close();
            throw failed;
        }
    }

    private static Shape shape(int kind, long capacity) {
        if (Long.bitCount(capacity) != 1
                || capacity < RingLayout.MIN_CAPACITY
                || capacity > RingLayout.MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "a ring of capacity="
                            + capacity
                            + " bytes: expected a power of two from "
                            + RingLayout.MIN_CAPACITY
                            + " to "
                            + RingLayout.MAX_CAPACITY);
        }
        return Shape.of(
                kind,
                kind == RingLayout.KIND_MPSC ? SLOTS_OF_MANY : SLOTS,
                RingLayout.CURSORS_BYTES,
                capacity,
                RingLayout.longest(capacity),
                0);
    }

    /** The header was checked; what it says must be a ring of this layout, too. */
    private static void check(Region region, Shape shape) {
        boolean known =
                shape.kind() == RingLayout.KIND_SPSC || shape.kind() == RingLayout.KIND_MPSC;
        long capacity = shape.capacity();
        if (!known
                || capacity < RingLayout.MIN_CAPACITY
                || capacity > RingLayout.MAX_CAPACITY
                || shape.longest() != RingLayout.longest(capacity)
                || shape.dataOffset() != RingLayout.data(shape.slots())) {
            throw new Broken(
                    region
                            + " is no ring of this layout: found "
                            + shape
                            + ", expected kind=1 or 2, longest="
                            + RingLayout.longest(capacity)
                            + ", dataOffset="
                            + RingLayout.data(shape.slots()));
        }
    }

    private void take(long role, Attachment attachment, String name) {
        if (!memory.take(role, attachment.slot(), attachment.party().generation())) {
            List<Party> others = new ArrayList<>(region.table().parties());
            others.removeIf(party ->
                    party.role() != attachment.party().role() || party.slot() == attachment.slot());
            throw new IpcException(
                    "a second "
                            + name
                            + " of "
                            + region
                            + ": there is one at a time, and it lives: "
                            + others
                            + "; close it first"
                            + (role == RingLayout.PRODUCER
                                    ? ", or make the ring an MpscRing, which has many"
                                    : ""));
        }
    }

    private void detach(long role, Attachment attachment) {
        ends.remove(attachment);
        try {
            memory.giveBack(role, attachment.slot(), attachment.party().generation());
        } finally {
            attachment.close();
        }
    }

    /** A ring on its way to another process. */
    private record Travelling(boolean many, boolean inMemory, String name) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            Path path = Path.of(name);
            if (many) {
                return inMemory ? MpscRing.open(name) : MpscRing.open(path);
            }
            return inMemory ? SpscRing.open(name) : SpscRing.open(path);
        }
    }

    /** A ring without a name on its way to another process. */
    private record TravellingUnnamed(boolean many, int index) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return Handover.current("a ring").take(index, this::received);
        }

        private Ring received(int fd) {
            int kind = many ? RingLayout.KIND_MPSC : RingLayout.KIND_SPSC;
            SharedRing ring = of(Unnamed.received(fd, kind));
            return many ? new MpscRing(ring) : new SpscRing(ring);
        }
    }
}
