// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.memory.Place;
import dev.kith.memory.Region;
import dev.kith.memory.RegionKind;
import dev.kith.memory.Shape;
import dev.kith.memory.Unnamed;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of object in shared memory: how one is laid out, made, opened and received.
 *
 * @param <T> the class of the handles
 * @param region its number and name
 * @param entries how many threads can wait at one, in all processes; 0 if none ever does
 * @param maker makes a handle; closes nothing if it fails
 */
record Kind<T extends SharedObject>(RegionKind region, int entries, Function<Opened, T> maker) {
    /*
     *      0 +------------------------------------------------+
     *        | header (memory.Header)                         |
     *    256 +------------------------------------------------+
     *        | attach table: 64 slots of 128 bytes            |
     *   8448 +------------------------------------------------+
     *     +0 | tickets  u64  the order of those who wait      |
     *   +128 | who waits (WaitTable): entries of 128 bytes    |
     *        +------------------------------------------------+
     *        | the object's own part, at a multiple of 128    |
     *        +------------------------------------------------+
     *        | data, at a multiple of 512                     |
     *        +------------------------------------------------+
     */

    /** How many handles can be open at once. */
    static final int SLOTS = 64;

    /** How many threads can wait at what is waited at. */
    static final int ENTRIES = 128;

    private static final long TICKETS = 0;
    private static final long WAITS = 128;

    /**
     * The kind of that number.
     *
     * @param luggage what came along, see {@link SharedObject#luggage()}
     */
    static Kind<?> numbered(int number, Object luggage) {
        // A switch, so that a class is initialised when one of it arrives.
        return switch (number) {
            case 16 -> SharedLock.KIND;
            case 17 -> SharedReadWriteLock.KIND;
            case 18 -> SharedSemaphore.KIND;
            case 19 -> SharedBarrier.KIND;
            case 20 -> SharedLatch.KIND;
            case 21 -> SharedEvent.KIND;
            case 24 -> Primitive.ofValues();
            case 25 -> Primitive.ofArrays();
            case 26 -> SharedStruct.arriving(luggage);
            case 27 -> SharedMap.arriving(luggage);
            case 28 -> QueueCore.KIND;
            case 29 -> SharedBlock.arriving(luggage);
            case 30 -> MemoryPool.KIND;
            default -> throw new Broken("no " + RegionKind.nameOf(number) + " can travel");
        };
    }

    /**
     * The shape of an object of this kind.
     *
     * @param ownBytes of its own part
     * @param capacity of the data, a multiple of 8
     * @param longest what the header keeps of the kind's own, up to the capacity
     * @param flags of the kind
     */
    Shape shape(long ownBytes, long capacity, int longest, int flags) {
        return shape(region, SLOTS, entries, ownBytes, capacity, longest, flags);
    }

    static Shape shape(
            RegionKind region,
            int slots,
            int entries,
            long ownBytes,
            long capacity,
            int longest,
            int flags) {
        long cursors = WAITS + entries * WaitTable.ENTRY_BYTES + ownBytes;
        return Shape.of(region.number(), slots, cursors, capacity, longest, flags);
    }

    /** Where the own part of an object begins in its region. */
    long own(Shape shape) {
        return own(shape, entries);
    }

    static long own(Shape shape, int entries) {
        return shape.cursorOffset() + WAITS + entries * WaitTable.ENTRY_BYTES;
    }

    WaitTable waits(Region region) {
        long base = region.header().shape().cursorOffset();
        return new WaitTable(region, base + TICKETS, base + WAITS, entries);
    }

    int number() {
        return region.number();
    }

    T create(Place place, Plan plan) {
        return of(Region.create(place, plan.shape(), plan.contents()));
    }

    T open(Place place) {
        return of(Region.open(place, number()));
    }

    /**
     * Opens an object, made if there is none.
     *
     * @throws AlreadyExists if there is one of other parameters
     */
    T openOrCreate(Place place, Plan plan) {
        T object = of(Region.openOrCreate(place, plan.shape(), plan.contents()));
        String found = object.parameters();
        if (!found.equals(plan.parameters())) {
            object.close();
            throw new AlreadyExists(
                    "openOrCreate("
                            + place
                            + "): it exists, and its parameters are others: asked for="
                            + plan.parameters()
                            + ", found="
                            + found
                            + "; open it as it is, or remove it with: kith rm "
                            + place);
        }
        return object;
    }

    /** Makes one without a name. */
    T anonymous(Plan plan) {
        Unnamed unnamed = Unnamed.create("kith-" + region, plan.shape(), plan.contents());
        try {
            return of(unnamed);
        } catch (RuntimeException | Error failed) {
            unnamed.close();
            throw failed;
        }
    }

    /** Makes a handle of a descriptor; if it throws, the descriptor stays its owner's. */
    T received(int fd) {
        return of(Unnamed.received(fd, number()));
    }

    private T of(Unnamed unnamed) {
        return of(new Opened(this, unnamed.region(), Optional.of(unnamed)));
    }

    private T of(Region opened) {
        return of(new Opened(this, opened, Optional.empty()));
    }

    private T of(Opened opened) {
        try {
            return maker.apply(opened);
        } catch (RuntimeException | Error failed) {
            opened.region().close();
            throw failed;
        }
    }
}
