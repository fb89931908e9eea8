// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Takes a blocking call off a virtual thread: a platform thread of ours makes the call, the virtual
 * thread parks. A blocking downcall would hold the carrier, and as many of them as there are cores
 * would stop every virtual thread of the JVM.
 */
public final class Offload {
    private static final ExecutorService THREADS =
            new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    10,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("kith-blocking-", 0).factory());

    private Offload() {}

    /**
     * A call that blocks.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface Call<T> {
        /** Makes the call in a platform thread. */
        T call() throws InterruptedException;
    }

    /** Whether the calling thread must not block in the kernel. */
    public static boolean needed() {
        return Thread.currentThread().isVirtual();
    }

    /**
     * Makes a call in a platform thread. An interrupt of the calling thread interrupts the call; if
     * the call had succeeded by then, its result is returned (a message that was taken is not lost)
     * and the interrupt stays pending.
     */
    public static <T> T call(Call<T> call) throws InterruptedException {
        Running<T> running = new Running<>(call);
        THREADS.execute(running);
        return running.await();
    }

    /** Makes a task run in a platform thread of ours, without waiting for it. */
    public static void start(Runnable task) {
        THREADS.execute(task);
    }

    private static final class Running<T> implements Runnable {
        private final Call<T> call;
        private Thread runner;
        private boolean interrupted;
        private boolean done;
        private T value;
        private Throwable failure;

        Running(Call<T> call) {
            this.call = call;
        }

        @Override
        public void run() {
            synchronized (this) {
                runner = Thread.currentThread();
                if (interrupted) {
                    runner.interrupt();
                }
            }
            T result = null;
            Throwable thrown = null;
            try {
                result = call.call();
            } catch (Throwable any) {
                thrown = any;
            }
            synchronized (this) {
                runner = null;
                value = result;
                failure = thrown;
                done = true;
                notifyAll();
            }
            // An interrupt that came too late is not the next call's.
            Thread.interrupted();
        }

        synchronized T await() throws InterruptedException {
            while (!done) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (runner != null) {
                        runner.interrupt();
                    }
                }
            }
            if (failure instanceof InterruptedException) {
                throw new InterruptedException();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (failure instanceof Error error) {
                throw error;
            }
            return value;
        }
    }
}
