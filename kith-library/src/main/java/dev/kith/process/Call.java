// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.TimedOut;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Offload;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One task that a child was given.
 *
 * @param worker who has it
 * @param id its number there
 * @param closure what was sent
 * @param answer the frame with the outcome; empty if the child ended without one
 */
record Call<T>(
        Conversation worker, long id, Closure closure, CompletableFuture<Optional<Frame>> answer) {

    /** The value; waits for it. */
    T get() throws InterruptedException {
        try {
            return outcome(answer.get());
        } catch (ExecutionException neverCompletedSo) {
            throw new AssertionError(neverCompletedSo);
        }
    }

    /** The value; waits a limited time. */
    T get(Duration timeout) throws InterruptedException {
        try {
            return outcome(answer.get(Deadline.nanos(timeout), TimeUnit.NANOSECONDS));
        } catch (TimeoutException passed) {
            throw new TimedOut(
                    closure.label() + " in " + worker + " was not done within " + timeout);
        } catch (ExecutionException neverCompletedSo) {
            throw new AssertionError(neverCompletedSo);
        }
    }

    /**
     * The value to come. To cancel it interrupts the task; no thread of Kith's own runs the stages.
     */
    CompletableFuture<T> future() {
        CompletableFuture<T> future = answer.thenApplyAsync(this::outcome, Offload::start);
        future.whenComplete((value, thrown) -> {
            if (future.isCancelled()) {
                cancel();
            }
        });
        return future;
    }

    void cancel() {
        worker.cancel(id);
    }

    private T outcome(Optional<Frame> frame) {
        if (frame.isEmpty()) {
            throw new WorkerDied(
                    worker + " ended before " + closure.label() + " was done: " + worker.obituary(),
                    worker.peer(),
                    worker.status().orElseThrow());
        }
        return OutcomeReader.read(frame.get(), this);
    }
}
