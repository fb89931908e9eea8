// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Waitable;
import dev.kith.memory.Parking;
import java.util.function.BooleanSupplier;

/** One thread's place in a {@link WaitTable}, while it waits. */
final class WaitEntry implements AutoCloseable {
    private final WaitTable table;
    private final Parking parking;
    private final int index;
    private final int generation;
    private final int what;

    WaitEntry(WaitTable table, Parking parking, int index, int generation, int what) {
        this.table = table;
        this.parking = parking;
        this.index = index;
        this.generation = generation;
        this.what = what;
    }

    /**
     * Sleeps until it is ready, which is asked after each wake-up; false if the time has passed.
     */
    boolean await(BooleanSupplier ready, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return parking.await(
                () -> {
                    table.clearAwayIfDue();
                    return ready.getAsBoolean();
                },
                deadline);
    }

    /** Asks to be told once when it is ready, see {@link Parking#whenReady}. */
    Waitable.Registration whenReady(BooleanSupplier ready, Runnable wake) {
        return parking.whenReady(ready, wake);
    }

    /** Wakes who came next of those who wait for the same. */
    void wakeNext() {
        table.wakeNext(index, what);
    }

    /** Whether nobody who waits for the same came earlier. */
    boolean isFirst() {
        return table.isFirst(index, what);
    }

    boolean isTold() {
        return table.isTold(index);
    }

    /** Gives up to be told; false if it was told before. */
    boolean giveUp() {
        return table.giveUp(index);
    }

    /** Gives the place back. */
    @Override
    public void close() {
        table.leave(index, generation);
    }
}
