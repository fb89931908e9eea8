// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The other process of the locks' tests. */
final class LockPeer {
    private LockPeer() {}

    public static void main(String[] arguments) throws Exception {
        try (SharedLock lock = SharedLock.open(arguments[1])) {
            switch (arguments[0]) {
                case "count" ->
                        count(
                                lock,
                                counter(Path.of(arguments[2])),
                                Integer.parseInt(arguments[3]),
                                Integer.parseInt(arguments[4]));
                case "hold" -> {
                    lock.lock();
                    say("held " + Thread.currentThread().threadId());
                    Thread.sleep(100_000);
                }
                case "wait" -> {
                    say("ready");
                    lock.lock();
                    say("locked " + lock.recovered());
                    lock.unlock();
                }
                case "await" -> {
                    lock.lock();
                    say("ready");
                    SharedCondition condition = lock.condition(arguments[2]);
                    condition.await();
                    say("told");
                    lock.unlock();
                }
                case "points" -> points(lock, counter(Path.of(arguments[2])));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** Two words of a file that everybody maps: they are equal whenever nobody holds the lock. */
    static MemorySegment counter(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, 16, Arena.global());
        }
    }

    /** Neither load nor store is atomic with the other: only the lock makes them so. */
    static void increment(SharedLock lock, MemorySegment counter) {
        if (lock.recovered()) {
            counter.set(ValueLayout.JAVA_LONG, 8, counter.get(ValueLayout.JAVA_LONG, 0));
            lock.markConsistent();
        }
        counter.set(ValueLayout.JAVA_LONG, 0, counter.get(ValueLayout.JAVA_LONG, 0) + 1);
        counter.set(ValueLayout.JAVA_LONG, 8, counter.get(ValueLayout.JAVA_LONG, 8) + 1);
    }

    private static void count(SharedLock lock, MemorySegment counter, int threads, int times)
            throws InterruptedException {
        say("ready");
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Runnable body =
                    () -> {
                        for (int n = 0; n < times; n++) {
                            lock.lock();
                            try {
                                increment(lock, counter);
                            } finally {
                                lock.unlock();
                            }
                        }
                    };
            all.add(i % 2 == 0 ? Thread.startVirtualThread(body) : Thread.ofPlatform().start(body));
        }
        for (Thread each : all) {
            each.join();
        }
        say("end");
    }

    /** A way that passes every store of locks and conditions. */
    private static void points(SharedLock lock, MemorySegment counter) throws Exception {
        for (int i = 0; i < 3; i++) {
            lock.lock();
            increment(lock, counter);
            lock.unlock();
        }
        lock.lock();
        Thread waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            lock.lock();
                            increment(lock, counter);
                            lock.condition("points").signal();
                            lock.unlock();
                        });
        lock.condition("points").await();
        increment(lock, counter);
        lock.unlock();
        waiter.join();
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
