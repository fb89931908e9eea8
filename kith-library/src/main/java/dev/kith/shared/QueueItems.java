// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.codec.Codec;
import dev.kith.memory.Parking;
import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;

/**
 * The items of a {@link SharedQueue}, as far as nobody waits: what it has of a {@link
 * java.util.Collection}.
 *
 * @param <E> the type of the items
 */
abstract class QueueItems<E> extends AbstractQueue<E> implements BlockingQueue<E> {
    private final QueueCore core;
    private final Codec<E> codec;
    private final Item.Pool items = new Item.Pool();
    private final Unfinished unfinished = new Unfinished();

    QueueItems(QueueCore core, Codec<E> codec) {
        this.core = core;
        this.codec = codec;
    }

    /**
     * Puts an item if there is room now.
     *
     * @param item not null
     * @return false if there is none
     * @throws NullPointerException if it is null: {@link SharedQueue#end()} tells that there are no
     *     more
     * @throws dev.kith.IpcException if it cannot be encoded, or is longer than the whole queue
     * @throws ShutDown if the queue was shut down
     */
    @Override
    public boolean offer(E item) {
        Item written = written(item, 0);
        try {
            return core.putter().offer(written);
        } finally {
            items.giveBack(written);
        }
    }

    /**
     * Takes the next item if there is one now.
     *
     * @return null if there is none
     * @throws Ended if the mark of an end was next; it is taken
     * @throws ShutDown if the queue was shut down, and has no more items
     */
    @Override
    public E poll() {
        Item item = items.get();
        try {
            return core.taker().poll(item, core.isJoinable(), true) ? taken(item) : null;
        } finally {
            items.giveBack(item);
        }
    }

    /**
     * Reads the next item and leaves it.
     *
     * @return null if there is none, or the mark of an end is next
     */
    @Override
    public E peek() {
        Item item = items.get();
        try {
            return core.peek(item) && !item.isEnd() ? decoded(item) : null;
        } finally {
            items.giveBack(item);
        }
    }

    /**
     * Reads the next items and leaves them.
     *
     * @param most how many at the most
     * @return in the order in which they would be taken, without the marks of ends
     */
    public List<E> peek(int most) {
        return core.peek(most).stream().filter(each -> !each.isEnd()).map(this::decoded).toList();
    }

    /**
     * How many items wait, at the moment of the call. Those on lease do not, but a mark of {@link
     * SharedQueue#end()} does.
     *
     * @return the number
     */
    @Override
    public int size() {
        return core.size();
    }

    /**
     * Whether nothing waits, at the moment of the call: false from when a put has returned until
     * the item is taken.
     *
     * @return true if so
     */
    @Override
    public boolean isEmpty() {
        return core.size() == 0;
    }

    /**
     * How many items of up to 40 bytes there is room for, at the moment of the call. Longer ones
     * take more of it, see {@link QueueOption#capacityBytes}.
     *
     * @return the number
     */
    @Override
    public int remainingCapacity() {
        return core.remaining();
    }

    /**
     * The items that wait at the moment of the call, in the order in which they would be taken.
     * They are copied for that, while nobody can take; what happens later is not seen. {@code
     * contains}, {@code toArray}, {@code stream} and their like go by this. Nothing can be removed
     * by it, so {@code remove(Object)} is refused if there is such an item.
     *
     * @return without the marks of ends
     */
    @Override
    public Iterator<E> iterator() {
        Iterator<Item> all =
                core.peek(Integer.MAX_VALUE).stream().filter(i -> !i.isEnd()).iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public E next() {
                return decoded(all.next());
            }

            @Override
            public void remove() {
                throw new UnsupportedOperationException(
                        core + ": does not remove from the middle; take the items before it");
            }
        };
    }

    /** Drops all that waits, marks of ends as well. What is on lease stays so. */
    @Override
    public void clear() {
        core.taker().clear();
    }

    /**
     * Takes all items that there are now.
     *
     * @param target where to put them
     * @return how many they were
     * @throws Ended if the mark of an end was the first; it is taken
     * @throws ShutDown if the queue was shut down, and had no more items
     */
    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    /**
     * Takes the items that there are now, up to the mark of an end, which is left unless it is the
     * first.
     *
     * @param target where to put them
     * @param most how many at the most
     * @return how many they were
     * @throws Ended if the mark of an end was the first; it is taken
     * @throws ShutDown if the queue was shut down, and had no more items
     */
    @Override
    public int drainTo(Collection<? super E> target, int most) {
        Objects.requireNonNull(target, "target");
        if (target == this) {
            throw new IllegalArgumentException("drainTo: a queue cannot be drained to itself");
        }
        int count = 0;
        Item item = items.get();
        try {
            while (count < most && core.taker().poll(item, core.isJoinable(), count == 0)) {
                target.add(taken(item));
                count++;
            }
        } catch (ShutDown down) {
            if (count == 0) {
                throw down;
            }
        } finally {
            items.giveBack(item);
        }
        return count;
    }

    /**
     * Says of an item that was taken from a {@linkplain QueueOption#joinable() joinable} queue that
     * it is done with: of those that this thread has taken by this handle the first, or, if it has
     * none, of those of the handle.
     *
     * @throws IllegalStateException if there is none, or the queue is not joinable
     */
    public void taskDone() {
        int cell = core.isJoinable() ? unfinished.remove() : -1;
        if (cell < 0 || !core.taker().end(cell, true)) {
            throw new IllegalStateException(
                    "taskDone of "
                            + this
                            + (core.isJoinable()
                                    ? ": called more often than items were taken by this handle"
                                    : ": it was not made with QueueOption.joinable()"));
        }
    }

    /**
     * Lets nobody put any more, in no process, for ever. Who waits for room, and who puts later,
     * gets {@link ShutDown}; who takes does when no items are left. Python's {@code
     * Queue.shutdown}.
     */
    public void shutdown() {
        core.shutdown(false);
    }

    /**
     * Lets nobody put any more, see {@link #shutdown()}.
     *
     * @param immediate whether to drop what waits, so that nobody takes any more either; what is on
     *     lease can be acknowledged, and is not delivered again
     */
    public void shutdown(boolean immediate) {
        core.shutdown(immediate);
    }

    /**
     * Whether some process has called {@link #shutdown()}.
     *
     * @return true if so
     */
    public boolean isShutdown() {
        return core.isShutDown();
    }

    /**
     * How many items may wait at once.
     *
     * @return {@link Integer#MAX_VALUE} if only the bytes are limited
     */
    public int capacity() {
        return core.limit();
    }

    /**
     * How many bytes an item may have, encoded.
     *
     * @return bytes: all of the queue but 24
     */
    public int maxItemBytes() {
        return core.longest();
    }

    /**
     * Who waits, in all processes: for items, for room, or for its end.
     *
     * @return in the order in which they came
     */
    public List<LockWaiter> waiters() {
        return core.waiters();
    }

    final QueueCore core() {
        return core;
    }

    final Codec<E> codec() {
        return codec;
    }

    /** An item with the bytes of a value, to be given back. */
    final Item written(E value, int priority) {
        if (value == null) {
            throw new NullPointerException("null is no item: end() tells that there are no more");
        }
        Item item = items.get();
        try {
            long length = codec.encode(value, item.bytes, 0, item.bytes.byteSize());
            while (length > item.bytes.byteSize()) {
                if (length > core.longest()) {
                    throw core.tooLarge(length);
                }
                item.ensure(length);
                length = codec.encode(value, item.bytes, 0, item.bytes.byteSize());
            }
            item.length = (int) length;
            item.flags = 0;
            item.priority = priority;
            return item;
        } catch (RuntimeException | Error failed) {
            items.giveBack(item);
            throw failed;
        }
    }

    /** Puts what was written, and gives it back. */
    final boolean put(Item written, long deadline) throws InterruptedException {
        try {
            return core.putter().put(written, deadline);
        } finally {
            items.giveBack(written);
        }
    }

    /** Takes an item, waiting for it; null if the time has passed. */
    final E takenBefore(long deadline) throws InterruptedException {
        Item item = items.get();
        try {
            return core.taker().take(item, core.isJoinable(), deadline) ? taken(item) : null;
        } finally {
            items.giveBack(item);
        }
    }

    /** The value of an item that was taken. */
    private E taken(Item item) {
        E value = value(item, core.isJoinable());
        if (core.isJoinable()) {
            unfinished.add(item.cell);
        }
        return value;
    }

    /** The value; what cannot be read is taken all the same, and not delivered again. */
    private E value(Item item, boolean leased) {
        if (item.isEnd()) {
            throw new Ended("take from " + core + ": the stream has ended");
        }
        try {
            return decoded(item);
        } catch (RuntimeException | Error undecodable) {
            if (leased) {
                core.taker().end(item.cell, true);
            }
            throw undecodable;
        }
    }

    /** The mark of an end, to be given back. */
    final Item mark(int takers) {
        if (takers < 1) {
            throw new IllegalArgumentException("end: takers=" + takers + ", least=1");
        }
        Item item = items.get();
        item.end(takers);
        return item;
    }

    /** Takes an item on lease, waiting for it; null if the time has passed. */
    final Lease<E> leasedBefore(long deadline) throws InterruptedException {
        Item item = items.get();
        try {
            return core.taker().take(item, true, deadline)
                    ? new Lease<>(core, value(item, true), item)
                    : null;
        } finally {
            items.giveBack(item);
        }
    }

    /** Refuses priorities where there are none. */
    final void checkPriority(int priority) {
        if (!core.isByPriority()) {
            throw new UnsupportedOperationException(
                    "put into "
                            + this
                            + " with priority="
                            + priority
                            + ": it is in the order of the puts; make it with"
                            + " QueueOption.byPriority()");
        }
    }

    private E decoded(Item item) {
        return codec.decode(item.bytes, 0, item.length);
    }

    /** The deadline of a time-out in nanoseconds. */
    static long deadline(long nanos) {
        return Parking.deadline(Duration.ofNanos(nanos));
    }
}
