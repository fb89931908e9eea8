// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import java.util.concurrent.Callable;

/** A call in a thread of its own, which is expected to wait. */
final class Call<T> {
    private final Thread thread;
    private volatile T value;
    private volatile Throwable failure;

    /** A call that its thread has not begun. */
    Call(boolean virtual, Callable<T> call) {
        Runnable body =
                () -> {
                    try {
                        value = call.call();
                    } catch (Throwable thrown) {
                        failure = thrown;
                    }
                };
        thread =
                virtual
                        ? Thread.ofVirtual().unstarted(body)
                        : Thread.ofPlatform().daemon().unstarted(body);
    }

    /** Starts the call and gives it the time to begin to wait. */
    static <T> Call<T> start(boolean virtual, Callable<T> call) throws InterruptedException {
        Call<T> started = new Call<>(virtual, call);
        started.thread.start();
        Thread.sleep(80);
        return started;
    }

    Thread thread() {
        return thread;
    }

    boolean isWaiting() {
        return thread.isAlive();
    }

    /** Waits for the end; what it returned. */
    T value() throws InterruptedException {
        thread.join();
        if (failure != null) {
            throw new AssertionError("in " + thread, failure);
        }
        return value;
    }

    /** Waits for the end; what it threw, or null. */
    Throwable failure() throws InterruptedException {
        thread.join();
        return failure;
    }
}
