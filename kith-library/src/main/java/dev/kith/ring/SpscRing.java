// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import java.nio.file.Path;

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
 * <p>What it has in common with {@link MpscRing}, names, sizes and the rest, {@link Ring} says.
 */
public final class SpscRing extends Ring {
    private static final long serialVersionUID = 1L;
    private static final int KIND = RingLayout.KIND_SPSC;

    SpscRing(SharedRing ring) {
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
    public static SpscRing create(String name, long capacityBytes) {
        return new SpscRing(SharedRing.create(Place.shm(name), KIND, capacityBytes));
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
    public static SpscRing create(Path path, long capacityBytes) {
        return new SpscRing(SharedRing.create(Place.file(path), KIND, capacityBytes));
    }

    /**
     * Makes a ring without a name. Takes native access.
     *
     * @param capacityBytes a power of two
     * @return the ring
     * @throws IpcException if there is no room, or no native access
     */
    public static SpscRing anonymous(long capacityBytes) {
        return new SpscRing(SharedRing.anonymous(KIND, capacityBytes));
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
        return new SpscRing(SharedRing.open(Place.shm(name), KIND));
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
        return new SpscRing(SharedRing.open(Place.file(path), KIND));
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
        return new SpscRing(SharedRing.openOrCreate(Place.shm(name), KIND, capacityBytes));
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
        return new SpscRing(SharedRing.openOrCreate(Place.file(path), KIND, capacityBytes));
    }
}
