// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
 * A flag for threads of any process, platform or virtual, that others wait for: what Python's
 * {@code threading.Event} is to the threads of one.
 *
 * <pre>{@code
 * try (SharedEvent ready = SharedEvent.openOrCreate("ready")) {
 *     ready.await();
 * }
 * }</pre>
 *
 * <p>Who waits goes on once the flag was set after he came, even if it is cleared again before he
 * runs. To set it never waits for anybody, so the death of who waits blocks nobody; if who sets it
 * dies over it, it is set and all go on, or it is not.
 *
 * <p>What a thread did in shared memory before {@link #set()}, a thread sees that returned from
 * {@link #await()} because of it, or that found {@link #isSet()}.
 *
 * <p>28 KiB. 128 threads can wait at once, in all processes; one that waits takes no processor
 * after a spin of 25 microseconds at the most.
 */
public final class SharedEvent extends SharedObject {
    /*
     * The object's own part (Kind):
     *
     *   0  u64 word   bit 0: set; above: how often it was set
     *   8  u32 hint   somebody may wait
     *
     * To set and to clear are one compare-and-set each, so a death leaves it set or not. Who dies
     * between that and the wake-up leaves threads asleep: their processes hear of the death, and
     * they look. Who waits has noted how often it was set, so he knows that it was meanwhile.
     */
    private static final long serialVersionUID = 1L;

    static final Kind<SharedEvent> KIND =
            new Kind<>(RegionKind.EVENT, Kind.ENTRIES, SharedEvent::new);

    private static final long WORD = 0;
    private static final long HINT = 8;
    private static final long BYTES = 16;
    private static final long CAPACITY = 8;

    private static final long SET = 1;
    private static final long ONCE = 2;

    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final transient MemorySegment memory;
    private final transient long word;
    private final transient WaitPlace place;

    private SharedEvent(Opened opened) {
        opened.check(BYTES, CAPACITY, 0);
        super(opened, _ -> {});
        this.memory = region().segment();
        this.word = opened.own() + WORD;
        this.place = new WaitPlace(member(), opened.own() + HINT, 1);
    }

    /**
     * Makes an event in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @return the event, not set
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedEvent create(String name) {
        return KIND.create(Place.shm(name), plan());
    }

    /**
     * Makes an event in a file.
     *
     * @param path where; nothing may be there yet
     * @return the event, not set
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedEvent create(Path path) {
        return KIND.create(Place.file(path), plan());
    }

    /**
     * Makes an event without a name, in a memfd, which is gone with the last process that has it.
     * It reaches another process by being captured in a task for {@code Worker}, or sent over a
     * Unix socket; this handle stays open all the same. Takes native access.
     *
     * @return the event, not set; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedEvent anonymous() {
        return KIND.anonymous(plan());
    }

    /**
     * Opens an event in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the event
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedEvent open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens an event in a file.
     *
     * @param path where it is
     * @return the event
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedEvent open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens an event in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @return the event
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedEvent openOrCreate(String name) {
        return KIND.openOrCreate(Place.shm(name), plan());
    }

    /**
     * Opens an event in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @return the event
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedEvent openOrCreate(Path path) {
        return KIND.openOrCreate(Place.file(path), plan());
    }

    /** Sets it: all who wait go on. Does nothing if it is set. */
    public void set() {
        long found = word();
        while ((found & SET) == 0 && !LONG.compareAndSet(memory, word, found, found + ONCE | SET)) {
            found = word();
        }
        KillPoint.pass();
        place.wakeAll(); // also if it was set before: who has set it may be stopped just here
    }

    /** Clears it: who comes now waits. */
    public void clear() {
        for (long found = word();
                (found & SET) != 0 && !LONG.compareAndSet(memory, word, found, found & ~SET);
                found = word()) {
            Thread.onSpinWait();
        }
        KillPoint.pass();
    }

    /**
     * Whether it is set.
     *
     * @return true if so at the moment of the call
     */
    public boolean isSet() {
        return (word() & SET) != 0;
    }

    /**
     * Waits until it is set.
     *
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public void await() throws InterruptedException {
        await(Parking.FOREVER);
    }

    /**
     * Waits until it is set, for some time.
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
        return "none";
    }

    private static Plan plan() {
        return new Plan(KIND.shape(BYTES, CAPACITY, 0, 0), "none", _ -> {});
    }

    private boolean await(long deadline) throws InterruptedException {
        long before = word() / ONCE;
        return place.awaitUntil(
                () -> {
                    long now = word();
                    return (now & SET) != 0 || now / ONCE != before;
                },
                deadline);
    }

    private long word() {
        return (long) LONG.getAcquire(memory, word); // pairs with the compare-and-set of set()
    }
}
