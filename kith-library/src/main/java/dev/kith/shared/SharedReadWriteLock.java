// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * A {@link ReadWriteLock} for threads of any process, platform or virtual: many read, or one
 * writes, and it outlives the death of any of them.
 *
 * <pre>{@code
 * try (SharedReadWriteLock lock = SharedReadWriteLock.openOrCreate("table")) {
 *     lock.readLock().lock();
 *     try {
 *         lookUp();
 *     } finally {
 *         lock.readLock().unlock();
 *     }
 * }
 * }</pre>
 *
 * <p>Readers and writers take turns when both wait: a writer that waits keeps new readers out, and
 * when one unlocks, all readers that wait then go before the next writer. So neither starves the
 * other. Among writers, and among readers, one that comes just then may be faster than one that
 * waits.
 *
 * <p>A process that dies holding the read lock holds it no longer, within milliseconds with native
 * access and within 50 ms without. If one dies holding the write lock, others get theirs, and
 * {@link #recovered()} says to all, readers too, that what the lock protects may be half-changed,
 * until a writer calls {@link #markConsistent()}. A process that closes its handle has given up
 * what it held by it, just so.
 *
 * <p>Both locks can be locked again by the thread that holds them, and the writer may lock the read
 * lock, too; to go from the read lock to the write lock is refused, as two that did would wait for
 * each other. Who holds the read lock is known by handle: one thread must not use two of the same
 * lock.
 *
 * <p>What one thread did in shared memory before it unlocked the write lock, whoever locks then
 * sees; what it read before it unlocked the read lock, no later writer changes.
 *
 * <p>28 KiB. 128 threads can wait at once, in all processes; one that waits takes no processor
 * after a spin of 25 microseconds at the most. To lock what is free takes no system call.
 */
public final class SharedReadWriteLock extends SharedObject implements ReadWriteLock {
    private static final long serialVersionUID = 1L;

    static final Kind<SharedReadWriteLock> KIND =
            new Kind<>(RegionKind.READ_WRITE_LOCK, Kind.ENTRIES, SharedReadWriteLock::new);

    private static final long CAPACITY = 8;

    private final transient ReadersAndWriter both;
    private final transient SharedReadLock readLock;
    private final transient SharedWriteLock writeLock;

    private SharedReadWriteLock(Opened opened) {
        opened.check(ReadersAndWriter.BYTES, CAPACITY, 0);
        long writer = opened.own() + ReadersAndWriter.WRITER;
        super(opened, slot -> RobustLock.release(opened.region(), writer, slot));
        this.both = new ReadersAndWriter(member(), opened.own());
        this.readLock = new SharedReadLock(toString(), both);
        this.writeLock = new SharedWriteLock(toString(), both, readLock);
    }

    /**
     * Makes a lock in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @return the lock, free
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedReadWriteLock create(String name) {
        return KIND.create(Place.shm(name), plan());
    }

    /**
     * Makes a lock in a file.
     *
     * @param path where; nothing may be there yet
     * @return the lock, free
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedReadWriteLock create(Path path) {
        return KIND.create(Place.file(path), plan());
    }

    /**
     * Makes a lock without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @return the lock, free; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedReadWriteLock anonymous() {
        return KIND.anonymous(plan());
    }

    /**
     * Opens a lock in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the lock
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedReadWriteLock open(String name) {
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
    public static SharedReadWriteLock open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a lock in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @return the lock
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedReadWriteLock openOrCreate(String name) {
        return KIND.openOrCreate(Place.shm(name), plan());
    }

    /**
     * Opens a lock in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @return the lock
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedReadWriteLock openOrCreate(Path path) {
        return KIND.openOrCreate(Place.file(path), plan());
    }

    /**
     * The lock of those who read.
     *
     * @return always the same
     */
    @Override
    public SharedReadLock readLock() {
        return readLock;
    }

    /**
     * The lock of who writes.
     *
     * @return always the same
     */
    @Override
    public SharedWriteLock writeLock() {
        return writeLock;
    }

    /**
     * Whether a process has died with the write lock and nobody has called {@link
     * #markConsistent()} since: what the lock protects may be half-changed.
     *
     * @return true if so; it can only change while somebody holds the write lock, or dies with it
     */
    public boolean recovered() {
        return both.writer().recovered();
    }

    /**
     * Says that what the lock protects is whole: {@link #recovered()} is false from now on.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the write lock
     */
    public void markConsistent() {
        writeLock.checkOwner("markConsistent");
        both.writer().markConsistent();
    }

    @Override
    String parameters() {
        return "none";
    }

    private static Plan plan() {
        return new Plan(KIND.shape(ReadersAndWriter.BYTES, CAPACITY, 0, 0), "none", _ -> {});
    }
}
