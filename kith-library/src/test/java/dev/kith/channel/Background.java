// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

/** A thread of a test, with its failure. */
final class Background {
    private final Thread thread;
    private volatile Throwable failure;

    /** Something that may throw. */
    interface Step {
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

    static Background run(Step step) {
        return new Background(false, step);
    }

    static Background run(boolean virtual, Step step) {
        return new Background(virtual, step);
    }

    Thread thread() {
        return thread;
    }

    /** Gives the thread the time to block in the kernel, where its state does not tell. */
    void awaitBlocked() throws InterruptedException {
        Thread.sleep(60);
    }

    /** Waits for the end; what it threw, or null. */
    Throwable failure() throws InterruptedException {
        thread.join();
        return failure;
    }

    /** Waits for an end without failure. */
    void join() throws InterruptedException {
        Throwable thrown = failure();
        if (thrown != null) {
            throw new AssertionError("in " + thread, thrown);
        }
    }
}
