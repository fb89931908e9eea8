// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A {@link java.util.concurrent.Semaphore} for threads of any process, platform or virtual.
 *
 * <pre>{@code
 * try (SharedSemaphore seats =
 *         SharedSemaphore.openOrCreate("seats", 4, SemaphoreOption.BOUNDED)) {
 *     seats.acquire();
 *     try {
 *         work();
 *     } finally {
 *         seats.release();
 *     }
 * }
 * }</pre>
 *
 * <p>A {@linkplain SemaphoreOption#BOUNDED bounded} one gives out things that come back: a permit
 * is its process's until it is released, and if that process ends, or closes its handle, it is
 * there again, within milliseconds with native access and within 50 ms without. Any process may
 * release it; one that holds none releases a permit of the process that holds most. One that is not
 * bounded counts: nobody owns what he has acquired, and what a dead process had is gone, as with
 * {@code sem_t}.
 *
 * <p>Those who wait are served in the order of their coming, each with as many as he asked for. One
 * that comes later may be faster while the first is woken, unless the semaphore is {@linkplain
 * SemaphoreOption#FAIR fair}.
 *
 * <p>What a thread did in shared memory before it released, a thread sees that acquires after that.
 *
 * <p>28 KiB. 128 threads can wait at once, in all processes; one that waits takes no processor
 * after a spin of 25 microseconds at the most. To acquire what is there takes no system call.
 */
public final class SharedSemaphore extends SharedObject {
    /*
     * The object's own part (Kind); flags: 1 bounded, 2 fair.
     *
     *    +0 | lock of a bounded one (RobustLock), 64 bytes |
     *   +64 | free   u32                                   |
     *   +68 | hint   u32  somebody may wait                |
     *   +72 | first  u32  how many it was made with        |
     *   +80 +----------------------------------------------+
     *
     * Who waits has an entry, and takes permits when he is the first. Who releases wakes the first;
     * he, when he has his, the next if there are some left. Who gives up does the same, so a wake-up
     * is not lost; and if the first dies, all look (WaitPlace).
     */
    private static final long serialVersionUID = 1L;

    static final Kind<SharedSemaphore> KIND =
            new Kind<>(RegionKind.SEMAPHORE, Kind.ENTRIES, SharedSemaphore::new);

    private static final long LOCK = 0;
    private static final long FREE = 64;
    private static final long HINT = 68;
    private static final long FIRST = 72;
    private static final long BYTES = 80;
    private static final long CAPACITY = 8;

    private static final int FOR_PERMITS = 1;
    private static final int FOR_LOCK = 2;

    private final transient WaitPlace place;
    private final transient Permits permits;
    private final transient int flags;
    private final transient int first;

    private SharedSemaphore(Opened opened) {
        opened.check(BYTES, CAPACITY, 0);
        long at = opened.own();
        super(opened, slot -> RobustLock.release(opened.region(), at + LOCK, slot));
        this.flags = opened.shape().flags();
        this.first = region().segment().get(JAVA_INT, at + FIRST);
        this.place = new WaitPlace(member(), at + HINT, FOR_PERMITS);
        this.permits =
                isBounded()
                        ? new OwnedPermits(
                                this,
                                new RobustLock(member(), at + LOCK, FOR_LOCK, false),
                                at + FREE,
                                first)
                        : new CountedPermits(this, at + FREE);
    }

    /**
     * Makes a semaphore in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param permits how many it has at first; not negative. A bounded one has at least one, and
     *     never more
     * @param options how it is
     * @return the semaphore
     * @throws IllegalArgumentException if there are less than that
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedSemaphore create(String name, int permits, SemaphoreOption... options) {
        return KIND.create(Place.shm(name), plan(permits, options));
    }

    /**
     * Makes a semaphore in a file.
     *
     * @param path where; nothing may be there yet
     * @param permits how many it has at first; not negative. A bounded one has at least one, and
     *     never more
     * @param options how it is
     * @return the semaphore
     * @throws IllegalArgumentException if there are less than that
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedSemaphore create(Path path, int permits, SemaphoreOption... options) {
        return KIND.create(Place.file(path), plan(permits, options));
    }

    /**
     * Makes a semaphore without a name, in a memfd, which is gone with the last process that has
     * it. It reaches another process by being captured in a task for {@code Worker}, or sent over a
     * Unix socket; this handle stays open all the same. Takes native access.
     *
     * @param permits how many it has at first; not negative. A bounded one has at least one, and
     *     never more
     * @param options how it is
     * @return the semaphore; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if there are less than that
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedSemaphore anonymous(int permits, SemaphoreOption... options) {
        return KIND.anonymous(plan(permits, options));
    }

    /**
     * Opens a semaphore in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the semaphore
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedSemaphore open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a semaphore in a file.
     *
     * @param path where it is
     * @return the semaphore
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedSemaphore open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a semaphore in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param permits how many it was made with, or has if it is made
     * @param options how it is
     * @return the semaphore
     * @throws IllegalArgumentException if there are less than that
     * @throws AlreadyExists if there is one that was made otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedSemaphore openOrCreate(
            String name, int permits, SemaphoreOption... options) {
        return KIND.openOrCreate(Place.shm(name), plan(permits, options));
    }

    /**
     * Opens a semaphore in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param permits how many it was made with, or has if it is made
     * @param options how it is
     * @return the semaphore
     * @throws IllegalArgumentException if there are less than that
     * @throws AlreadyExists if there is one that was made otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedSemaphore openOrCreate(Path path, int permits, SemaphoreOption... options) {
        return KIND.openOrCreate(Place.file(path), plan(permits, options));
    }

    /**
     * Acquires a permit, waiting for it.
     *
     * @throws InterruptedException if the thread was interrupted; it has got none
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public void acquire() throws InterruptedException {
        acquire(1);
    }

    /**
     * Acquires some permits at once, waiting for them.
     *
     * @param count how many
     * @throws InterruptedException if the thread was interrupted; it has got none
     * @throws IllegalArgumentException if that is negative, or more than a bounded one ever has
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public void acquire(int count) throws InterruptedException {
        acquire(count, Parking.FOREVER);
    }

    /**
     * Acquires a permit, waiting for it, whether or not the thread is interrupted.
     *
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public void acquireUninterruptibly() {
        Persistent.await(() -> acquire(1, Parking.FOREVER));
    }

    /**
     * Acquires a permit if there is one now.
     *
     * @return false if there is none, or the semaphore is fair and somebody waits
     * @throws dev.kith.Closed if this handle is closed
     */
    public boolean tryAcquire() {
        return tryAcquire(1);
    }

    /**
     * Acquires some permits if they are there now.
     *
     * @param count how many
     * @return false if there are less, or the semaphore is fair and somebody waits; then it has got
     *     none
     * @throws IllegalArgumentException if that is negative, or more than a bounded one ever has
     * @throws dev.kith.Closed if this handle is closed
     */
    public boolean tryAcquire(int count) {
        check("tryAcquire", count);
        return tryFree(count);
    }

    /**
     * Acquires a permit, waiting for it for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has got none
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException {
        return tryAcquire(1, timeout);
    }

    /**
     * Acquires some permits at once, waiting for them for some time.
     *
     * @param count how many
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed; it has got none
     * @throws InterruptedException if the thread was interrupted; it has got none
     * @throws IllegalArgumentException if that is negative, or more than a bounded one ever has
     * @throws dev.kith.Closed if this handle is closed
     * @throws IpcException if 128 threads wait already
     */
    public boolean tryAcquire(int count, Duration timeout) throws InterruptedException {
        return acquire(count, Parking.deadline(timeout));
    }

    /**
     * Releases a permit.
     *
     * @throws IllegalStateException if there would be more than it may have; it has as many as
     *     before
     */
    public void release() {
        release(1);
    }

    /**
     * Releases some permits.
     *
     * @param count how many
     * @throws IllegalArgumentException if that is negative
     * @throws IllegalStateException if there would be more than it may have; it has as many as
     *     before
     */
    public void release(int count) {
        check("release", count);
        if (count > 0) {
            permits.give(count);
            place.wakeFirst();
        }
    }

    /**
     * How many permits there are; of a bounded one all that no living process holds.
     *
     * @return the number at the moment of the call
     */
    public int availablePermits() {
        return permits.available();
    }

    /**
     * Whether it is bounded, and permits are owned.
     *
     * @return true if so
     */
    public boolean isBounded() {
        return SemaphoreOption.BOUNDED.isIn(flags);
    }

    /**
     * Who holds permits, by handle.
     *
     * @return living processes; empty if it is not bounded, as nobody knows
     */
    public List<PermitHolder> holders() {
        return permits.holders();
    }

    /**
     * Who waits for permits, in all processes.
     *
     * @return in the order in which they came
     */
    @Override
    public List<LockWaiter> waiters() {
        return waiters(each -> each.what() == FOR_PERMITS);
    }

    @Override
    String parameters() {
        return text(first, flags);
    }

    @Override
    void settle() {
        permits.settle();
    }

    private static String text(int permits, int flags) {
        return "permits=" + permits + ", " + SemaphoreOption.text(flags);
    }

    private static Plan plan(int permits, SemaphoreOption... options) {
        int flags = SemaphoreOption.flags(options);
        int least = SemaphoreOption.BOUNDED.isIn(flags) ? 1 : 0;
        if (permits < least) {
            throw new IllegalArgumentException(
                    "a semaphore of " + text(permits, flags) + ": expected " + least + " or more");
        }
        return new Plan(
                KIND.shape(BYTES, CAPACITY, 0, flags),
                text(permits, flags),
                region -> {
                    long at = KIND.own(region.header().shape());
                    region.segment().set(JAVA_INT, at + FREE, permits);
                    region.segment().set(JAVA_INT, at + FIRST, permits);
                });
    }

    private void check(String verb, int count) {
        if (count < 0 || isBounded() && !verb.equals("release") && count > first) {
            throw new IllegalArgumentException(
                    verb
                            + "("
                            + count
                            + ") of "
                            + this
                            + ": expected 0 to "
                            + (isBounded() ? first : Integer.MAX_VALUE));
        }
    }

    private boolean tryFree(int count) {
        boolean behind = SemaphoreOption.FAIR.isIn(flags) && place.isAnybody();
        return count == 0 || !behind && permits.take(count);
    }

    private boolean acquire(int count, long deadline) throws InterruptedException {
        check("acquire", count);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (tryFree(count)) {
            return true;
        }
        if (WaitPlace.hasPassed(deadline)) {
            return false;
        }
        boolean fair = SemaphoreOption.FAIR.isIn(flags);
        if (!fair && place.spin(() -> permits.mayTake(count), deadline) && tryFree(count)) {
            return true;
        }
        try (WaitEntry entry = place.enter()) {
            for (boolean acquired = false; !acquired; ) {
                if (!entry.await(() -> entry.isFirst() && permits.mayTake(count), deadline)) {
                    return false;
                }
                acquired = permits.take(count);
            }
            return true;
        } finally {
            if (permits.mayTake(1)) {
                place.wakeFirst(); // the wake-up was for all that were released
            }
        }
    }
}
