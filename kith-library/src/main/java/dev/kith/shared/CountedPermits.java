// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.memory.KillPoint;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Permits that are nobody's: one word, changed by a compare-and-set. A death leaves them taken or
 * not, given or not.
 */
final class CountedPermits implements Permits {
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final SharedSemaphore semaphore;
    private final MemorySegment memory;
    private final long free;

    CountedPermits(SharedSemaphore semaphore, long free) {
        this.semaphore = semaphore;
        this.memory = semaphore.region().segment();
        this.free = free;
    }

    @Override
    public boolean take(int count) {
        semaphore.member().checkOpen();
        for (int found = available(); found >= count; found = available()) {
            if (INT.compareAndSet(memory, free, found, found - count)) {
                KillPoint.pass();
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean mayTake(int count) {
        return available() >= count;
    }

    @Override
    public void give(int count) {
        for (; ; ) {
            int found = available();
            if (count > Integer.MAX_VALUE - found) {
                throw Permits.tooMany(semaphore, count, found, Integer.MAX_VALUE);
            }
            if (INT.compareAndSet(memory, free, found, found + count)) {
                KillPoint.pass();
                return;
            }
        }
    }

    @Override
    public int available() {
        return (int) INT.getAcquire(memory, free); // pairs with the compare-and-set of give()
    }

    @Override
    public List<PermitHolder> holders() {
        return List.of();
    }

    @Override
    public void settle() {}
}
