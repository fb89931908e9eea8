// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A ring in shared memory with one producer and one consumer: messages of any length are written
 * and read in place, without a system call and without an allocation.
 *
 * <pre>{@code
 * try (var ring = SpscRing.create("ticks", 1 << 20); var out = ring.producer()) {
 *     try (Claim claim = out.claim(64)) {
 *         claim.segment().set(ValueLayout.JAVA_LONG, 0, price);
 *         claim.publish();
 *     }
 * }
 * }</pre>
 *
 * <p>There is one producer and one consumer at a time, in any processes. If one dies, the next that
 * opens its end goes on where it stopped: nothing that was published is lost, what was not is void,
 * and at most the message that the consumer had in its hand is delivered again.
 *
 * <p>It is a POSIX shared memory object (/dev/shm), or a file; both stay until they are unlinked,
 * with the messages in them. It is made with its room reserved, for this user alone (0600). Native
 * access is not needed; with it a side that waits sleeps in the kernel and a death is known within
 * milliseconds, without it within 50 ms.
 *
 * <p>Any thread may open ends and close the ring, which closes the ends that were opened on it. If
 * another process truncates the file, {@link Broken} is thrown, or an {@link InternalError} where
 * the memory is read by the program itself.
 */
public final class SpscRing implements Ring {
    private static final long serialVersionUID = 1L;

    private final transient SharedRing ring;

    SpscRing(SharedRing ring) {
        this.ring = ring;
    }

    /**
     * Makes a ring in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param capacityBytes a power of two from 256 to 2^30; a message has at most a quarter of it
     * @return the ring
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SpscRing create(String name, long capacityBytes) {
        return new SpscRing(
                SharedRing.create(Place.shm(name), RingLayout.KIND_SPSC, capacityBytes));
    }

    /**
     * Makes a ring in a file, which survives the machine's processes and, once the kernel has
     * written it, the machine.
     *
     * @param path where; nothing may be there yet
     * @param capacityBytes a power of two from 256 to 2^30; a message has at most a quarter of it
     * @return the ring
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SpscRing create(Path path, long capacityBytes) {
        return new SpscRing(
                SharedRing.create(Place.file(path), RingLayout.KIND_SPSC, capacityBytes));
    }

    /**
     * Makes a ring without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param capacityBytes a power of two from 256 to 2^30; a message has at most a quarter of it
     * @return the ring; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static SpscRing anonymous(long capacityBytes) {
        return new SpscRing(SharedRing.anonymous(RingLayout.KIND_SPSC, capacityBytes));
    }

    /**
     * Opens a ring in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the ring
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SpscRing open(String name) {
        return new SpscRing(SharedRing.open(Place.shm(name), RingLayout.KIND_SPSC));
    }

    /**
     * Opens a ring in a file.
     *
     * @param path where it is
     * @return the ring
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SpscRing open(Path path) {
        return new SpscRing(SharedRing.open(Place.file(path), RingLayout.KIND_SPSC));
    }

    /**
     * Opens a ring in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param capacityBytes if it is made; one that exists keeps its own
     * @return the ring
     * @throws Broken if there is something else, or it is damaged
     */
    public static SpscRing openOrCreate(String name, long capacityBytes) {
        return new SpscRing(
                SharedRing.openOrCreate(Place.shm(name), RingLayout.KIND_SPSC, capacityBytes));
    }

    /**
     * Opens a ring in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param capacityBytes if it is made; one that exists keeps its own
     * @return the ring
     * @throws Broken if there is something else, or it is damaged
     */
    public static SpscRing openOrCreate(Path path, long capacityBytes) {
        return new SpscRing(
                SharedRing.openOrCreate(Place.file(path), RingLayout.KIND_SPSC, capacityBytes));
    }

    @Override
    public RingProducer producer(Waiter waiter) {
        return ring.producer(waiter);
    }

    @Override
    public RingConsumer consumer(Waiter waiter) {
        return ring.consumer(waiter);
    }

    @Override
    public List<byte[]> peek(int limit) {
        return ring.peek(limit);
    }

    @Override
    public long messages() {
        return ring.messages();
    }

    @Override
    public long capacityBytes() {
        return ring.capacityBytes();
    }

    @Override
    public int maxMessageBytes() {
        return ring.maxMessageBytes();
    }

    @Override
    public String name() {
        return ring.name();
    }

    @Override
    public void unlink() {
        ring.unlink();
    }

    @Override
    public void close() {
        ring.close();
    }

    @Override
    public String toString() {
        return ring.toString();
    }

    private Object writeReplace() throws NotSerializableException {
        return ring.travelling();
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a ring travels by its name");
    }
}
