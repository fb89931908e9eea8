// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.TimedOut;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A child JVM that runs lambdas.
 *
 * <pre>{@code
 * try (Worker worker = Worker.start()) {
 *     long n = 1_000_000;
 *     long sum = worker.run(() -> LongStream.range(0, n).sum());
 * }
 * }</pre>
 *
 * <p>The child has this JVM's program, class path or modules, environment, directory, standard
 * input, output and error, and a heap of its own. It runs its tasks one after the other in its main
 * thread. A task takes with it what it captures: values as copies; handles with a name by their
 * name; ends of pipes and sockets without one as descriptors, whereby this process's copy is closed
 * when {@code run}, {@code async} or {@code start} has taken the task, unless {@code keep()} was
 * called on it. {@code main} is not run again, and classes that only this JVM has (a script's, a
 * REPL's) are fetched from it.
 *
 * <p>When the child dies, whatever it had not finished fails with {@link WorkerDied}; a task's
 * exception is thrown here as {@link TaskFailed}. The child never outlives this process: it halts
 * when this one is gone, and is ended when this one shuts down. A task that ends the child ({@code
 * System.exit}) ends it for all others that wait. What a task leaves in static fields, and handles
 * that it captured and did not close, stay in the child for the tasks after it.
 *
 * <p>The child has a process group of its own: Ctrl-C reaches this process, which ends its children
 * in order, and only this process may read from the terminal. Without native access (or with a C
 * library older than glibc 2.34) it shares the group, and no descriptors can be captured.
 *
 * <p>Any thread may call any method. A start costs 50 to 100 ms of CPU; not more children start at
 * the same time than there are cores, so {@code start} may wait for others. Results and exceptions
 * from the child pass a filter ({@link WorkerOptions#withAllowed}).
 */
public sealed class Worker implements Waitable, AutoCloseable permits Job {
    private final Conversation conversation;

    Worker(Conversation conversation) {
        this.conversation = conversation;
    }

    /**
     * Starts a child that waits for tasks.
     *
     * @return the worker
     * @throws dev.kith.IpcException if no process can be started
     */
    public static Worker start() {
        return start(WorkerOptions.defaults());
    }

    /**
     * Starts a child that waits for tasks.
     *
     * @param options how to start it
     * @return the worker
     * @throws dev.kith.IpcException if no process can be started
     */
    public static Worker start(WorkerOptions options) {
        return new Worker(Children.start(options, false));
    }

    /**
     * Starts a child for one task, after which it ends.
     *
     * @param <T> the type of the task's value
     * @param task what it does
     * @return the worker, from which the value can be had
     * @throws IllegalArgumentException if the task captures something that cannot travel
     * @throws dev.kith.IpcException if no process can be started
     */
    public static <T> Job<T> start(Task<T> task) {
        return Job.start(Closure.of(task), WorkerOptions.defaults());
    }

    /**
     * Starts a child for one task, after which it ends.
     *
     * @param <T> the type of the task's value
     * @param task what it does
     * @param options how to start it
     * @return the worker, from which the value can be had
     * @throws IllegalArgumentException if the task captures something that cannot travel
     * @throws dev.kith.IpcException if no process can be started
     */
    public static <T> Job<T> start(Task<T> task, WorkerOptions options) {
        return Job.start(Closure.of(task), options);
    }

    /**
     * Starts a child for one action, after which it ends.
     *
     * @param action what it does
     * @return the worker
     * @throws IllegalArgumentException if the action captures something that cannot travel
     * @throws dev.kith.IpcException if no process can be started
     */
    public static Job<Void> start(Action action) {
        return Job.start(Closure.of(action), WorkerOptions.defaults());
    }

    /**
     * Starts a child for one action, after which it ends.
     *
     * @param action what it does
     * @param options how to start it
     * @return the worker
     * @throws IllegalArgumentException if the action captures something that cannot travel
     * @throws dev.kith.IpcException if no process can be started
     */
    public static Job<Void> start(Action action, WorkerOptions options) {
        return Job.start(Closure.of(action), options);
    }

    /**
     * Runs a task in the child and waits for its value. An interrupt of the calling thread is
     * passed on to the task.
     *
     * @param <T> the type of the value
     * @param task what to do
     * @return the value
     * @throws TaskFailed if the task threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the task was done
     * @throws dev.kith.Closed if the worker was told to end
     * @throws IllegalArgumentException if the task captures something that cannot travel
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public <T> T run(Task<T> task) throws InterruptedException {
        return await(conversation.submit(Closure.of(task)));
    }

    /**
     * Runs a task in the child and waits a limited time for its value. A task that is not done by
     * then is interrupted.
     *
     * @param <T> the type of the value
     * @param task what to do
     * @param timeout how long to wait at most
     * @return the value
     * @throws dev.kith.TimedOut if the task was not done in time
     * @throws TaskFailed if the task threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the task was done
     * @throws dev.kith.Closed if the worker was told to end
     * @throws IllegalArgumentException if the task captures something that cannot travel
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public <T> T run(Task<T> task, Duration timeout) throws InterruptedException {
        return await(conversation.submit(Closure.of(task)), timeout);
    }

    /**
     * Runs an action in the child and waits until it is done. An interrupt of the calling thread is
     * passed on to the action.
     *
     * @param action what to do
     * @throws TaskFailed if the action threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the action was done
     * @throws dev.kith.Closed if the worker was told to end
     * @throws IllegalArgumentException if the action captures something that cannot travel
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public void run(Action action) throws InterruptedException {
        await(conversation.submit(Closure.of(action)));
    }

    /**
     * Runs an action in the child and waits a limited time. An action that is not done by then is
     * interrupted.
     *
     * @param action what to do
     * @param timeout how long to wait at most
     * @throws dev.kith.TimedOut if the action was not done in time
     * @throws TaskFailed if the action threw an exception, which is the cause
     * @throws WorkerDied if the child ended before the action was done
     * @throws dev.kith.Closed if the worker was told to end
     * @throws IllegalArgumentException if the action captures something that cannot travel
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public void run(Action action, Duration timeout) throws InterruptedException {
        await(conversation.submit(Closure.of(action)), timeout);
    }

    /**
     * Gives the child a task, after those that it has already.
     *
     * @param <T> the type of the value
     * @param task what to do
     * @return the value to come, or {@link TaskFailed} or {@link WorkerDied}; to cancel it
     *     interrupts the task
     * @throws dev.kith.Closed if the worker was told to end
     * @throws IllegalArgumentException if the task captures something that cannot travel
     */
    public <T> CompletableFuture<T> async(Task<T> task) {
        return conversation.<T>submit(Closure.of(task)).future();
    }

    /**
     * Gives the child an action, after what it has already.
     *
     * @param action what to do
     * @return completed when it is done, or with {@link TaskFailed} or {@link WorkerDied}; to
     *     cancel it interrupts the action
     * @throws dev.kith.Closed if the worker was told to end
     * @throws IllegalArgumentException if the action captures something that cannot travel
     */
    public CompletableFuture<Void> async(Action action) {
        return conversation.<Void>submit(Closure.of(action)).future();
    }

    /**
     * The process id of the child.
     *
     * @return the id, which the kernel may give to another process when the child has ended
     */
    public long pid() {
        return conversation.child().pid();
    }

    /**
     * The name that the options gave.
     *
     * @return the name
     */
    public String name() {
        return conversation.options().name();
    }

    /**
     * Whether the child runs.
     *
     * @return false once it has ended and its last answer was read
     */
    public boolean isAlive() {
        return conversation.status().isEmpty();
    }

    /**
     * How the child ended.
     *
     * @return its exit code or signal; empty while it runs
     */
    public Optional<ExitStatus> exitStatus() {
        return conversation.status();
    }

    /**
     * The child's end, to be waited for or to be followed by something.
     *
     * @return completed when the child has ended
     */
    public CompletableFuture<ExitStatus> onExit() {
        return conversation.ended().copy();
    }

    /**
     * Waits until the child has ended. A worker that nobody told to end goes on waiting for tasks.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void join() throws InterruptedException {
        awaitEnd(Duration.ofSeconds(Long.MAX_VALUE));
    }

    /**
     * Waits until the child has ended, for a limited time.
     *
     * @param timeout how long to wait at most
     * @return whether it has ended
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return awaitEnd(timeout);
    }

    /**
     * Lets the child end when it has done the tasks that it was given; returns at once. It takes no
     * more.
     */
    public void shutdown() {
        conversation.end();
    }

    /**
     * Ends the child: asks it to end after its tasks, then interrupts the task that runs, then
     * sends SIGTERM, then SIGKILL; each step waits for the grace of {@link
     * WorkerOptions#stopGrace()} before the next one is taken. A child without a task ends at the
     * first.
     *
     * @return how it ended
     * @throws InterruptedException if the thread was interrupted; the child goes on with the step
     *     taken last
     */
    public ExitStatus stop() throws InterruptedException {
        Duration grace = conversation.options().stopGrace();
        conversation.end();
        if (!awaitEnd(grace)) {
            conversation.cancel(-1);
            if (!awaitEnd(grace)) {
                conversation.terminate();
                if (!awaitEnd(grace)) {
                    kill();
                }
            }
        }
        awaitEnd(Duration.ofSeconds(Long.MAX_VALUE));
        return conversation.ended().join();
    }

    /**
     * Ends the child at once, with what it has started in its process group: SIGKILL. Does not
     * wait.
     */
    public void kill() {
        conversation.child().kill();
    }

    /**
     * Ends the child as {@link #stop()} does; if the thread is interrupted meanwhile, as {@link
     * #kill()}.
     */
    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException inAHurry) {
            kill();
            conversation.ended().join();
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the child has ended. */
    @Override
    public boolean isReady() {
        return conversation.status().isPresent();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        Object key = new Object();
        conversation.wakes().put(key, wake);
        if (isReady()) {
            wake.run();
        }
        return () -> conversation.wakes().remove(key);
    }

    @Override
    public String toString() {
        return conversation + exitStatus().map(status -> ": " + status).orElse("");
    }

    private boolean awaitEnd(Duration timeout) throws InterruptedException {
        try {
            conversation.ended().get(Deadline.nanos(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException passed) {
            return false;
        } catch (ExecutionException neverCompletedSo) {
            throw new AssertionError(neverCompletedSo);
        }
    }

    private static <T> T await(Call<T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel();
            throw e;
        }
    }

    private static <T> T await(Call<T> call, Duration timeout) throws InterruptedException {
        try {
            return call.get(timeout);
        } catch (InterruptedException | TimedOut e) {
            call.cancel();
            throw e;
        }
    }
}
