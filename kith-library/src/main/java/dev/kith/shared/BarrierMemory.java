// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.memory.AttachTable;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Party;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/** The state of a barrier in its region, and the deaths that break it. */
final class BarrierMemory {
    /*
     * The object's own part (Kind):
     *
     *     +0 | state    u64  (BarrierState)                                |
     *     +8 | hint     u32  somebody may wait                             |
     *    +12 | parties  u32                                                |
     *    +16 | pids     64 u64, by slot: of who broke it, or died, last    |
     *   +528 +-------------------------------------------------------------+
     *
     * and in the own 64 bytes of a slot of the attach table:
     *
     *    +64  u32 the generation of the slot whose death was taken note of
     *
     * A party that has the barrier open and dies breaks it once: whoever notices writes the pid,
     * breaks it, and then takes note. Who dies in between leaves a death that is not noted, and the
     * next who looks does the same. Reset takes note of all deaths first, so one that is late finds
     * either the note, or another state than the one it wants to break.
     *
     * Who looks: those who wait, when somebody has died; who takes the slot of a dead party, before
     * it does; who asks whether it is broken.
     */
    static final long STATE = 0;
    static final long HINT = 8;
    static final long PARTIES = 12;
    static final long BYTES = 16 + Kind.SLOTS * 8;

    private static final long PIDS = 16;
    private static final long NOTED = AttachTable.OWN_OFFSET;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final AttachTable table;
    private final MemorySegment memory;
    private final long at;

    BarrierMemory(Region region, long at) {
        this.table = region.table();
        this.memory = region.segment();
        this.at = at;
    }

    int parties() {
        return memory.get(JAVA_INT, at + PARTIES);
    }

    BarrierState state() {
        return new BarrierState((long) LONG.getAcquire(memory, at + STATE));
    }

    /** Also a barrier between what was done before it and what is done after. */
    boolean change(BarrierState from, BarrierState to) {
        boolean changed = LONG.compareAndSet(memory, at + STATE, from.word(), to.word());
        KillPoint.pass();
        return changed;
    }

    /**
     * Breaks a generation that has not ended.
     *
     * @return false if it has
     */
    boolean breakDown(int generation, BarrierState.Reason reason, int slot, long pid) {
        pid(slot, pid);
        for (; ; ) {
            BarrierState found = state();
            if (found.outcome(generation) != BarrierState.Outcome.NONE) {
                return false;
            }
            if (change(found, found.broken(reason, slot))) {
                return true;
            }
        }
    }

    /**
     * Breaks it if somebody has died of whom nobody has taken note.
     *
     * @return whether there was one
     */
    boolean look() {
        boolean any = false;
        for (int slot = 0; slot < table.slots(); slot++) {
            any |= look(slot);
        }
        return any;
    }

    /** The same of one slot, which may be somebody else's afterwards. */
    boolean look(int slot) {
        Optional<Party> dead = dead(slot);
        if (dead.isEmpty()) {
            return false;
        }
        int generation = dead.get().generation();
        pid(slot, dead.get().peer().pid());
        for (; ; ) {
            BarrierState found = state();
            if (noted(slot) == generation) {
                return false;
            }
            if (found.isBroken() || change(found, found.broken(BarrierState.Reason.DIED, slot))) {
                note(slot, generation);
                return true;
            }
        }
    }

    /** Takes note of all deaths without breaking it. */
    void noteAll() {
        for (int slot = 0; slot < table.slots(); slot++) {
            int each = slot;
            dead(slot).ifPresent(party -> note(each, party.generation()));
        }
    }

    /** The pid of who broke it. */
    long pid(int slot) {
        return slot < Kind.SLOTS ? (long) LONG.getOpaque(memory, at + PIDS + slot * 8L) : 0;
    }

    private void pid(int slot, long pid) {
        LONG.setOpaque(memory, at + PIDS + slot * 8L, pid);
        KillPoint.pass();
    }

    /** Who has ended in a slot, if nobody has taken note of it. */
    private Optional<Party> dead(int slot) {
        return table.party(slot)
                .filter(party -> noted(slot) != party.generation() && !table.isAlive(party));
    }

    private int noted(int slot) {
        return (int) INT.getVolatile(memory, AttachTable.offset(slot) + NOTED);
    }

    private void note(int slot, int generation) {
        INT.setVolatile(memory, AttachTable.offset(slot) + NOTED, generation);
        KillPoint.pass();
    }
}
