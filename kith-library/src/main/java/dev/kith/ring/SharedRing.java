// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.memory.Attachment;
import dev.kith.memory.Parking;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.Shape;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What the flavours have in common: a region of shared memory, and the ends opened on it. */
final class SharedRing implements AutoCloseable {
    private static final int SLOTS = 16;
    private static final int SLOTS_OF_MANY = 64;

    private final Opened opened;
    private final Region region;
    private final RingMemory memory;
    private final Parking producersParking;
    private final Parking consumerParking;

    private SharedRing(Opened opened) {
        this.opened = opened;
        this.region = opened.region();
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
        return Opened.of(Region.create(place, shape(kind, capacity), _ -> {}), SharedRing::new);
    }

    static SharedRing anonymous(int kind, long capacity) {
        return Opened.anonymous("kith-ring", shape(kind, capacity), SharedRing::new);
    }

    static SharedRing open(Place place, int kind) {
        return Opened.of(Region.open(place, kind), SharedRing::new);
    }

    static SharedRing openOrCreate(Place place, int kind, long capacity) {
        return Opened.of(
                Region.openOrCreate(place, shape(kind, capacity), _ -> {}), SharedRing::new);
    }

    static SharedRing received(int fd, int kind) {
        return Opened.received(fd, kind, SharedRing::new);
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
            opened.add(attachment, producer::close);
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
            opened.add(attachment, consumer::close);
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
        return region.guarded("peek", () -> Peek.messages(memory, limit));
    }

    long messages() {
        return region.guarded("messages", () -> Peek.count(memory));
    }

    long capacityBytes() {
        return memory.capacity;
    }

    int maxMessageBytes() {
        return memory.longest;
    }

    String name() {
        return opened.name();
    }

    void unlink() {
        opened.unlink();
    }

    @Override
    public void close() {
        opened.close();
    }

    Serializable travelling() throws NotSerializableException {
        return opened.travelling();
    }

    @Override
    public String toString() {
        return opened.toString();
    }

    private static Shape shape(int kind, long capacity) {
        RingLayout.checkCapacity("a ring", capacity);
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
        try {
            memory.giveBack(role, attachment.slot(), attachment.party().generation());
        } finally {
            opened.detach(attachment);
        }
    }
}
