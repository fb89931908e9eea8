// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.memory.Place;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/** A ring in shared memory, of either flavour. */
public sealed interface Ring extends Named, Serializable, AutoCloseable permits SpscRing, MpscRing {
    /**
     * Opens a ring in shared memory, whichever flavour it has.
     *
     * @param name of the object in /dev/shm
     * @return the ring
     * @throws dev.kith.NotFound if there is none of that name
     * @throws dev.kith.Broken if it is something else, or damaged
     */
    static Ring open(String name) {
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
    static Ring open(Path path) {
        return of(SharedRing.open(Place.file(path), 0));
    }

    /**
     * Opens an end that sends and waits for room by {@link Waiter#BLOCK}.
     *
     * @return the end
     * @throws IpcException if there can be no other now
     */
    default RingProducer producer() {
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
    RingProducer producer(Waiter waiter);

    /**
     * Opens the end that receives and waits for messages by {@link Waiter#BLOCK}. It begins with
     * what its predecessor had not taken.
     *
     * @return the end
     * @throws IpcException if a living process has it
     */
    default RingConsumer consumer() {
        return consumer(Waiter.BLOCK);
    }

    /**
     * Opens the end that receives. It begins with what its predecessor had not taken.
     *
     * @param waiter how it waits for messages
     * @return the end
     * @throws IpcException if a living process has it
     */
    RingConsumer consumer(Waiter waiter);

    /**
     * The messages that wait, without taking them.
     *
     * @param limit how many at the most
     * @return copies, in order
     */
    List<byte[]> peek(int limit);

    /**
     * How many messages wait. Counts them, so it takes longer the more there are.
     *
     * @return messages
     */
    long messages();

    /**
     * The size of the ring.
     *
     * @return bytes of records
     */
    long capacityBytes();

    /**
     * The longest message: a quarter of the ring less 8 bytes.
     *
     * @return bytes
     */
    int maxMessageBytes();

    /** Closes the ends that were opened on this handle. The ring and its messages stay. */
    @Override
    void close();

    private static Ring of(SharedRing ring) {
        return ring.isForMany() ? new MpscRing(ring) : new SpscRing(ring);
    }
}
