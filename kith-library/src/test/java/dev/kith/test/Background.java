// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

/** A thread of a test, with its failure. */
public final class Background {
    private final Thread thread;
    private volatile Throwable failure;

    /** Something that may throw. */
    public interface Step {
        void run() throws Exception;
    }

    private Background(boolean virtual, Step step) {
        Runnable body =
                () -> {
                    try {
                        step.run();
                    } catch (Throwable thrown) {
                        failure = thrown;
                    }
                };
        thread =
                virtual
                        ? Thread.ofVirtual().unstarted(body)
                        : Thread.ofPlatform().daemon().unstarted(body);
        thread.start();
    }

    public static Background run(Step step) {
        return new Background(false, step);
    }

    public static Background run(boolean virtual, Step step) {
        return new Background(virtual, step);
    }

    public Thread thread() {
        return thread;
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Gives the thread the time to block in the kernel, where its state does not tell. */
    public void awaitBlocked() throws InterruptedException {
        Thread.sleep(60);
    }

    /** Waits for the end; what it threw, or null. */
    public Throwable failure() throws InterruptedException {
        thread.join();
        return failure;
    }

    /** Waits for an end without failure. */
    public void join() throws InterruptedException {
        Throwable thrown = failure();
        if (thrown != null) {
            throw new AssertionError("in " + thread, thrown);
        }
    }
}
