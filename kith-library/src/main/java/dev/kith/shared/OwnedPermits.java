// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.memory.AttachTable;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Party;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Permits each of which is a process's while it is taken. */
final class OwnedPermits implements Permits {
    /*
     * Each slot of the attach table has in its own 64 bytes how many permits its party holds:
     *
     *  +64  u32 held
     *
     * That is what counts: there are as many free ones as the bound says less what the living hold.
     * The word `free` is a copy of that sum, so that who finds enough need not ask who lives. All
     * are written under a lock (RobustLock).
     *
     *   died after                leaves
     *   held + n                  a lock whose next owner counts anew; what the dead held is free
     *   free - n                  the same
     *   (released) held - n       the same
     *   any, without the lock     `free` too low by what he held: who finds too few counts anew,
     *                             and who waits does when he hears of the death
     *
     * When a party attaches in his slot, `held` is 0 before the slot says so (AttachTable).
     *
     * A permit that is released by a process that has none is taken from the one that has most: so
     * what is held is always as much as was acquired, and never less than nothing.
     */
    private static final long HELD = AttachTable.OWN_OFFSET;

    private static final VarHandle INT = JAVA_INT.varHandle();

    private final SharedSemaphore semaphore;
    private final AttachTable parties;
    private final MemorySegment memory;
    private final RobustLock lock;
    private final long free;
    private final int bound;

    OwnedPermits(SharedSemaphore semaphore, RobustLock lock, long free, int bound) {
        this.semaphore = semaphore;
        this.parties = semaphore.region().table();
        this.memory = semaphore.region().segment();
        this.lock = lock;
        this.free = free;
        this.bound = bound;
    }

    @Override
    public boolean take(int count) {
        lock();
        try {
            if (free() < count) {
                recount();
            }
            int found = free();
            if (found < count) {
                return false;
            }
            int me = semaphore.member().slot();
            held(me, held(me) + count);
            free(found - count);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean mayTake(int count) {
        return free() >= count || available() >= count;
    }

    @Override
    public void give(int count) {
        lock();
        try {
            recount();
            int found = free();
            if (count > bound - found) {
                throw Permits.tooMany(semaphore, count, found, bound);
            }
            int me = semaphore.member().slot();
            int mine = Math.min(held(me), count);
            held(me, held(me) - mine);
            int left = count - mine;
            for (int other = most(); left > 0 && held(other) > 0; other = most()) {
                int part = Math.min(held(other), left);
                held(other, held(other) - part);
                left -= part;
            }
            recount(); // also right if one has died meanwhile, and had what was left
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        long held = 0;
        for (int slot = 0; slot < parties.slots(); slot++) {
            held += heldByLiving(slot);
        }
        return Math.clamp(bound - held, 0, bound);
    }

    @Override
    public List<PermitHolder> holders() {
        List<PermitHolder> holders = new ArrayList<>();
        for (int slot = 0; slot < parties.slots(); slot++) {
            int held = heldByLiving(slot);
            Optional<Party> party = parties.party(slot);
            if (held > 0 && party.isPresent()) {
                holders.add(new PermitHolder(party.get().peer(), held));
            }
        }
        return holders;
    }

    @Override
    public void settle() {
        lock.drain();
    }

    private void lock() {
        lock.lockUninterruptibly(Thread.currentThread());
        if (lock.recovered()) {
            recount();
            lock.markConsistent();
        }
    }

    private void recount() {
        free(available());
    }

    /** Of those who live, the slot that holds most; this one if nobody holds anything. */
    private int most() {
        int most = semaphore.member().slot();
        for (int slot = 0; slot < parties.slots(); slot++) {
            if (heldByLiving(slot) > held(most)) {
                most = slot;
            }
        }
        return most;
    }

    private int heldByLiving(int slot) {
        int held = held(slot);
        return held > 0 && parties.isAlive(slot) && parties.party(slot).isPresent() ? held : 0;
    }

    private int held(int slot) {
        return (int) INT.getOpaque(memory, AttachTable.offset(slot) + HELD);
    }

    private void held(int slot, int count) {
        INT.setOpaque(memory, AttachTable.offset(slot) + HELD, count);
        KillPoint.pass();
    }

    private int free() {
        return (int) INT.getAcquire(memory, free); // pairs with the release below
    }

    private void free(int count) {
        INT.setRelease(memory, free, count);
        KillPoint.pass();
    }
}
