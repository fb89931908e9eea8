// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.memory.Place;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/**
 * A ring in shared memory, of either flavour: messages go from its producers to its consumer, in
 * order, without a system call and without an allocation.
 *
 * <p>It has a name of at most 255 bytes in /dev/shm, with or without a slash before it (a POSIX
 * shared memory object), or is a file, which survives the machine's processes and, once the kernel
 * has written it, the machine. Both stay until they are unlinked, with the messages in them. Or it
 * has no name: it is in a memfd, its {@link #name()} is empty, and it is gone with the last process
 * that has it. That one reaches another process by being captured in a task for {@code Worker}, or
 * sent over a Unix socket; this handle stays open all the same. One that has a name travels by it.
 *
 * <p>It is made with its room reserved, for this user alone (0600). The capacity is a power of two
 * from 256 to 2^30 bytes; a message has at most a quarter of it. Native access is not needed but
 * for a ring without a name; with it a side that waits sleeps in the kernel and a death is known
 * within milliseconds, without it within 50 ms.
 *
 * <p>Any thread may open ends and close the ring, which closes the ends that were opened on it. If
 * another process truncates the file, {@link dev.kith.Broken} is thrown, or an {@link
 * InternalError} where the memory is read by the program itself.
 */
public abstract sealed class Ring implements Named, Serializable, AutoCloseable
        permits SpscRing, MpscRing {
    private static final long serialVersionUID = 1L;

    private final transient SharedRing ring;

    Ring(SharedRing ring) {
        this.ring = ring;
    }

    /**
     * Opens a ring in shared memory, whichever flavour it has.
     *
     * @param name of the object in /dev/shm
     * @return the ring
     * @throws dev.kith.NotFound if there is none of that name
     * @throws dev.kith.Broken if it is something else, or damaged
     */
    public static Ring open(String name) {
        return of(SharedRing.open(Place.shm(name), 0));
    }

    /**
     * Opens a ring in a file, whichever flavour it has.
     *
     * @param path where it is
     * @return the ring
     * @throws dev.kith.NotFound if there is no such file
     * @throws dev.kith.Broken if it is something else, or damaged
     */
    public static Ring open(Path path) {
        return of(SharedRing.open(Place.file(path), 0));
    }

    /**
     * Opens an end that sends and waits for room by {@link Waiter#BLOCK}.
     *
     * @return the end
     * @throws IpcException if there can be no other now
     */
    public final RingProducer producer() {
        return producer(Waiter.BLOCK);
    }

    /**
     * Opens an end that sends: the only one of an {@link SpscRing}, one of many of an {@link
     * MpscRing}.
     *
     * @param waiter how it waits for room
     * @return the end
     * @throws IpcException if there can be no other now
     */
    public final RingProducer producer(Waiter waiter) {
        return ring.producer(waiter);
    }

    /**
     * Opens the end that receives and waits for messages by {@link Waiter#BLOCK}. It begins with
     * what its predecessor had not taken.
     *
     * @return the end
     * @throws IpcException if a living process has it
     */
    public final RingConsumer consumer() {
        return consumer(Waiter.BLOCK);
    }

    /**
     * Opens the end that receives. It begins with what its predecessor had not taken.
     *
     * @param waiter how it waits for messages
     * @return the end
     * @throws IpcException if a living process has it
     */
    public final RingConsumer consumer(Waiter waiter) {
        return ring.consumer(waiter);
    }

    /**
     * The messages that wait, without taking them.
     *
     * @param limit how many at the most
     * @return copies, in order
     */
    public final List<byte[]> peek(int limit) {
        return ring.peek(limit);
    }

    /**
     * How many messages wait. Counts them, so it takes longer the more there are.
     *
     * @return messages
     */
    public final long messages() {
        return ring.messages();
    }

    /**
     * The size of the ring.
     *
     * @return bytes of records
     */
    public final long capacityBytes() {
        return ring.capacityBytes();
    }

    /**
     * The longest message: a quarter of the ring less 8 bytes.
     *
     * @return bytes
     */
    public final int maxMessageBytes() {
        return ring.maxMessageBytes();
    }

    /** Closes the ends that were opened on this handle. The ring and its messages stay. */
    @Override
    public final void close() {
        ring.close();
    }

    @Override
    public final String name() {
        return ring.name();
    }

    @Override
    public final void unlink() {
        ring.unlink();
    }

    @Override
    public final String toString() {
        return ring.toString();
    }

    /** For the flavours, which inherit it. */
    final Object writeReplace() throws NotSerializableException {
        return ring.travelling();
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a ring travels by its name, or by its descriptor");
    }

    private void readObjectNoData() throws InvalidObjectException {
        throw new InvalidObjectException("a ring travels by its name, or by its descriptor");
    }

    static Ring of(SharedRing ring) {
        return ring.isForMany() ? new MpscRing(ring) : new SpscRing(ring);
    }
}
