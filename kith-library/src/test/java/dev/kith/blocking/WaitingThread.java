// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.kith.kernel.Signal;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** A thread of a test in a call that is expected to wait. */
final class WaitingThread {
    private static final Path TASKS = Path.of("/proc/self/task");

    private final Thread thread;
    private volatile int tid;
    private volatile long nanos;
    private volatile Boolean value;
    private volatile Throwable failure;

    private WaitingThread(boolean virtual, Callable<Boolean> call) {
        Runnable body =
                () -> {
                    tid = virtual ? 0 : Unistd.gettid();
                    long start = System.nanoTime();
                    try {
                        value = call.call();
                    } catch (Throwable thrown) {
                        failure = thrown;
                    }
                    nanos = System.nanoTime() - start;
                };
        thread =
                virtual
                        ? Thread.ofVirtual().unstarted(body)
                        : Thread.ofPlatform().daemon().unstarted(body);
    }

    static WaitingThread start(boolean virtual, Callable<Boolean> call) {
        WaitingThread started = new WaitingThread(virtual, call);
        started.thread.start();
        return started;
    }

    /** Returns when the thread has been asleep for a little while, or has ended. */
    WaitingThread awaitWaiting() throws InterruptedException {
        awaitWaiting(List.of(this));
        return this;
    }

    /** Returns when all threads have been asleep for a little while, or have ended. */
    static void awaitWaiting(List<WaitingThread> threads) throws InterruptedException {
        for (int asleep = 0; asleep < 3; ) {
            Thread.sleep(3);
            asleep = threads.stream().allMatch(WaitingThread::isAsleepOrDone) ? asleep + 1 : 0;
        }
    }

    boolean isWaiting() {
        return thread.isAlive();
    }

    WaitingThread interrupt() {
        thread.interrupt();
        return this;
    }

    /**
     * Sends the wake-up signal of the library, which nobody meant, to the thread; for a virtual one
     * to all that may make the call for it.
     */
    void signal() throws IOException {
        int process = (int) ProcessHandle.current().pid();
        if (!thread.isVirtual()) {
            Signal.tgkill(process, tid, Caller.WAKE_UP);
            return;
        }
        try (Stream<Path> tasks = Files.list(TASKS)) {
            for (Path task : tasks.toList()) {
                String name = read(task.resolve("comm"));
                if (name.startsWith("kith-blocking") || name.startsWith("ForkJoinPool")) {
                    int number = Integer.parseInt(task.getFileName().toString());
                    Signal.tgkill(process, number, Caller.WAKE_UP);
                }
            }
        }
    }

    /** Waits for the end; what the call returned. */
    boolean value() throws InterruptedException {
        thread.join();
        if (failure != null) {
            throw new AssertionError("the call failed", failure);
        }
        return value;
    }

    /** Waits for the end; what the call threw. */
    Throwable failure() throws InterruptedException {
        thread.join();
        if (failure == null) {
            throw new AssertionError("the call returned " + value);
        }
        return failure;
    }

    /** How long the call took. */
    Duration time() {
        return Duration.ofNanos(nanos);
    }

    private boolean isAsleepOrDone() {
        if (thread.isVirtual() || !thread.isAlive()) {
            return switch (thread.getState()) {
                case WAITING, TIMED_WAITING, TERMINATED -> true;
                default -> false;
            };
        }
        if (tid == 0) {
            return false;
        }
        // A thread in the kernel is RUNNABLE to Java.
        String stat = read(TASKS.resolve(tid + "/stat"));
        return stat.regionMatches(stat.lastIndexOf(')') + 1, " S ", 0, 3);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
