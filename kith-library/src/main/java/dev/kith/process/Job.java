// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A child JVM that was started for one task, and ends when that is done.
 *
 * <pre>{@code
 * Job<Integer> job = Worker.start(() -> 6 * 7);
 * int answer = job.result();
 * }</pre>
 *
 * <p>It need not be closed. When its task has returned it exits with code 0, whatever threads the
 * task has left behind.
 *
 * @param <T> the type of the task's value
 */
public final class Job<T> extends Worker {
    private final Call<T> call;

    private Job(Conversation conversation, Call<T> call) {
        super(conversation);
        this.call = call;
    }

    static <T> Job<T> start(Closure closure, WorkerOptions options) {
        Conversation conversation = Children.start(options, true);
        try {
            return new Job<>(conversation, conversation.submit(closure));
        } finally {
            conversation.end();
        }
    }

    /**
     * The task's value; waits for it.
     *
     * @return the value
     * @throws TaskFailed if the task threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the task was done
     * @throws InterruptedException if the thread was interrupted; the task goes on
     */
    public T result() throws InterruptedException {
        return call.get();
    }

    /**
     * The task's value; waits a limited time for it.
     *
     * @param timeout how long to wait at most
     * @return the value
     * @throws dev.kith.TimedOut if the task was not done in time; it goes on
     * @throws TaskFailed if the task threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the task was done
     * @throws InterruptedException if the thread was interrupted; the task goes on
     */
    public T result(Duration timeout) throws InterruptedException {
        return call.get(timeout);
    }

    /**
     * The task's value, to be followed by something.
     *
     * @return the value to come, or {@link TaskFailed} or {@link WorkerDied}; to cancel it
     *     interrupts the task
     */
    public CompletableFuture<T> future() {
        return call.future();
    }

    /**
     * Waits until the child has ended, and throws what its task threw.
     *
     * @throws TaskFailed if the task threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the task was done
     * @throws InterruptedException if the thread was interrupted
     */
    @Override
    public void join() throws InterruptedException {
        super.join();
        result();
    }

    /**
     * Waits until the child has ended, for a limited time, and throws what its task threw.
     *
     * @param timeout how long to wait at most
     * @return whether it has ended
     * @throws TaskFailed if the task threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the task was done
     * @throws InterruptedException if the thread was interrupted
     */
    @Override
    public boolean join(Duration timeout) throws InterruptedException {
        boolean ended = super.join(timeout);
        if (ended) {
            result();
        }
        return ended;
    }
}
