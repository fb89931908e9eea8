// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import java.nio.file.Path;

/**
 * A ring in shared memory with many producers and one consumer: messages of any length are written
 * and read in place, without a system call and without an allocation.
 *
 * <pre>{@code
 * try (var ring = MpscRing.open("log"); var out = ring.producer()) {
 *     out.put(line, Codec.utf8());
 * }
 * }</pre>
 *
 * <p>There is one consumer at a time, and as many producers as there are free slots: 64 ends in
 * all. The messages of each producer come in its order. A producer that dies between claim and
 * publication costs nobody else anything: its claim is skipped as soon as the consumer meets it. If
 * the consumer dies, its successor goes on where it stopped; at most the message that it had in its
 * hand is delivered again.
 *
 * <p>What it has in common with {@link SpscRing}, names, sizes and the rest, {@link Ring} says.
 */
public final class MpscRing extends Ring {
    private static final long serialVersionUID = 1L;
    private static final int KIND = RingLayout.KIND_MPSC;

    MpscRing(SharedRing ring) {
        super(ring);
    }

    /**
     * Makes a ring in shared memory.
     *
     * @param name of the object in /dev/shm
     * @param capacityBytes a power of two
     * @return the ring
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static MpscRing create(String name, long capacityBytes) {
        return new MpscRing(SharedRing.create(Place.shm(name), KIND, capacityBytes));
    }

    /**
     * Makes a ring in a file.
     *
     * @param path where; nothing may be there yet
     * @param capacityBytes a power of two
     * @return the ring
     * @throws AlreadyExists if there is something
     * @throws IpcException if there is no room
     */
    public static MpscRing create(Path path, long capacityBytes) {
        return new MpscRing(SharedRing.create(Place.file(path), KIND, capacityBytes));
    }

    /**
     * Makes a ring without a name. Takes native access.
     *
     * @param capacityBytes a power of two
     * @return the ring
     * @throws IpcException if there is no room, or no native access
     */
    public static MpscRing anonymous(long capacityBytes) {
        return new MpscRing(SharedRing.anonymous(KIND, capacityBytes));
    }

    /**
     * Opens a ring in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the ring
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static MpscRing open(String name) {
        return new MpscRing(SharedRing.open(Place.shm(name), KIND));
    }

    /**
     * Opens a ring in a file.
     *
     * @param path where it is
     * @return the ring
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static MpscRing open(Path path) {
        return new MpscRing(SharedRing.open(Place.file(path), KIND));
    }

    /**
     * Opens a ring in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param capacityBytes if it is made; one that exists keeps its own
     * @return the ring
     * @throws Broken if there is something else, or it is damaged
     */
    public static MpscRing openOrCreate(String name, long capacityBytes) {
        return new MpscRing(SharedRing.openOrCreate(Place.shm(name), KIND, capacityBytes));
    }

    /**
     * Opens a ring in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param capacityBytes if it is made; one that exists keeps its own
     * @return the ring
     * @throws Broken if there is something else, or it is damaged
     */
    public static MpscRing openOrCreate(Path path, long capacityBytes) {
        return new MpscRing(SharedRing.openOrCreate(Place.file(path), KIND, capacityBytes));
    }
}
