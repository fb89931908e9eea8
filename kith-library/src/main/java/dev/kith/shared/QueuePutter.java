// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Watch;
import java.util.function.BooleanSupplier;

/** The end of a queue where items are put; see {@link QueueCore} for who wakes whom. */
final class QueuePutter {
    private final QueueCore core;
    private final QueueStore store;
    private final QueueSide side;
    private final QueueWaits waits;
    private final QueueCalls calls;

    QueuePutter(QueueCore core, QueueStore store, QueueSide side) {
        this.core = core;
        this.store = store;
        this.side = side;
        this.waits = core.waits();
        this.calls = core.calls();
    }

    /** Puts an item, waiting for room; false if the time has passed. */
    boolean put(Item item, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        core.checkLength(item.length);
        calls.begin(calls.puts());
        try {
            int needed = QueueLayout.cells(item.length);
            return putNow(item, deadline)
                    || waits.putters().spin(() -> mayPut(needed), deadline)
                            && putNow(item, deadline)
                    || putLater(item, needed, deadline);
        } catch (InternalError cut) {
            throw core.region().broken("put", cut);
        } finally {
            calls.end(calls.puts());
        }
    }

    /** Puts an item if there is room now. */
    boolean offer(Item item) {
        core.checkLength(item.length);
        calls.begin(calls.puts());
        try {
            side.lock();
            return putLocked(item);
        } catch (InternalError cut) {
            throw core.region().broken("offer", cut);
        } finally {
            calls.end(calls.puts());
        }
    }

    private boolean putNow(Item item, long deadline) throws InterruptedException {
        return side.lock(deadline) && putLocked(item);
    }

    /** Lets the lock go. */
    private boolean putLocked(Item item) {
        boolean put;
        try {
            calls.checkOpen();
            if (core.state() != 0) {
                throw core.shutDown("put");
            }
            put = store.put(item);
        } finally {
            side.unlock();
        }
        if (put) {
            waits.wakeTaker();
        }
        return put;
    }

    private boolean putLater(Item item, int needed, long deadline) throws InterruptedException {
        Watch watch = core.region().watch();
        try (WaitEntry entry = waits.putters().enter()) {
            // Who has died may have left something to be mended that gives room.
            int[] deaths = {watch.deaths()};
            BooleanSupplier ready = () -> mayPut(needed) || deaths[0] != watch.deaths();
            while (entry.await(ready, deadline)) {
                deaths[0] = watch.deaths();
                if (putNow(item, deadline)) {
                    return true;
                }
                if (store.hasRoom(1)) {
                    entry.wakeNext();
                }
                if (WaitPlace.hasPassed(deadline)) {
                    return false;
                }
            }
            return false;
        } finally {
            if (store.hasRoom(1)) {
                waits.putters().wakeFirst();
            }
        }
    }

    private boolean mayPut(int needed) {
        return calls.isClosed() || store.hasRoom(needed) || core.state() != 0;
    }
}
