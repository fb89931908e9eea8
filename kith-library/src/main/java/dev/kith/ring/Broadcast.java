// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.memory.Attachment;
import dev.kith.memory.Parking;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.Shape;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages in shared memory from one or more producers to any number of subscribers: each gets all,
 * from when it has joined on. For those that are too slow, each has its own {@link Policy}: the
 * producers wait for it, or it loses the oldest, the newest, or all but the last; what is lost is
 * counted exactly.
 *
 * <pre>{@code
 * try (var ticks = Broadcast.create("ticks", 1 << 20);
 *         var out = ticks.producer()) {
 *     out.put(price, Codec.longs());
 * }
 * }</pre>
 *
 * <p>Producers and subscribers together are 64 at the most. The messages of each producer come in
 * its order, and all subscribers see the same order. There need not be any subscriber: messages are
 * overwritten then. A subscriber that dies is waited for no longer, within milliseconds with native
 * access, within 50 ms without; that is no error for the producers. What a producer had claimed and
 * not published when it died is skipped.
 *
 * <p>A producer that is held up in the middle of a claim, alive, holds the others up once they have
 * come around to it; subscribers get what was claimed before.
 *
 * <p>It is a POSIX shared memory object (/dev/shm), or a file; both stay until they are unlinked.
 * It is made with its room reserved, for this user alone (0600). Besides the capacity it takes a
 * quarter of it, and 9 KiB.
 *
 * <p>Any thread may open ends and close the broadcast, which closes the ends that were opened on
 * it. If another process truncates the file, {@link Broken} is thrown, or an {@link InternalError}
 * where the memory is read by the program itself.
 */
public final class Broadcast implements Named, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final int SLOTS = 64;

    private final transient Opened opened;
    private final transient Region region;
    private final transient BroadcastMemory memory;
    private final transient Parking producersParking;
    private final transient Parking subscribersParking;

    private Broadcast(Opened opened) {
        this.opened = opened;
        this.region = opened.region();
        this.memory = memory(region);
        RingMemory ring = memory.ring;
        this.producersParking = region.parking(ring.cursors + RingLayout.PRODUCER_PARKING);
        this.subscribersParking = region.parking(ring.cursors + RingLayout.CONSUMER_PARKING);
    }

    /**
     * Makes a broadcast in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param capacityBytes a power of two from 256 to 2^30; a message has at most a quarter of it
     * @return the broadcast
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static Broadcast create(String name, long capacityBytes) {
        return create(Place.shm(name), capacityBytes);
    }

    /**
     * Makes a broadcast in a file.
     *
     * @param path where; nothing may be there yet
     * @param capacityBytes a power of two from 256 to 2^30; a message has at most a quarter of it
     * @return the broadcast
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static Broadcast create(Path path, long capacityBytes) {
        return create(Place.file(path), capacityBytes);
    }

    /**
     * Makes a broadcast without a name, in a memfd, which is gone with the last process that has
     * it. It reaches another process by being captured in a task for {@code Worker}, or sent over a
     * Unix socket; this handle stays open all the same. Takes native access.
     *
     * @param capacityBytes a power of two from 256 to 2^30; a message has at most a quarter of it
     * @return the broadcast; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static Broadcast anonymous(long capacityBytes) {
        return Opened.anonymous("kith-broadcast", shape(capacityBytes), Broadcast::new);
    }

    /**
     * Opens a broadcast in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the broadcast
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static Broadcast open(String name) {
        return open(Place.shm(name));
    }

    /**
     * Opens a broadcast in a file.
     *
     * @param path where it is
     * @return the broadcast
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static Broadcast open(Path path) {
        return open(Place.file(path));
    }

    /**
     * Opens a broadcast in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param capacityBytes if it is made; one that exists keeps its own
     * @return the broadcast
     * @throws Broken if there is something else, or it is damaged
     */
    public static Broadcast openOrCreate(String name, long capacityBytes) {
        return openOrCreate(Place.shm(name), capacityBytes);
    }

    /**
     * Opens a broadcast in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param capacityBytes if it is made; one that exists keeps its own
     * @return the broadcast
     * @throws Broken if there is something else, or it is damaged
     */
    public static Broadcast openOrCreate(Path path, long capacityBytes) {
        return openOrCreate(Place.file(path), capacityBytes);
    }

    /**
     * Opens an end that sends and waits for room by {@link Waiter#BLOCK}.
     *
     * @return the end
     * @throws IpcException if living processes have all slots
     */
    public RingProducer producer() {
        return producer(Waiter.BLOCK);
    }

    /**
     * Opens an end that sends. It waits only for subscribers that {@linkplain Policy#BLOCK block},
     * and for a claim that another producer made a whole ring before and has not published yet.
     *
     * @param waiter how it waits for room
     * @return the end
     * @throws IpcException if living processes have all slots
     */
    public RingProducer producer(Waiter waiter) {
        Attachment attachment = attach(Party.PRODUCER);
        Claimer claimer = new BroadcastClaimer(memory, attachment.slot(), producersParking::wake);
        Waiting waiting = new Waiting(toString(), waiter, producersParking, subscribersParking);
        RingProducer producer =
                new RingProducer(memory.ring, claimer, waiting, () -> opened.detach(attachment));
        opened.add(attachment, producer::close);
        return producer;
    }

    /**
     * Joins as a subscriber that waits for messages by {@link Waiter#BLOCK}.
     *
     * @param policy what becomes of the messages that it is too slow for
     * @return the end, which gets what is published from now on, and with {@link Policy#LATEST} the
     *     last message before
     * @throws IpcException if living processes have all slots
     */
    public Subscriber subscribe(Policy policy) {
        return subscribe(policy, Waiter.BLOCK);
    }

    /**
     * Joins as a subscriber.
     *
     * @param policy what becomes of the messages that it is too slow for
     * @param waiter how it waits for messages
     * @return the end, which gets what is published from now on, and with {@link Policy#LATEST} the
     *     last message before
     * @throws IpcException if living processes have all slots
     */
    public Subscriber subscribe(Policy policy, Waiter waiter) {
        Attachment attachment = attach(Party.CONSUMER);
        try {
            BroadcastReader reader =
                    new BroadcastReader(
                            memory, attachment.slot(), attachment.party().generation(), policy);
            producersParking.wake(); // while it joined they may have waited for it
            Waiting waiting = new Waiting(toString(), waiter, subscribersParking, producersParking);
            Subscriber subscriber =
                    new Subscriber(
                            memory,
                            reader,
                            waiting,
                            () -> {
                                try {
                                    reader.leave();
                                } finally {
                                    opened.detach(attachment);
                                }
                                waiting.wakeOther();
                            });
            opened.add(attachment, subscriber::close);
            return subscriber;
        } catch (RuntimeException | Error failed) {
            attachment.close();
            throw failed;
        }
    }

    /**
     * Who has joined, dead or alive, in all processes.
     *
     * @return the subscribers as they are now
     */
    public List<Subscription> subscriptions() {
        return region.guarded("subscriptions", () -> subscriptions(region, memory));
    }

    /**
     * The messages that are in it: what a subscriber would still find that had joined before them.
     *
     * @param limit how many at the most
     * @return copies, the oldest first
     */
    public List<byte[]> peek(int limit) {
        return region.guarded("peek", () -> BroadcastPeek.messages(memory, limit));
    }

    /**
     * How many messages are in it, whoever has taken them. Counts them, so it takes longer the more
     * there are.
     *
     * @return messages that are not overwritten yet
     */
    public long messages() {
        return region.guarded("messages", () -> BroadcastPeek.count(memory));
    }

    /**
     * How many claims became void because their producers had died, since the broadcast was made.
     *
     * @return claims that producers have met
     */
    public long lostClaims() {
        return region.guarded("lostClaims", () -> memory.word(RingLayout.LOST));
    }

    /**
     * The size of the broadcast.
     *
     * @return bytes of messages
     */
    public long capacityBytes() {
        return memory.capacity;
    }

    /**
     * The longest message: a quarter of the capacity less 8 bytes.
     *
     * @return bytes
     */
    public int maxMessageBytes() {
        return memory.longest;
    }

    @Override
    public String name() {
        return opened.name();
    }

    @Override
    public void unlink() {
        opened.unlink();
    }

    /** Closes the ends that were opened on this handle. The broadcast stays. */
    @Override
    public void close() {
        opened.close();
    }

    @Override
    public String toString() {
        return opened.toString();
    }

    /** For tests: what it stands on. */
    BroadcastMemory memory() {
        return memory;
    }

    /** The memory of a broadcast, once it is seen to be one. */
    static BroadcastMemory memory(Region region) {
        Shape shape = region.header().shape();
        check(region, shape);
        return new BroadcastMemory(
                new RingMemory(
                        region.segment(),
                        shape.slots(),
                        shape.dataOffset(),
                        shape.capacity(),
                        true,
                        Parties.of(region.table()),
                        region::broken));
    }

    static List<Subscription> subscriptions(Region region, BroadcastMemory memory) {
        List<Subscription> all = new ArrayList<>();
        for (Party party : region.table().parties()) {
            long at = RingLayout.slot(party.slot());
            Policy policy = BroadcastLayout.policy(memory.word(at + BroadcastLayout.POLICY));
            if (party.role() == Party.CONSUMER && policy != null) {
                long next = memory.word(at + BroadcastLayout.NEXT);
                all.add(
                        new Subscription(
                                party.peer(),
                                policy,
                                memory.word(at + BroadcastLayout.TAKEN),
                                memory.word(at + BroadcastLayout.LOST),
                                Math.max(0, memory.cursor() - next)));
            }
        }
        return all;
    }

    private Attachment attach(int role) {
        return region.table()
                .attach(
                        role,
                        slot -> {
                            memory.settle(slot);
                            return true;
                        });
    }

    static Broadcast open(Place place) {
        return Opened.of(Region.open(place, BroadcastLayout.KIND), Broadcast::new);
    }

    static Broadcast received(int fd) {
        return Opened.received(fd, BroadcastLayout.KIND, Broadcast::new);
    }

    private static Broadcast create(Place place, long capacity) {
        return Opened.of(Region.create(place, shape(capacity), _ -> {}), Broadcast::new);
    }

    private static Broadcast openOrCreate(Place place, long capacity) {
        return Opened.of(Region.openOrCreate(place, shape(capacity), _ -> {}), Broadcast::new);
    }

    private static Shape shape(long capacity) {
        RingLayout.checkCapacity("a broadcast", capacity);
        return Shape.of(
                BroadcastLayout.KIND,
                SLOTS,
                BroadcastLayout.cursorsBytes(capacity),
                capacity,
                RingLayout.longest(capacity),
                0);
    }

    /** The header was checked; what it says must be a broadcast of this layout, too. */
    private static void check(Region region, Shape shape) {
        long capacity = shape.capacity();
        if (capacity < RingLayout.MIN_CAPACITY
                || capacity > RingLayout.MAX_CAPACITY
                || shape.slots() > BroadcastLayout.MOST_SLOTS
                || shape.longest() != RingLayout.longest(capacity)
                || shape.dataOffset() != BroadcastLayout.data(shape.slots(), capacity)) {
            throw new Broken(
                    region
                            + " is no broadcast of this layout: found "
                            + shape
                            + ", expected slots<="
                            + BroadcastLayout.MOST_SLOTS
                            + ", longest="
                            + RingLayout.longest(capacity)
                            + ", dataOffset="
                            + BroadcastLayout.data(shape.slots(), capacity));
        }
    }

    private Object writeReplace() throws NotSerializableException {
        return opened.travelling();
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a broadcast travels by its name, or by its descriptor");
    }
}
