// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.memory.RegionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A queue of bytes: everything of a {@link SharedQueue} but the type of its items. */
final class QueueCore extends SharedObject {
    /*
     * Each operation is one of the store's, with the lock of its side held for as long as the bytes
     * take to be copied. The state word is 0, 1 (shut down: nothing is put any more) or 2 (at once:
     * nothing is taken either), and only grows; who writes it has the lock of who puts, so no item
     * is put once shutdown() has returned.
     *
     * To wait is to take an entry of the wait table, raise the hint of those who wait for the same,
     * and look again. Who puts wakes the one taker that came first, if the hint is up; who takes
     * wakes the one putter that came first. Nobody keeps a wake-up to himself:
     *
     *   who was woken and finds nothing    sleeps again, and was not the only one that could be woken
     *   who leaves the table               wakes the next if there is an item (or room) still
     *   a putter whose item is too long    wakes the one that came after him, who may need less
     *   who dies in between                his death wakes all who sleep in other processes (Watch)
     *   who wants news only (a wait set)   is woken beside the taker, never instead of him
     *
     * The death of somebody who had items on lease is noticed by whoever sleeps, whoever finds the
     * queue empty, and by takers every now and then: the leases of a slot whose party is gone are
     * given back. A slot that gets a new party has its old leases given back by that, before it does
     * anything else. Where the last shutdown was at once, what comes back is dropped.
     *
     * close() must not leave a thread of this process inside: once the slot is another's, its stores
     * would come from a stranger. So each call is counted, who closes says so, wakes all, and waits
     * until the calls are out. One is in the table or in a lock: the first notices `closed` when it
     * wakes, the second has the lock soon; should its owner have been stopped, close() gives up
     * after a second, and the region wakes it.
     */
    static final Kind<QueueCore> KIND = new Kind<>(RegionKind.QUEUE, 256, QueueCore::new);

    private static final long serialVersionUID = 1L;

    /** The state of a queue that takes nothing in; of one that gives nothing out, either. */
    static final int SHUT_DOWN = 1;

    static final int AT_ONCE = 2;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final transient QueueCells cells;
    private final transient QueueStore store;
    private final transient QueueSide putSide;
    private final transient QueueSide takeSide;
    private final transient QueueWaits waits;
    private final transient QueueCalls calls = new QueueCalls(this);
    private final transient QueuePutter putter;
    private final transient QueueTaker taker;
    private final transient long stateAt;
    private final transient int limit;
    private final transient int flags;

    private QueueCore(Opened opened) {
        int count = QueueLayout.cellsOf(opened.shape());
        opened.check(
                QueueLayout.ownBytes(count),
                (long) count * QueueLayout.CELL_BYTES,
                QueueLayout.longest(count));
        long own = opened.own();
        super(opened, slot -> release(opened, slot));
        this.cells = new QueueCells(region(), own);
        this.flags = opened.shape().flags();
        this.limit = cells.getInt(own + QueueLayout.LIMIT);
        if (limit < 1) {
            throw cells.broken("limit", "1 or more", limit);
        }
        if (cells.slots() != Kind.SLOTS) {
            throw cells.broken("slots", "" + Kind.SLOTS, cells.slots());
        }
        this.store =
                isByPriority()
                        ? new PriorityStore(cells, own, limit)
                        : new FifoStore(cells, own, limit);
        this.putSide = side(own + QueueLayout.PUT_LOCK, QueueLayout.FOR_PUT_LOCK, store::repairPut);
        this.takeSide =
                isByPriority()
                        ? putSide
                        : side(
                                own + QueueLayout.TAKE_LOCK,
                                QueueLayout.FOR_TAKE_LOCK,
                                store::repairTake);
        this.waits = new QueueWaits(member(), own);
        this.stateAt = own + QueueLayout.STATE;
        this.putter = new QueuePutter(this, store, putSide);
        this.taker = new QueueTaker(this, cells, store, takeSide);
        taker.giveBackMine();
    }

    QueuePutter putter() {
        return putter;
    }

    QueueTaker taker() {
        return taker;
    }

    void shutdown(boolean atOnce) {
        calls.begin(calls.puts());
        try {
            putSide.lock();
            try {
                cells.setInt(stateAt, Math.max(atOnce ? AT_ONCE : SHUT_DOWN, state()));
                if (atOnce) {
                    discard();
                }
            } finally {
                putSide.unlock();
            }
            waits.wakeAll();
        } catch (InternalError cut) {
            throw region().broken("shutdown", cut);
        } finally {
            calls.end(calls.puts());
        }
    }

    boolean isShutDown() {
        return region().guarded("read", this::state) != 0;
    }

    /** What waits, as it is now, without taking it. */
    List<Item> peek(int most) {
        return taker.locked(() -> {
            List<Item> items = new ArrayList<>();
            for (int first : store.waiting(most)) {
                Item item = new Item();
                cells.read(item, first);
                items.add(item);
            }
            return items;
        });
    }

    /** Reads the next item and leaves it; false if there is none. */
    boolean peek(Item item) {
        return taker.locked(() -> store.peek(item));
    }

    int size() {
        return exact(store::size);
    }

    /** How many short items there is room for. */
    int remaining() {
        return exact(() -> {
            int free = store.freeCells();
            return limit == Integer.MAX_VALUE
                    ? free
                    : Math.clamp((long) limit - store.size(), 0, free);
        });
    }

    int limit() {
        return limit;
    }

    int longest() {
        return QueueLayout.longest(cells.count());
    }

    boolean isJoinable() {
        return (flags & QueueLayout.JOINABLE) != 0;
    }

    boolean isByPriority() {
        return (flags & QueueLayout.BY_PRIORITY) != 0;
    }

    QueueWaits waits() {
        return waits;
    }

    QueueCalls calls() {
        return calls;
    }

    /** 0, {@link #SHUT_DOWN} or {@link #AT_ONCE}. */
    int state() {
        return cells.getInt(stateAt);
    }

    /** Before it is closed: no call is under way any more then, and nothing is on lease. */
    void letGo() {
        if (!calls.close()) {
            return;
        }
        long start = System.nanoTime();
        try {
            while (!calls.areOut() && System.nanoTime() - start < PATIENCE_NANOS) {
                waits.wakeAll();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (calls.areOut()) {
                taker.giveBackMine();
            }
        } catch (Broken | Closed | InternalError lost) {
            // It is damaged, or somebody who was stopped has the lock: who takes finds out.
        }
    }

    void checkLength(int length) {
        if (length > longest()) {
            throw tooLarge(length);
        }
    }

    /** An item that does not fit even when nothing else is there. */
    IpcException tooLarge(long length) {
        return new IpcException(
                "put into "
                        + this
                        + ": message too large: length="
                        + length
                        + ", limit="
                        + longest()
                        + "; make the queue with QueueOption.capacityBytes of more");
    }

    ShutDown shutDown(String call) {
        return new ShutDown(
                call
                        + " of "
                        + this
                        + ": it was shut down"
                        + (state() == AT_ONCE ? " at once" : "")
                        + "; remove it and make it anew for more items");
    }

    @Override
    String parameters() {
        return QueueLayout.text(cells.count(), limit, flags);
    }

    private QueueSide side(long at, int what, Runnable repair) {
        return new QueueSide(new RobustLock(member(), at, what, false), repair);
    }

    private static void release(Opened opened, int slot) {
        RobustLock.release(opened.region(), opened.own() + QueueLayout.PUT_LOCK, slot);
        RobustLock.release(opened.region(), opened.own() + QueueLayout.TAKE_LOCK, slot);
    }

    /** With the lock of who puts. */
    private void discard() {
        if (takeSide == putSide) {
            store.discard();
            return;
        }
        takeSide.lock();
        try {
            store.discard();
        } finally {
            takeSide.unlock();
        }
    }

    /** A number that is right at the moment of the call: by priority that takes the lock. */
    private int exact(Supplier<Integer> number) {
        if (isByPriority()) {
            return taker.locked(number);
        }
        calls.checkOpen();
        return region().guarded("read", number);
    }
}
