// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Peer;
import dev.kith.memory.Parking;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The lock of those who read, of a {@link SharedReadWriteLock}: many threads of many processes hold
 * it at once, while nobody writes.
 *
 * <p>Any thread may call; those that hold it unlock it as often as they have locked it.
 */
public final class SharedReadLock implements Lock {
    private final String name;
    private final ReadersAndWriter both;

    /** How often the thread has locked it; none if it does not hold it. */
    private final ThreadLocal<int[]> holds = new ThreadLocal<>();

    SharedReadLock(String name, ReadersAndWriter both) {
        this.name = name;
        this.both = both;
    }

    /**
     * Locks it, waiting while somebody writes, whether or not the thread is interrupted.
     *
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public void lock() {
        Persistent.await(() -> tryLock() || tryLock(Parking.FOREVER));
    }

    /**
     * Locks it, waiting while somebody writes.
     *
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public void lockInterruptibly() throws InterruptedException {
        tryLock(Parking.FOREVER);
    }

    /**
     * Locks it if nobody writes, or waits only for readers to leave.
     *
     * @return false if somebody does
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public boolean tryLock() {
        return again() || both.tryEnter() && first();
    }

    /**
     * Locks it, waiting for some time while somebody writes.
     *
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws dev.kith.Closed if the handle is closed
     */
    public boolean tryLock(Duration timeout) throws InterruptedException {
        return tryLock(Parking.deadline(timeout));
    }

    /**
     * Locks it, waiting for some time while somebody writes.
     *
     * @param time how long; zero or less does not wait
     * @param unit of the time
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted; it has not got the lock
     * @throws dev.kith.Closed if the handle is closed
     */
    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLock(Duration.ofNanos(unit.toNanos(time)));
    }

    /**
     * Gives it back, if it was locked no more often than unlocked.
     *
     * @throws IllegalMonitorStateException if this thread does not hold it
     */
    @Override
    public void unlock() {
        int[] count = holds.get();
        if (count == null) {
            throw new IllegalMonitorStateException(
                    "unlock of the read lock of "
                            + name
                            + " by thread "
                            + Thread.currentThread().threadId()
                            + " of process "
                            + ProcessHandle.current().pid()
                            + ", which does not hold it by this handle");
        }
        if (--count[0] == 0) {
            holds.remove();
            both.leave();
        }
    }

    /**
     * There is none, as for {@link java.util.concurrent.locks.ReentrantReadWriteLock.ReadLock}.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "condition of the read lock of " + name + ": there is none; use a SharedLock");
    }

    /**
     * How often the calling thread has locked it and not unlocked.
     *
     * @return 0 if it does not hold it
     */
    public int holdCount() {
        int[] count = holds.get();
        return count == null ? 0 : count[0];
    }

    /**
     * The living processes of which threads hold it, or try to just now.
     *
     * @return one for each handle
     */
    public List<Peer> holders() {
        return both.counts().peers();
    }

    @Override
    public String toString() {
        return "read lock of " + name;
    }

    private boolean tryLock(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return again() || both.enter(deadline) && first();
    }

    /** Locks it if this thread holds it, or writes. */
    private boolean again() {
        int[] count = holds.get();
        if (count != null) {
            count[0] = Math.incrementExact(count[0]);
            return true;
        }
        if (both.writer().isOwner(Thread.currentThread())) {
            both.enterAsWriter();
            return first();
        }
        return false;
    }

    private boolean first() {
        holds.set(new int[] {1});
        return true;
    }
}
