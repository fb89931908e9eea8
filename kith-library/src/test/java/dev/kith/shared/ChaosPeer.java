// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Uses a read-write lock, a semaphore, a lock and its condition at once, until it is killed. */
final class ChaosPeer {
    static final int PERMITS = 3;

    private final SharedReadWriteLock readWrite;
    private final SharedSemaphore semaphore;
    private final SharedLock lock;
    private final SharedCondition condition;
    private final MemorySegment words;
    private final MemorySegment counter;

    ChaosPeer(String name, Path directory) throws Exception {
        readWrite = SharedReadWriteLock.openOrCreate(name + "-rw");
        semaphore =
                SharedSemaphore.openOrCreate(name + "-semaphore", PERMITS, SemaphoreOption.BOUNDED);
        lock = SharedLock.openOrCreate(name + "-lock");
        condition = lock.condition("turn");
        words = LockPeer.counter(directory.resolve("words"));
        counter = LockPeer.counter(directory.resolve("counter"));
    }

    public static void main(String[] arguments) throws Exception {
        ChaosPeer peer = new ChaosPeer(arguments[0], Path.of(arguments[1]));
        peer.start(false, peer::write);
        peer.start(true, peer::read);
        peer.start(false, peer::read);
        peer.start(true, peer::acquire);
        peer.start(false, peer::acquire);
        peer.start(false, peer::turn);
        SyncPeer.say("ready");
        Thread.sleep(100_000);
    }

    void write() {
        ReadWritePeer.write(readWrite, words);
    }

    void read() {
        ReadWritePeer.read(readWrite, words);
    }

    void acquire() throws InterruptedException {
        int count = ThreadLocalRandom.current().nextInt(1, PERMITS + 1);
        if (!semaphore.tryAcquire(count, Duration.ofSeconds(20))) {
            throw new AssertionError("no permit: " + semaphore.holders());
        }
        semaphore.release(count);
    }

    void turn() throws InterruptedException {
        if (!lock.tryLock(Duration.ofSeconds(20))) {
            throw new AssertionError("not locked: " + lock.holder());
        }
        LockPeer.increment(lock, counter);
        condition.signal();
        condition.await(Duration.ofMillis(2));
        LockPeer.increment(lock, counter);
        lock.unlock();
    }

    /** Everything is free, and whole. */
    void check() throws InterruptedException {
        if (semaphore.availablePermits() != PERMITS || !semaphore.holders().isEmpty()) {
            throw new AssertionError("permits: " + semaphore.availablePermits());
        }
        semaphore.acquire(PERMITS);
        semaphore.release(PERMITS);
        write();
        read();
        turn();
        if (!readWrite.readLock().holders().isEmpty()) {
            throw new AssertionError("readers: " + readWrite.readLock().holders());
        }
    }

    void unlink() {
        for (SharedObject each : new SharedObject[] {readWrite, semaphore, lock}) {
            each.unlink();
            each.close();
        }
    }

    private void start(boolean virtual, SyncPeer.Wait step) {
        Runnable body =
                () ->
                        SyncPeer.quietly(() -> {
                            try {
                                while (true) {
                                    step.run();
                                }
                            } catch (Throwable failed) {
                                SyncPeer.say("failed " + failed);
                                throw failed;
                            }
                        });
        if (virtual) {
            Thread.startVirtualThread(body);
        } else {
            Thread.ofPlatform().daemon().start(body);
        }
    }
}
