// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** One end of a queue: its lock, and what is mended for an owner of it that has died. */
final class QueueSide {
    private static final long SOON_NANOS = 1_000_000_000;

    private final RobustLock lock;
    private final Runnable repair;

    QueueSide(RobustLock lock, Runnable repair) {
        this.lock = lock;
        this.repair = repair;
    }

    /** Takes the lock; false if the time has passed. */
    boolean lock(long deadline) throws InterruptedException {
        return lock.lock(Thread.currentThread(), deadline) && whole();
    }

    void lock() {
        lock.lockUninterruptibly(Thread.currentThread());
        whole();
    }

    /** Takes the lock if it is free soon, without sleeping: for a handle that is being closed. */
    boolean lockSoon() {
        long start = System.nanoTime();
        while (!lock.tryLock(Thread.currentThread())) {
            if (System.nanoTime() - start > SOON_NANOS) {
                return false;
            }
            Thread.yield();
        }
        return whole();
    }

    void unlock() {
        lock.unlock();
    }

    private boolean whole() {
        if (lock.recovered()) {
            mend();
        }
        return true;
    }

    private void mend() {
        boolean mended = false;
        try {
            repair.run();
            lock.markConsistent();
            mended = true;
        } finally {
            if (!mended) {
                lock.unlock();
            }
        }
    }
}
