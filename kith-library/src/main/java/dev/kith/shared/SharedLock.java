// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * A {@link Lock} for threads of any process, platform or virtual, which outlives the death of
 * whoever holds it.
 *
 * <pre>{@code
 * try (SharedLock lock = SharedLock.openOrCreate("account")) {
 *     lock.lock();
 *     try {
 *         if (lock.recovered()) {
 *             repair();
 *             lock.markConsistent();
 *         }
 *         change();
 *     } finally {
 *         lock.unlock();
 *     }
 * }
 * }</pre>
 *
 * <p>The owner is a thread of a process: only it may unlock. If its process ends, however it ends,
 * the next that wants the lock gets it, within milliseconds with native access and within 50 ms
 * without, and so do all after it; {@link #recovered()} says to each that what the lock protects
 * may be half-changed, until one calls {@link #markConsistent()}. A process that closes its handle
 * while one of its threads holds the lock has given it up just so. A thread that ends holding the
 * lock, in a process that lives, keeps it, as in {@link java.util.concurrent.locks.ReentrantLock}.
 *
 * <p>It can be locked again by the thread that holds it, unless it was made {@link
 * LockOption#NOT_REENTRANT}, by whichever handle of its process.
 *
 * <p>It is a POSIX shared memory object of 28 KiB (/dev/shm), or a file, for this user alone
 * (0600), and stays until it is unlinked. 64 handles can be open at once in all processes. To lock
 * what is free takes no system call; to wait takes no processor, after a spin of 25 microseconds at
 * the most, for the first 128 threads that wait; more look every half millisecond, and cannot wait
 * for conditions. What one thread did before it unlocked, in memory that is shared, the next that
 * locks sees.
 *
 * <p>Any thread may call any method; those that wait can be interrupted, unless they say otherwise,
 * and throw {@link dev.kith.Closed} when the handle is closed.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/futex.2.html">futex(2)</a>
 */
public final class SharedLock extends SharedObject implements Lock {
    private static final long serialVersionUID = 1L;

    static final Kind<SharedLock> KIND = new Kind<>(RegionKind.LOCK, Kind.ENTRIES, SharedLock::new);

    private final transient RobustLock lock;
    private final transient ConditionTable conditions;
    private final transient int flags;
    private final transient boolean reentrant;

    private SharedLock(Opened opened) {
        opened.check(LockLayout.BYTES, LockLayout.CAPACITY, 0);
        long at = opened.own() + LockLayout.LOCK;
        super(opened, slot -> RobustLock.release(opened.region(), at, slot));
        this.flags = opened.shape().flags();
        this.lock = new RobustLock(member(), at, LockLayout.FOR_LOCK, LockOption.FAIR.isIn(flags));
        this.conditions = new ConditionTable(region(), opened.own() + LockLayout.CONDITION_IDS);
        this.reentrant = !LockOption.NOT_REENTRANT.isIn(flags);
    }

    /**
     * Makes a lock in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param options how it is
     * @return the lock, free
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedLock create(String name, LockOption... options) {
        return KIND.create(Place.shm(name), LockLayout.plan(options));
    }

    /**
     * Makes a lock in a file.
     *
     * @param path where; nothing may be there yet
     * @param options how it is
     * @return the lock, free
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedLock create(Path path, LockOption... options) {
        return KIND.create(Place.file(path), LockLayout.plan(options));
    }

    /**
     * Makes a lock without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param options how it is
     * @return the lock, free; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedLock anonymous(LockOption... options) {
        return KIND.anonymous(LockLayout.plan(options));
    }

    /**
     * Opens a lock in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the lock
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedLock open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a lock in a file.
     *
     * @param path where it is
     * @return the lock
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedLock open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a lock in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param options how it is
     * @return the lock
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedLock openOrCreate(String name, LockOption... options) {
        return KIND.openOrCreate(Place.shm(name), LockLayout.plan(options));
    }

    /**
     * Opens a lock in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param options how it is
     * @return the lock
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedLock openOrCreate(Path path, LockOption... options) {
        return KIND.openOrCreate(Place.file(path), LockLayout.plan(options));
    }

    /**
     * Takes the lock, waiting for it, whether or not the thread is interrupted.
     *
     * @throws IllegalMonitorStateException if this thread holds it and it is not reentrant
     * @throws dev.kith.Closed if this handle is closed
     */
    @Override
    public void lock() {
        Thread me = Thread.currentThread();
        if (!lock.tryFree(me) && !again(me)) {
            lock.lockUninterruptibly(me);
        }
    }

    /**
     * Takes the lock, waiting for it.
     *
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws IllegalMonitorStateException if this thread holds it and it is not reentrant
     * @throws dev.kith.Closed if this handle is closed
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        tryLock(Parking.FOREVER);
    }

    /**
     * Takes the lock if it is free now, or its owner has died.
     *
     * @return false if another thread holds it, or this one and it is not reentrant, or it is fair
     *     and somebody waits
     * @throws dev.kith.Closed if this handle is closed
     */
    @Override
    public boolean tryLock() {
        Thread me = Thread.currentThread();
        return lock.tryLock(me) || reentrant && again(me);
    }

    /**
     * Takes the lock, waiting for it for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws IllegalMonitorStateException if this thread holds it and it is not reentrant
     * @throws dev.kith.Closed if this handle is closed
     */
    public boolean tryLock(Duration timeout) throws InterruptedException {
        return tryLock(Parking.deadline(timeout));
    }

    /**
     * Takes the lock, waiting for it for some time.
     *
     * @param time how long; zero or less does not wait
     * @param unit of the time
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws IllegalMonitorStateException if this thread holds it and it is not reentrant
     * @throws dev.kith.Closed if this handle is closed
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLock(Duration.ofNanos(unit.toNanos(time)));
    }

    /**
     * Gives the lock back, if it was locked no more often than unlocked.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it
     */
    @Override
    public void unlock() {
        checkOwner("unlock");
        int holds = lock.holds();
        if (holds > 1) {
            lock.holds(holds - 1);
        } else {
            lock.unlock();
        }
    }

    /**
     * Makes a condition of this lock, of which only those know that it is given to: it travels by
     * serialisation. For one that all know see {@link #condition(String)}. There are 16 at the
     * most.
     *
     * @return the condition
     * @throws IpcException if there are 16 already
     */
    @Override
    public SharedCondition newCondition() {
        return conditions.add(this);
    }

    /**
     * The condition of this lock that has that name, in all processes.
     *
     * @param name any text
     * @return the condition, made if there is none
     * @throws IpcException if there are 16 others already
     */
    public SharedCondition condition(String name) {
        return conditions.named(this, name);
    }

    /**
     * Whether an owner has died with the lock and nobody has called {@link #markConsistent()}
     * since: what the lock protects may be half-changed.
     *
     * @return true if so; it can only change while somebody holds the lock
     */
    public boolean recovered() {
        return lock.recovered();
    }

    /**
     * Says that what the lock protects is whole: {@link #recovered()} is false from now on.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     */
    public void markConsistent() {
        checkOwner("markConsistent");
        lock.markConsistent();
    }

    /**
     * Whether a living process holds it.
     *
     * @return true if so at the moment of the call
     */
    public boolean isLocked() {
        return lock.isLocked();
    }

    /**
     * Whether the calling thread holds it.
     *
     * @return true if so
     */
    public boolean isHeldByCurrentThread() {
        return lock.isOwner(Thread.currentThread());
    }

    /**
     * How often the calling thread has locked it and not unlocked.
     *
     * @return 0 if it does not hold it
     */
    public int holdCount() {
        return isHeldByCurrentThread() ? lock.holds() : 0;
    }

    /**
     * Who holds it, in whichever process.
     *
     * @return empty if it is free
     */
    public Optional<LockHolder> holder() {
        return lock.owner()
                .map(owner -> new LockHolder(owner.peer(), owner.thread(), owner.gone()));
    }

    /**
     * Who waits for it, in all processes; not who waits for one of its conditions.
     *
     * @return in the order in which they came
     */
    @Override
    public List<LockWaiter> waiters() {
        return waiters(each -> each.what() == LockLayout.FOR_LOCK);
    }

    ConditionTable conditions() {
        return conditions;
    }

    RobustLock robust() {
        return lock;
    }

    @Override
    String parameters() {
        return LockOption.text(flags);
    }

    void checkOwner(String verb) {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(
                    verb
                            + " of "
                            + this
                            + " by thread "
                            + Thread.currentThread().threadId()
                            + " of process "
                            + ProcessHandle.current().pid()
                            + ": it is held by "
                            + holder().map(LockHolder::toString).orElse("nobody"));
        }
    }

    private boolean tryLock(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Thread me = Thread.currentThread();
        return lock.tryLock(me) || again(me) || lock.lock(me, deadline);
    }

    /** Locks it once more, if this thread holds it. */
    private boolean again(Thread me) {
        if (!lock.isOwner(me)) {
            return false;
        }
        int holds = lock.holds();
        if (!reentrant || holds == Integer.MAX_VALUE) {
            throw new IllegalMonitorStateException(
                    this
                            + " is held by this thread already, holds="
                            + holds
                            + (reentrant
                                    ? ""
                                    : ", and is not reentrant: it would wait for itself"));
        }
        lock.holds(holds + 1);
        return true;
    }
}
