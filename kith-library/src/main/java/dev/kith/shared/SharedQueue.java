// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.Waitable;
import dev.kith.codec.Codec;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A {@link java.util.concurrent.BlockingQueue} of many processes: what threads of any of them put,
 * threads of any of them take, each item once, in the order in which they were put.
 *
 * <pre>{@code
 * try (SharedQueue<Job> jobs = SharedQueue.create("jobs");
 *         Worker worker = Worker.start(() -> jobs.takeEach(Job::run))) {
 *     jobs.put(new Job("a.png"));
 *     jobs.put(new Job("b.png"));
 *     jobs.end();
 *     worker.join();
 *     jobs.unlink();
 * }
 * }</pre>
 *
 * <p>An item is encoded by who puts it, in the call, which throws if that cannot be done. When the
 * call returns, the item is in the shared memory: its process may end or be killed, and the queue
 * is not empty for anybody. A process that is killed in the middle of any call has put, or taken,
 * one item or none, and holds nobody up. {@code null} is no item: {@link #end()} tells that there
 * are no more.
 *
 * <p>What {@link #take()} returns is the taker's, and is gone if he dies. To be sure that it is
 * dealt with, take it on {@linkplain #lease() lease}, or by {@link #takeEach}, or make the queue
 * {@linkplain QueueOption#joinable() joinable}: then it is delivered again, before all others, if
 * the process ends or closes its handle before the item was acknowledged.
 *
 * <p>The queue has a name in /dev/shm, or is a file, and then stays with its items until it is
 * unlinked; or it is anonymous, and is gone with the last process that has it. It is for this user
 * alone (0600). 64 handles can be open at once in all processes, and 256 threads wait. To put and
 * to take make no system call unless somebody sleeps; who waits spins for 25 microseconds at the
 * most, and then sleeps.
 *
 * <p>Any thread may call any method; those that wait can be interrupted, and throw {@link
 * dev.kith.Closed} when the handle is closed. The handle can be serialised if its codec can.
 *
 * @param <E> the type of the items
 */
public final class SharedQueue<E> extends QueueItems<E>
        implements Named, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private SharedQueue(QueueCore core, Codec<E> codec) {
        super(core, codec);
    }

    /**
     * Makes a queue in shared memory of items of any type, see {@link Codec#objects()}.
     *
     * @param <E> the type of the items
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param options how it is
     * @return the queue, empty
     * @throws dev.kith.AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static <E> SharedQueue<E> create(String name, QueueOption... options) {
        return create(name, Codec.objects(), options);
    }

    /**
     * Makes a queue in shared memory.
     *
     * @param <E> the type of the items
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param codec writes and reads the items; the same one in all processes
     * @param options how it is
     * @return the queue, empty
     * @throws dev.kith.AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static <E> SharedQueue<E> create(String name, Codec<E> codec, QueueOption... options) {
        return of(codec, () -> QueueCore.KIND.create(Place.shm(name), QueueOptions.plan(options)));
    }

    /**
     * Makes a queue in a file.
     *
     * @param <E> the type of the items
     * @param path where; nothing may be there yet
     * @param codec writes and reads the items; the same one in all processes
     * @param options how it is
     * @return the queue, empty
     * @throws dev.kith.AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static <E> SharedQueue<E> create(Path path, Codec<E> codec, QueueOption... options) {
        return of(codec, () -> QueueCore.KIND.create(Place.file(path), QueueOptions.plan(options)));
    }

    /**
     * Makes a queue without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param <E> the type of the items
     * @param codec writes and reads the items
     * @param options how it is
     * @return the queue, empty; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static <E> SharedQueue<E> anonymous(Codec<E> codec, QueueOption... options) {
        return of(codec, () -> QueueCore.KIND.anonymous(QueueOptions.plan(options)));
    }

    /**
     * Opens a queue in shared memory of items of any type, see {@link Codec#objects()}.
     *
     * @param <E> the type of the items
     * @param name of the object in /dev/shm
     * @return the queue
     * @throws dev.kith.NotFound if there is none of that name
     * @throws dev.kith.Broken if it is something else, or damaged
     */
    public static <E> SharedQueue<E> open(String name) {
        return open(name, Codec.objects());
    }

    /**
     * Opens a queue in shared memory.
     *
     * @param <E> the type of the items
     * @param name of the object in /dev/shm
     * @param codec writes and reads the items; the same one in all processes
     * @return the queue
     * @throws dev.kith.NotFound if there is none of that name
     * @throws dev.kith.Broken if it is something else, or damaged
     */
    public static <E> SharedQueue<E> open(String name, Codec<E> codec) {
        return of(codec, () -> QueueCore.KIND.open(Place.shm(name)));
    }

    /**
     * Opens a queue in a file.
     *
     * @param <E> the type of the items
     * @param path where it is
     * @param codec writes and reads the items; the same one in all processes
     * @return the queue
     * @throws dev.kith.NotFound if there is no such file
     * @throws dev.kith.Broken if it is something else, or damaged
     */
    public static <E> SharedQueue<E> open(Path path, Codec<E> codec) {
        return of(codec, () -> QueueCore.KIND.open(Place.file(path)));
    }

    /**
     * Opens a queue in shared memory of items of any type, made if there is none.
     *
     * @param <E> the type of the items
     * @param name of the object in /dev/shm
     * @param options how it is
     * @return the queue
     * @throws dev.kith.AlreadyExists if there is one that is otherwise
     * @throws dev.kith.Broken if there is something else, or it is damaged
     */
    public static <E> SharedQueue<E> openOrCreate(String name, QueueOption... options) {
        return openOrCreate(name, Codec.objects(), options);
    }

    /**
     * Opens a queue in shared memory, made if there is none.
     *
     * @param <E> the type of the items
     * @param name of the object in /dev/shm
     * @param codec writes and reads the items; the same one in all processes
     * @param options how it is
     * @return the queue
     * @throws dev.kith.AlreadyExists if there is one that is otherwise
     * @throws dev.kith.Broken if there is something else, or it is damaged
     */
    public static <E> SharedQueue<E> openOrCreate(
            String name, Codec<E> codec, QueueOption... options) {
        return of(
                codec,
                () -> QueueCore.KIND.openOrCreate(Place.shm(name), QueueOptions.plan(options)));
    }

    /**
     * Opens a queue in a file, made if there is none.
     *
     * @param <E> the type of the items
     * @param path where it is or shall be
     * @param codec writes and reads the items; the same one in all processes
     * @param options how it is
     * @return the queue
     * @throws dev.kith.AlreadyExists if there is one that is otherwise
     * @throws dev.kith.Broken if there is something else, or it is damaged
     */
    public static <E> SharedQueue<E> openOrCreate(
            Path path, Codec<E> codec, QueueOption... options) {
        return of(
                codec,
                () -> QueueCore.KIND.openOrCreate(Place.file(path), QueueOptions.plan(options)));
    }

    /**
     * The same handle for items of another codec: closing one closes both.
     *
     * @param <F> the type of the items
     * @param codec writes and reads them
     * @return the queue; what is taken by it is {@linkplain #taskDone() done} by it, too
     */
    public <F> SharedQueue<F> withCodec(Codec<F> codec) {
        return of(codec, this::core);
    }

    /**
     * Puts an item, waiting for room.
     *
     * @param item not null
     * @throws NullPointerException if it is null: {@link #end()} tells that there are no more
     * @throws IpcException if it cannot be encoded, or is longer than the whole queue
     * @throws ShutDown if the queue was shut down
     */
    @Override
    public void put(E item) throws InterruptedException {
        put(written(item, 0), Parking.FOREVER);
    }

    /**
     * Puts an item that has a priority, waiting for room.
     *
     * @param item not null
     * @param priority the highest is taken first; those without have 0
     * @throws InterruptedException if the thread was interrupted; nothing was put
     * @throws UnsupportedOperationException if the queue is not {@link QueueOption#byPriority()}
     * @throws ShutDown if the queue was shut down
     */
    public void put(E item, int priority) throws InterruptedException {
        checkPriority(priority);
        put(written(item, priority), Parking.FOREVER);
    }

    /**
     * Puts an item, waiting for room for some time.
     *
     * @param item not null
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed; nothing was put
     * @throws InterruptedException if the thread was interrupted; nothing was put
     * @throws ShutDown if the queue was shut down
     */
    public boolean offer(E item, Duration timeout) throws InterruptedException {
        return put(written(item, 0), Parking.deadline(timeout));
    }

    /**
     * Puts an item that has a priority, waiting for room for some time.
     *
     * @param item not null
     * @param priority the highest is taken first; those without have 0
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed; nothing was put
     * @throws InterruptedException if the thread was interrupted; nothing was put
     * @throws UnsupportedOperationException if the queue is not {@link QueueOption#byPriority()}
     * @throws ShutDown if the queue was shut down
     */
    public boolean offer(E item, int priority, Duration timeout) throws InterruptedException {
        checkPriority(priority);
        return put(written(item, priority), Parking.deadline(timeout));
    }

    @Override
    public boolean offer(E item, long timeout, TimeUnit unit) throws InterruptedException {
        return put(written(item, 0), deadline(unit.toNanos(timeout)));
    }

    /**
     * Says that there are no more items, for one taker: {@code end(1)}.
     *
     * @throws InterruptedException if the thread was interrupted; nothing was put
     * @throws ShutDown if the queue was shut down
     */
    public void end() throws InterruptedException {
        end(1);
    }

    /**
     * Says that there are no more items, for so many takers: after all items that were put before,
     * each of the next calls of take, poll and their like, so many in all, throws {@link Ended},
     * whichever process they come from. What Python's programs do by {@code put(None)}. Waits for
     * room, of one short item.
     *
     * @param takers how many, at least 1
     * @throws InterruptedException if the thread was interrupted; nothing was put
     * @throws ShutDown if the queue was shut down
     */
    public void end(int takers) throws InterruptedException {
        put(mark(takers), Parking.FOREVER);
    }

    /**
     * Says that there are no more items, see {@link #end(int)}, waiting for room for some time.
     *
     * @param takers how many, at least 1
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed; nothing was put
     * @throws InterruptedException if the thread was interrupted; nothing was put
     * @throws ShutDown if the queue was shut down
     */
    public boolean end(int takers, Duration timeout) throws InterruptedException {
        return put(mark(takers), Parking.deadline(timeout));
    }

    /**
     * Takes the next item, waiting for it.
     *
     * @return the item, never null
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws Ended if the mark of an end was next; it is taken
     * @throws ShutDown if the queue was shut down, and has no more items
     */
    @Override
    public E take() throws InterruptedException {
        return takenBefore(Parking.FOREVER);
    }

    @Override
    public E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return takenBefore(deadline(unit.toNanos(timeout)));
    }

    /**
     * Takes the next item, waiting for it for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return empty if the time has passed
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws Ended if the mark of an end was next; it is taken
     * @throws ShutDown if the queue was shut down, and has no more items
     */
    public Optional<E> poll(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(takenBefore(Parking.deadline(timeout)));
    }

    /**
     * Takes item after item and does something with each, until the mark of an end is taken, or the
     * queue was shut down and has no more. Each is on {@linkplain #lease() lease} until the action
     * returns: if it throws, or the process ends, the item is delivered again.
     *
     * @param action what to do; what it throws is thrown, and the item is given back
     * @throws InterruptedException if the thread was interrupted
     */
    public void takeEach(Consumer<? super E> action) throws InterruptedException {
        for (; ; ) {
            try (Lease<E> lease = lease()) {
                action.accept(lease.value());
                lease.acknowledge();
            } catch (Ended | ShutDown noMore) {
                return;
            }
        }
    }

    /**
     * Takes the next item on lease, waiting for it: it is delivered again unless it is
     * acknowledged.
     *
     * @return the item
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws Ended if the mark of an end was next; it is taken
     * @throws ShutDown if the queue was shut down, and has no more items
     */
    public Lease<E> lease() throws InterruptedException {
        return leasedBefore(Parking.FOREVER);
    }

    /**
     * Takes the next item on lease, waiting for it for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return empty if the time has passed
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws Ended if the mark of an end was next; it is taken
     * @throws ShutDown if the queue was shut down, and has no more items
     */
    public Optional<Lease<E>> lease(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(leasedBefore(Parking.deadline(timeout)));
    }

    /**
     * Waits until everything that was put has been taken, and what was on lease acknowledged.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void join() throws InterruptedException {
        core().taker().join(Parking.FOREVER);
    }

    /**
     * Waits until everything that was put has been taken, and what was on lease acknowledged, for
     * some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return false if the time has passed
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean join(Duration timeout) throws InterruptedException {
        return core().taker().join(Parking.deadline(timeout));
    }

    @Override
    public boolean isReady() {
        return core().taker().isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return core().taker().whenReady(wake);
    }

    @Override
    public String name() {
        return core().name();
    }

    /**
     * Removes the name. Who has it open goes on using it.
     *
     * @throws dev.kith.NotFound if the name is gone already, or another object's by now
     * @throws UnsupportedOperationException if it is anonymous
     */
    @Override
    public void unlink() {
        core().unlink();
    }

    /**
     * Lets go of this handle: calls that wait throw {@link dev.kith.Closed}, and what it has on
     * lease is delivered again. The queue stays, with its items.
     */
    @Override
    public void close() {
        core().letGo();
        core().close();
    }

    @Override
    public String toString() {
        return core().toString();
    }

    private static <E> SharedQueue<E> of(Codec<E> codec, Supplier<QueueCore> maker) {
        Objects.requireNonNull(codec, "codec");
        return new SharedQueue<>(maker.get(), codec);
    }

    private Object writeReplace() throws NotSerializableException {
        if (!(codec() instanceof Serializable)) {
            throw new NotSerializableException(
                    this
                            + " cannot travel with its codec "
                            + codec()
                            + ", which is not Serializable");
        }
        return new Travelling(core(), (Serializable) codec());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a queue travels by its name, or by its descriptor");
    }

    /** A queue on its way to another process. */
    private record Travelling(QueueCore core, Serializable codec) implements Serializable {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unchecked") // the codec of a queue of that type
        private Object readResolve() {
            return new SharedQueue<>(core, (Codec<Object>) codec);
        }
    }
}
