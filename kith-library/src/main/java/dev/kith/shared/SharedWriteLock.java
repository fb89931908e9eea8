// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Parking;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The lock of who writes, of a {@link SharedReadWriteLock}: one thread of one process holds it, and
 * nobody reads.
 *
 * <p>Any thread may call; the one that holds it unlocks it as often as it has locked it.
 */
public final class SharedWriteLock implements Lock {
    private final String name;
    private final ReadersAndWriter both;
    private final RobustLock writer;
    private final SharedReadLock readLock;

    SharedWriteLock(String name, ReadersAndWriter both, SharedReadLock readLock) {
        this.name = name;
        this.both = both;
        this.writer = both.writer();
        this.readLock = readLock;
    }

    /**
     * Locks it, waiting for it, whether or not the thread is interrupted.
     *
     * @throws IllegalMonitorStateException if this thread holds the read lock: it would wait for
     *     itself
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public void lock() {
        if (!again()) {
            both.lockUninterruptibly(Thread.currentThread());
        }
    }

    /**
     * Locks it, waiting for it.
     *
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws IllegalMonitorStateException if this thread holds the read lock: it would wait for
     *     itself
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        tryLock(Parking.FOREVER);
    }

    /**
     * Locks it if it is free now and nobody reads.
     *
     * @return false if another thread writes, or any reads
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public boolean tryLock() {
        Thread me = Thread.currentThread();
        if (writer.isOwner(me)) {
            return again();
        }
        return readLock.holdCount() == 0 && both.tryLock(me);
    }

    /**
     * Locks it, waiting for it for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws IllegalMonitorStateException if this thread holds the read lock: it would wait for
     *     itself
     * @throws dev.kith.Closed if the handle is closed
     */
    public boolean tryLock(Duration timeout) throws InterruptedException {
        return tryLock(Parking.deadline(timeout));
    }

    /**
     * Locks it, waiting for it for some time.
     *
     * @param time how long; zero or less does not wait
     * @param unit of the time
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws IllegalMonitorStateException if this thread holds the read lock: it would wait for
     *     itself
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLock(Duration.ofNanos(unit.toNanos(time)));
    }

    /**
     * Gives it back, if it was locked no more often than unlocked. If this thread holds the read
     * lock too, it goes on reading.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it
     */
    @Override
    public void unlock() {
        checkOwner("unlock");
        int holds = writer.holds();
        if (holds > 1) {
            writer.holds(holds - 1);
        } else {
            both.unlock();
        }
    }

    /**
     * There is none: who waits for a condition takes a {@link SharedLock}.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "condition of the write lock of " + name + ": there is none; use a SharedLock");
    }

    /**
     * Whether the calling thread holds it.
     *
     * @return true if so
     */
    public boolean isHeldByCurrentThread() {
        return writer.isOwner(Thread.currentThread());
    }

    /**
     * How often the calling thread has locked it and not unlocked.
     *
     * @return 0 if it does not hold it
     */
    public int holdCount() {
        return isHeldByCurrentThread() ? writer.holds() : 0;
    }

    /**
     * Who holds it, in whichever process, or waits only for readers to leave.
     *
     * @return empty if it is free
     */
    public Optional<LockHolder> holder() {
        return writer.owner()
                .map(owner -> new LockHolder(owner.peer(), owner.thread(), owner.gone()));
    }

    @Override
    public String toString() {
        return "write lock of " + name;
    }

    void checkOwner(String verb) {
        if (!isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(
                    verb
                            + " of the write lock of "
                            + name
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
        return again() || both.lock(Thread.currentThread(), deadline);
    }

    /** Locks it once more if this thread holds it; refuses one that reads. */
    private boolean again() {
        if (writer.isOwner(Thread.currentThread())) {
            writer.holds(Math.incrementExact(writer.holds()));
            return true;
        }
        if (readLock.holdCount() > 0) {
            throw new IllegalMonitorStateException(
                    this
                            + ": this thread holds the read lock, and would wait for itself; unlock"
                            + " it first");
        }
        return false;
    }
}
