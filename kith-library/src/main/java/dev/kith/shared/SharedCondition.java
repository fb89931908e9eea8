// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Parking;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * A {@link Condition} of a {@link SharedLock}: threads of any process wait until another says that
 * what they wait for may be so.
 *
 * <pre>{@code
 * lock.lock();
 * try {
 *     while (isEmpty()) {
 *         notEmpty.await();
 *     }
 *     take();
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 *
 * <p>Who waits holds the lock, lets it go while he waits, and has it back, as often as he had
 * locked it, when the call returns or throws. As everywhere, a wake-up may be spurious: ask again
 * in a loop. {@link #signal()} never waits for who waits, so the death of one blocks nobody; if one
 * dies who was chosen by {@link #signal()} and has not gone on yet, another is.
 *
 * <p>If somebody dies who holds the lock, who waits for the condition sleeps on: he was not told
 * anything. The next owner of the lock sees {@link SharedLock#recovered()}.
 *
 * <p>Any thread of any process may call. It can be sent to another process.
 */
public final class SharedCondition implements Condition, Serializable {
    private static final long serialVersionUID = 1L;

    private final transient SharedLock lock;
    private final transient long id;
    private final transient int what;

    SharedCondition(SharedLock lock, long id, int what) {
        this.lock = lock;
        this.id = id;
        this.what = what;
    }

    /**
     * Waits until it is told.
     *
     * @throws InterruptedException if the thread was interrupted before it was told
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     * @throws dev.kith.Closed if the handle of the lock is closed
     */
    @Override
    public void await() throws InterruptedException {
        await(Parking.FOREVER);
    }

    /** Waits until it is told, whether or not the thread is interrupted. */
    @Override
    public void awaitUninterruptibly() {
        lock.checkOwner("awaitUninterruptibly");
        boolean interrupted = false;
        Waiting waiting = new Waiting();
        try {
            for (boolean told = false; !told; ) {
                try {
                    told = waiting.sleep(Parking.FOREVER);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            waiting.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits until it is told, for some time.
     *
     * @param timeout how long; zero or less does not wait, but lets others have the lock
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted before it was told
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     * @throws dev.kith.Closed if the handle of the lock is closed
     */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Parking.deadline(timeout));
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(time)));
    }

    @Override
    public long awaitNanos(long nanosTimeout) throws InterruptedException {
        long deadline = Parking.deadline(Duration.ofNanos(nanosTimeout));
        await(deadline);
        return deadline == Parking.FOREVER ? nanosTimeout : deadline - System.nanoTime();
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(Duration.between(Instant.now(), deadline.toInstant()));
    }

    /**
     * Tells the one who has waited for longest.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     */
    @Override
    public void signal() {
        lock.checkOwner("signal");
        lock.member().waits().tellFirst(what);
    }

    /**
     * Tells all who wait.
     *
     * @throws IllegalMonitorStateException if this thread does not hold the lock
     */
    @Override
    public void signalAll() {
        lock.checkOwner("signalAll");
        lock.member().waits().tellAll(what);
    }

    /**
     * The lock that it belongs to.
     *
     * @return the lock; of a condition that came from another process a handle of its own, to be
     *     closed
     */
    public SharedLock lock() {
        return lock;
    }

    /**
     * Who waits, in all processes.
     *
     * @return in the order in which they came
     */
    public List<LockWaiter> waiters() {
        return lock.waiters(each -> each.what() == what);
    }

    @Override
    public String toString() {
        return "condition " + Long.toHexString(id) + " of " + lock;
    }

    private boolean await(long deadline) throws InterruptedException {
        lock.checkOwner("await");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Waiting waiting = new Waiting();
        boolean told = false;
        try {
            told = waiting.sleep(deadline);
        } catch (InterruptedException interrupted) {
            if (waiting.giveUp()) {
                throw interrupted;
            }
            // Told before it was interrupted: the wake-up must not be lost.
            Thread.currentThread().interrupt();
            told = true;
        } finally {
            waiting.end();
        }
        return told;
    }

    /** One wait of one thread: the lock is let go at its begin and had again at its end. */
    private final class Waiting {
        private final Thread thread = Thread.currentThread();
        private final RobustLock robust = lock.robust();
        private final int holds = robust.holds();
        private final WaitEntry entry = lock.member().enter(what, thread);

        Waiting() {
            robust.unlock();
        }

        /** Whether it was told; false if the time has passed before. */
        boolean sleep(long deadline) throws InterruptedException {
            return entry.await(this::isTold, deadline) || !giveUp();
        }

        boolean giveUp() {
            return entry.giveUp();
        }

        void end() {
            try {
                robust.lockUninterruptibly(thread);
                robust.holds(holds);
            } finally {
                entry.close();
            }
        }

        private boolean isTold() {
            lock.member().waits().clearAwayIfDue();
            return entry.isTold();
        }
    }

    private Object writeReplace() {
        return new Travelling(lock, id);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a condition travels with its lock");
    }

    /** A condition on its way to another process. */
    private record Travelling(SharedLock lock, long id) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return lock.conditions().known(lock, id);
        }
    }
}
