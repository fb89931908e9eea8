// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static dev.kith.shared.SyncPeer.say;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The other process of the tests of read-write locks. */
final class ReadWritePeer {
    private ReadWritePeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedReadWriteLock lock = SharedReadWriteLock.open(arguments[1])) {
            switch (arguments[0]) {
                case "read" -> {
                    lock.readLock().lock();
                    say("reads");
                    Thread.sleep(100_000);
                }
                case "write" -> {
                    lock.writeLock().lock();
                    say("writes");
                    Thread.sleep(100_000);
                }
                case "mix" -> {
                    mix(lock, LockPeer.counter(Path.of(arguments[2])), 4, 3000);
                    say("end");
                }
                case "points" -> points(lock, LockPeer.counter(Path.of(arguments[2])));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** Threads of which one of four writes; who reads sees two words that are equal. */
    static void mix(SharedReadWriteLock lock, MemorySegment words, int threads, int count)
            throws InterruptedException {
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            boolean writes = i == 0;
            Runnable body =
                    () -> {
                        for (int n = 0; n < count; n++) {
                            if (writes) {
                                write(lock, words);
                            } else {
                                read(lock, words);
                            }
                        }
                    };
            all[i] = i % 2 == 0 ? Thread.startVirtualThread(body) : Thread.ofPlatform().start(body);
        }
        for (Thread each : all) {
            each.join();
        }
    }

    static void write(SharedReadWriteLock lock, MemorySegment words) {
        lock.writeLock().lock();
        try {
            if (lock.recovered()) {
                words.set(ValueLayout.JAVA_LONG, 8, words.get(ValueLayout.JAVA_LONG, 0));
                lock.markConsistent();
            }
            words.set(ValueLayout.JAVA_LONG, 0, words.get(ValueLayout.JAVA_LONG, 0) + 1);
            words.set(ValueLayout.JAVA_LONG, 8, words.get(ValueLayout.JAVA_LONG, 8) + 1);
        } finally {
            lock.writeLock().unlock();
        }
    }

    static void read(SharedReadWriteLock lock, MemorySegment words) {
        lock.readLock().lock();
        try {
            long first = words.get(ValueLayout.JAVA_LONG, 0);
            long second = words.get(ValueLayout.JAVA_LONG, 8);
            if (first != second && !lock.recovered()) {
                say("torn " + first + " " + second);
                throw new AssertionError("torn: " + first + ", " + second);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** A way that passes every store. */
    private static void points(SharedReadWriteLock lock, MemorySegment words) throws Exception {
        read(lock, words);
        write(lock, words);
        lock.readLock().lock();
        Thread writer = Thread.ofPlatform().start(() -> write(lock, words));
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        Thread reader = Thread.ofPlatform().start(() -> read(lock, words));
        while (lock.waiters().size() < 2) {
            Thread.sleep(1);
        }
        lock.readLock().unlock();
        writer.join();
        reader.join();
        lock.writeLock().lock();
        writer = Thread.ofPlatform().start(() -> write(lock, words));
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        reader = Thread.ofPlatform().start(() -> read(lock, words));
        while (lock.waiters().size() < 2) {
            Thread.sleep(1);
        }
        lock.writeLock().unlock();
        writer.join();
        reader.join();
    }
}
