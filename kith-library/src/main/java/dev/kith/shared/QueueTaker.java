// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Waitable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The end of a queue where items are taken; see {@link QueueCore} for who wakes whom. */
final class QueueTaker {
    private static final int LOOK_AROUND = 64;
    private static final int NOBODY = -1;

    private final QueueCore core;
    private final QueueCells cells;
    private final QueueStore store;
    private final QueueSide side;
    private final QueueWaits waits;
    private final QueueCalls calls;
    private final BooleanSupplier mayTake = this::mayTake;

    /** The deaths that were known when leases were last given back. */
    private volatile int settledDeaths;

    /** With the lock. */
    private int taken;

    QueueTaker(QueueCore core, QueueCells cells, QueueStore store, QueueSide side) {
        this.core = core;
        this.cells = cells;
        this.store = store;
        this.side = side;
        this.waits = core.waits();
        this.calls = core.calls();
    }

    /** Takes an item, waiting for one; false if the time has passed. */
    boolean take(Item item, boolean lease, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        calls.begin(calls.takes());
        try {
            return mayTake() && takeNow(item, lease, deadline)
                    || waits.takers().spin(mayTake, deadline) && takeNow(item, lease, deadline)
                    || takeLater(item, lease, deadline);
        } catch (InternalError cut) {
            throw core.region().broken("take", cut);
        } finally {
            calls.end(calls.takes());
        }
    }

    /**
     * Takes an item if there is one now.
     *
     * @param endToo whether it may be the mark of an end; if not, that is left
     */
    boolean poll(Item item, boolean lease, boolean endToo) {
        calls.begin(calls.takes());
        try {
            side.lock();
            return takeLocked(item, lease, endToo);
        } catch (InternalError cut) {
            throw core.region().broken("poll", cut);
        } finally {
            calls.end(calls.takes());
        }
    }

    /**
     * Ends the lease of an item; false if this handle has not got it.
     *
     * @param finished whether it is done with; if not, it is delivered again
     */
    boolean end(int cell, boolean finished) {
        boolean had =
                locked(() -> {
                    int slot = core.member().slot();
                    if (cells.mark(cells.check(cell)) != slot + 1) {
                        return false;
                    }
                    if (finished) {
                        store.finish(cell, slot);
                    } else {
                        store.giveBack(cell, slot);
                        dropIfAtOnce();
                    }
                    return true;
                });
        if (had) {
            afterTake();
            wakeForMore(!finished);
        }
        return had;
    }

    /** Waits until nothing waits and nothing is on lease; false if the time has passed. */
    boolean join(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        calls.begin(calls.takes());
        try {
            return isFinished() || joinLater(deadline);
        } catch (InternalError cut) {
            throw core.region().broken("join", cut);
        } finally {
            calls.end(calls.takes());
        }
    }

    /** Whether a take would return or throw at once. */
    boolean isReady() {
        if (!calls.isClosed() && settledDeaths != deaths()) {
            locked(this::giveBackOfTheGone);
        }
        return calls.isClosed() || store.hasItem() || core.state() != 0;
    }

    Waitable.Registration whenReady(Runnable wake) {
        calls.begin(calls.takes());
        try {
            WaitEntry entry = waits.listeners().enter();
            Waitable.Registration told = entry.whenReady(mayTake, wake);
            AtomicBoolean left = new AtomicBoolean();
            return () -> {
                if (left.compareAndSet(false, true)) {
                    told.close();
                    leave(entry);
                }
            };
        } finally {
            calls.end(calls.takes());
        }
    }

    /** Drops all that waits. */
    void clear() {
        locked(() -> {
            store.discard();
            return true;
        });
        afterTake();
    }

    /** Does something with the lock held. */
    <T> T locked(Supplier<T> action) {
        calls.begin(calls.takes());
        try {
            side.lock();
            try {
                calls.checkOpen();
                return action.get();
            } finally {
                side.unlock();
            }
        } catch (InternalError cut) {
            throw core.region().broken("read", cut);
        } finally {
            calls.end(calls.takes());
        }
    }

    /** Gives back what a former party of this slot had on lease, or this one has. */
    void giveBackMine() {
        if (cells.leases(core.member().slot()) == 0) {
            return;
        }
        if (!side.lockSoon()) {
            return; // whoever takes next finds out
        }
        try {
            store.giveBackAll(core.member().slot());
            dropIfAtOnce();
        } finally {
            side.unlock();
        }
        afterTake();
        wakeForMore(true);
    }

    private boolean takeNow(Item item, boolean lease, long deadline) throws InterruptedException {
        return side.lock(deadline) && takeLocked(item, lease, true);
    }

    /** Lets the lock go. */
    private boolean takeLocked(Item item, boolean lease, boolean endToo) {
        boolean found;
        boolean more = false;
        try {
            calls.checkOpen();
            if (core.state() == QueueCore.AT_ONCE) {
                throw core.shutDown("take");
            }
            if ((++taken & LOOK_AROUND - 1) == 0) {
                more = giveBackOfTheGone();
            }
            int slot = lease ? core.member().slot() : NOBODY;
            found = (endToo || !store.isEndNext()) && store.take(item, slot);
            if (!found && giveBackOfTheGone()) {
                more = true;
                found = store.take(item, slot);
            }
            if (!found && core.state() == QueueCore.SHUT_DOWN) {
                throw core.shutDown("take");
            }
        } finally {
            side.unlock();
        }
        if (found) {
            afterTake();
        }
        wakeForMore(more);
        return found;
    }

    private boolean takeLater(Item item, boolean lease, long deadline) throws InterruptedException {
        try (WaitEntry entry = waits.takers().enter()) {
            while (entry.await(mayTake, deadline)) {
                if (takeNow(item, lease, deadline)) {
                    return true;
                }
                if (WaitPlace.hasPassed(deadline)) {
                    return false;
                }
            }
            return false;
        } finally {
            wakeForMore(store.hasItem());
        }
    }

    private boolean joinLater(long deadline) throws InterruptedException {
        try (WaitEntry entry = waits.joiners().enter()) {
            while (entry.await(this::mayJoin, deadline)) {
                if (isFinished()) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean isFinished() {
        calls.checkOpen();
        if (settledDeaths != deaths() || core.state() == QueueCore.AT_ONCE) {
            wakeForMore(locked(this::giveBackOfTheGone));
        }
        return store.isFinished();
    }

    private boolean mayTake() {
        return calls.isClosed()
                || store.hasItem()
                || core.state() != 0
                || settledDeaths != deaths();
    }

    private boolean mayJoin() {
        return calls.isClosed() || store.isFinished() || settledDeaths != deaths();
    }

    /** In the lock: gives back what those had on lease who are gone; whether it was anything. */
    private boolean giveBackOfTheGone() {
        int deaths = deaths();
        boolean any = false;
        for (int slot = 0; slot < cells.slots(); slot++) {
            if (cells.leases(slot) != 0 && core.member().isGone(slot)) {
                store.giveBackAll(slot);
                any = true;
            }
        }
        dropIfAtOnce();
        settledDeaths = deaths;
        return any;
    }

    private void dropIfAtOnce() {
        if (core.state() == QueueCore.AT_ONCE) {
            store.discard();
        }
    }

    private int deaths() {
        return core.region().watch().deaths();
    }

    private void afterTake() {
        waits.putters().wakeFirst();
        if (waits.joiners().isAnybody() && store.isFinished()) {
            waits.joiners().wakeAll();
        }
    }

    private void wakeForMore(boolean more) {
        if (more) {
            waits.wakeTaker();
        }
    }

    /** Of one that wanted news; the place is another's when the handle is closed. */
    private void leave(WaitEntry entry) {
        calls.takes().getAndIncrement();
        try {
            if (!calls.isClosed()) {
                entry.close();
            }
        } finally {
            calls.end(calls.takes());
        }
    }
}
