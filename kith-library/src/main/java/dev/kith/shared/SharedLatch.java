// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A {@link java.util.concurrent.CountDownLatch} for threads of any process, platform or virtual:
 * they wait until it has been counted down to zero, where it stays.
 *
 * <pre>{@code
 * try (SharedLatch started = SharedLatch.create("started", 4)) {
 *     startWorkers(); // each opens it, and counts down
 *     started.await();
 * }
 * }</pre>
 *
 * <p>Nobody is noted as one who shall count, so a process that dies before it has leaves the count
 * as it is: wait with a time where that can be, or use a {@link SharedBarrier}, which says who
 * died. The death of who waits or counts blocks nobody else.
 *
 * <p>What a thread did in shared memory before {@link #countDown()}, a thread sees that returned
 * from {@link #await()}, or that found a {@link #count()} of zero.
 *
 * <p>28 KiB. 128 threads can wait at once, in all processes; one that waits takes no processor
 * after a spin of 25 microseconds at the most.
 */
public final class SharedLatch extends SharedObject {
    /*
     * The object's own part (Kind):
     *
     *   0  u32 count
     *   4  u32 hint   somebody may wait
     *   8  u32 first  what it counted from
     *
     * To count is one compare-and-set, so a death leaves it counted or not. Who dies between that
     * and the wake-up leaves threads asleep: their processes hear of the death, and they look.
     */
    private static final long serialVersionUID = 1L;

    static final Kind<SharedLatch> KIND =
            new Kind<>(RegionKind.LATCH, Kind.ENTRIES, SharedLatch::new);

    private static final long COUNT = 0;
    private static final long HINT = 4;
    private static final long FIRST = 8;
    private static final long BYTES = 16;
    private static final long CAPACITY = 8;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;
    private final transient WaitPlace place;

    private SharedLatch(Opened opened) {
        opened.check(BYTES, CAPACITY, 0);
        super(opened, _ -> {});
        this.memory = region().segment();
        this.at = opened.own();
        this.place = new WaitPlace(member(), at + HINT, 1);
    }

    /**
     * Makes a latch in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param count how often it is to be counted down; not negative
     * @return the latch
     * @throws IllegalArgumentException if the count is negative
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedLatch create(String name, int count) {
        return KIND.create(Place.shm(name), plan(count));
    }

    /**
     * Makes a latch in a file.
     *
     * @param path where; nothing may be there yet
     * @param count how often it is to be counted down; not negative
     * @return the latch
     * @throws IllegalArgumentException if the count is negative
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedLatch create(Path path, int count) {
        return KIND.create(Place.file(path), plan(count));
    }

    /**
     * Makes a latch without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param count how often it is to be counted down; not negative
     * @return the latch; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if the count is negative
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedLatch anonymous(int count) {
        return KIND.anonymous(plan(count));
    }

    /**
     * Opens a latch in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the latch
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedLatch open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a latch in a file.
     *
     * @param path where it is
     * @return the latch
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedLatch open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a latch in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param count from which it was made to count, or is if it is made
     * @return the latch
     * @throws IllegalArgumentException if the count is negative
     * @throws AlreadyExists if there is one that was made otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedLatch openOrCreate(String name, int count) {
        return KIND.openOrCreate(Place.shm(name), plan(count));
    }

    /**
     * Opens a latch in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param count from which it was made to count, or is if it is made
     * @return the latch
     * @throws IllegalArgumentException if the count is negative
     * @throws AlreadyExists if there is one that was made otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedLatch openOrCreate(Path path, int count) {
        return KIND.openOrCreate(Place.file(path), plan(count));
    }

    /** Counts down by one; who waits goes on if that was the last. Does nothing at zero. */
    public void countDown() {
        int found = count();
        while (found > 0 && !INT.compareAndSet(memory, at + COUNT, found, found - 1)) {
            found = count();
        }
        KillPoint.pass();
        if (found <= 1) {
            place.wakeAll(); // also at zero: who has counted the last may be stopped just here
        }
    }

    /**
     * How often it is still to be counted down.
     *
     * @return the count at the moment of the call
     */
    public int count() {
        return (int) INT.getAcquire(memory, at + COUNT); // pairs with that of countDown()
    }

    /**
     * Waits until the count is zero.
     *
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public void await() throws InterruptedException {
        await(Parking.FOREVER);
    }

    /**
     * Waits until the count is zero, for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Parking.deadline(timeout));
    }

    @Override
    String parameters() {
        return text((int) INT.getOpaque(memory, at + FIRST));
    }

    private static String text(int count) {
        return "count=" + count;
    }

    private static Plan plan(int count) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "a latch of count=" + count + ": expected 0 or more");
        }
        return new Plan(
                KIND.shape(BYTES, CAPACITY, 0, 0),
                text(count),
                region -> {
                    long at = KIND.own(region.header().shape());
                    region.segment().set(JAVA_INT, at + COUNT, count);
                    region.segment().set(JAVA_INT, at + FIRST, count);
                });
    }

    private boolean await(long deadline) throws InterruptedException {
        return place.awaitUntil(() -> count() <= 0, deadline);
    }
}
