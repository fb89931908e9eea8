// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.IpcException;
import dev.kith.memory.AttachTable;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Parking;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The threads that wait in a region, of all its processes: who, for what, since when, in which
 * order. Each has an entry with a word of its own to sleep at, so that one can be woken alone, and
 * everybody can see who waits.
 */
final class WaitTable {
    /*
     *   0  u64 state
     *   8  u64 ticket   the order in which they came
     *  16  u64 thread
     *  24  u64 since    milliseconds since the epoch
     *  32  u32 parking  where it sleeps
     *  36  u32 bytes of the name
     *  40  88 bytes     the thread's name, UTF-8
     *
     *  state:  63      48 47      34 33  32 31            0
     *          generation  slot + 1   told   what is waited for, 0: nothing yet
     *
     *   from                    to                        by
     *   free (slot + 1 is 0)    taken, generation + 1     compare-and-set of who wants to wait
     *   taken                   waits: with what          compare-and-set of its owner
     *   waits                   told                      compare-and-set of who tells
     *   waits                   gave up                   compare-and-set of its owner
     *   taken, waits, told …    free                      compare-and-set of its owner
     *   the same, owner dead    free                      compare-and-set of whoever notices
     *
     * The whole entry is in one word, so a death leaves one of these states and nothing between
     * them, and nobody who looked at an entry can change a later one by mistake.
     *
     * What the dead leave is cleared away by whoever waits when somebody has died, and before the
     * slot of a dead party is given to another. If a dead one was told, another is told first: who
     * clears may die in between, and then the next tells a third. That is a spurious wake-up, for
     * which every condition allows; a lost one would not be.
     */
    static final long ENTRY_BYTES = 128;

    /**
     * A bit of what is waited for, if telling lets the one in who is told: of one who dies then,
     * nobody else is told.
     */
    static final int TO_ALL = 1 << 30;

    private static final long STATE = 0;
    private static final long TICKET = 8;
    private static final long THREAD = 16;
    private static final long SINCE = 24;
    private static final long PARKING = 32;
    private static final long NAME_BYTES = 36;
    private static final long NAME = 40;
    private static final int LONGEST_NAME = (int) (ENTRY_BYTES - NAME);

    private static final long TOLD = 1L << 32;
    private static final long GAVE_UP = 2L << 32;
    private static final long TOLD_MASK = 3L << 32;
    private static final int OWNER_SHIFT = 34;
    private static final long OWNER_MASK = (1L << 14) - 1;
    private static final int GENERATION_SHIFT = 48;

    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Region region;
    private final AttachTable parties;
    private final MemorySegment memory;
    private final long tickets;
    private final long base;
    private final int count;
    private final Parking[] parkings;

    /** The deaths that were known when the dead were last cleared away. */
    private int cleared;

    /**
     * The table of a region.
     *
     * @param tickets where the counter of the order is, 8 bytes
     * @param base where the entries begin
     * @param count how many there are
     */
    WaitTable(Region region, long tickets, long base, int count) {
        this.region = region;
        this.parties = region.table();
        this.memory = region.segment();
        this.tickets = tickets;
        this.base = base;
        this.count = count;
        this.parkings = new Parking[count];
        for (int i = 0; i < count; i++) {
            parkings[i] = region.parking(at(i) + PARKING);
        }
    }

    /**
     * Takes an entry for a thread that is about to wait.
     *
     * @param slot of this process
     * @param what not 0
     * @throws Full if as many threads wait as there are entries
     */
    WaitEntry enter(int slot, int what, Thread thread) {
        int index = take(slot);
        if (index < 0) {
            clearAway();
            index = take(slot);
        }
        if (index < 0) {
            throw new Full(
                    "wait in "
                            + region
                            + ": "
                            + count
                            + " threads wait in it already, and there is room for no more");
        }
        KillPoint.pass();
        long at = at(index);
        LONG.setOpaque(memory, at + TICKET, (long) LONG.getAndAdd(memory, tickets, 1L));
        memory.set(JAVA_LONG, at + THREAD, thread.threadId());
        memory.set(JAVA_LONG, at + SINCE, System.currentTimeMillis());
        byte[] name = thread.getName().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(name.length, LONGEST_NAME);
        MemorySegment.copy(name, 0, memory, JAVA_BYTE, at + NAME, length);
        memory.set(JAVA_INT, at + NAME_BYTES, length);
        KillPoint.pass();
        long state = state(index);
        // Pairs with state(). Fails if it was cleared away because the handle was closed.
        LONG.compareAndSet(memory, at + STATE, state, state | what);
        KillPoint.pass();
        return new WaitEntry(this, parkings[index], index, generation(state), what);
    }

    /** Gives an entry back, unless it was cleared away because the handle was closed. */
    void leave(int index, int generation) {
        for (; ; ) {
            long state = state(index);
            if (slot(state) < 0
                    || generation(state) != generation
                    || LONG.compareAndSet(memory, at(index) + STATE, state, freed(state))) {
                KillPoint.pass();
                return;
            }
        }
    }

    /** Whether nobody who waits for the same came earlier. */
    boolean isFirst(int index, int what) {
        return first(what, false) == index;
    }

    /** Whether anybody waits for that. */
    boolean isAnybody(int what) {
        return first(what, false) >= 0;
    }

    /** Wakes who has waited for that for longest; false if nobody does. */
    boolean wakeFirst(int what) {
        int index = first(what, false);
        if (index >= 0) {
            parkings[index].wake();
        }
        return index >= 0;
    }

    /** Wakes who came next after one that waits for the same; false if nobody did. */
    boolean wakeNext(int after, int what) {
        long mine = (long) LONG.getOpaque(memory, at(after) + TICKET);
        int next = -1;
        long least = 0;
        for (int i = 0; i < count; i++) {
            long ticket = (long) LONG.getOpaque(memory, at(i) + TICKET);
            if (what(state(i)) == what && ticket - mine > 0 && (next < 0 || ticket - least < 0)) {
                next = i;
                least = ticket;
            }
        }
        if (next >= 0) {
            parkings[next].wake();
        }
        return next >= 0;
    }

    /** Wakes all who wait for that; false if nobody does. */
    boolean wakeAll(int what) {
        boolean any = false;
        for (int i = 0; i < count; i++) {
            if (what(state(i)) == what) {
                parkings[i].wake();
                any = true;
            }
        }
        return any;
    }

    /**
     * Tells the one who has waited for that for longest and was not told yet, and lives.
     *
     * @return false if there is none
     */
    boolean tellFirst(int what) {
        for (int index = first(what, true); index >= 0; index = first(what, true)) {
            long state = state(index);
            if (isDead(state)) {
                clear(index, state);
            } else if (tell(index, what)) {
                return true;
            }
        }
        return false;
    }

    /** Tells all who wait for that. */
    void tellAll(int what) {
        for (int i = 0; i < count; i++) {
            tell(i, what);
        }
    }

    /** Whether anybody who lives and waits for that was told. */
    boolean isAnybodyTold(int what) {
        for (int i = 0; i < count; i++) {
            long state = state(i);
            if (what(state) == what && (state & TOLD_MASK) == TOLD && !isDead(state)) {
                return true;
            }
        }
        return false;
    }

    boolean isTold(int index) {
        return (state(index) & TOLD_MASK) == TOLD;
    }

    /** Gives up to be told; false if it was told before. */
    boolean giveUp(int index) {
        long state = state(index);
        return (state & TOLD_MASK) == 0
                && LONG.compareAndSet(memory, at(index) + STATE, state, state | GAVE_UP);
    }

    /**
     * Clears away what the dead have left, if somebody has died since that was last done. It
     * returns when that is done, in whichever thread.
     */
    synchronized void clearAwayIfDue() {
        int deaths = region.watch().deaths();
        if (deaths != cleared) {
            cleared = deaths;
            clearAway();
        }
    }

    /** Clears away what the dead party of a slot has left, so that the slot can be another's. */
    void settle(int slot) {
        for (int i = 0; i < count; i++) {
            long state = state(i);
            // Or another was faster, and it is a living party's by now.
            if (slot(state) == slot && isDead(state)) {
                clear(i, state);
            }
        }
    }

    /** Who waits, in the order of their coming. */
    List<Waiting> waiting() {
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = at(i);
            long state = state(i);
            if (what(state) != 0) {
                int length = Math.clamp(memory.get(JAVA_INT, at + NAME_BYTES), 0, LONGEST_NAME);
                byte[] name = memory.asSlice(at + NAME, length).toArray(JAVA_BYTE);
                Waiting one =
                        new Waiting(
                                memory.get(JAVA_LONG, at + TICKET),
                                what(state),
                                slot(state),
                                memory.get(JAVA_LONG, at + THREAD),
                                new String(name, StandardCharsets.UTF_8),
                                Instant.ofEpochMilli(memory.get(JAVA_LONG, at + SINCE)));
                VarHandle.loadLoadFence();
                if (generation(state(i)) == generation(state)) {
                    all.add(one);
                }
            }
        }
        all.sort(Comparator.comparingLong(Waiting::ticket));
        return all;
    }

    /** As many threads wait as there are entries. */
    static final class Full extends IpcException {
        private static final long serialVersionUID = 1L;

        Full(String message) {
            super(message);
        }
    }

    /** A thread that waits, as it is seen from outside. */
    record Waiting(long ticket, int what, int slot, long thread, String name, Instant since) {}

    private int take(int slot) {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < count; i++) {
            int index = Math.floorMod(start + i, count);
            long state = state(index);
            long taken = freed(state) + (1L << GENERATION_SHIFT) | slot + 1L << OWNER_SHIFT;
            if (slot(state) < 0 && LONG.compareAndSet(memory, at(index) + STATE, state, taken)) {
                return index;
            }
        }
        return -1;
    }

    /** The one who came first of those who wait for that; -1 if there is none. */
    private int first(int what, boolean untold) {
        int first = -1;
        long least = 0;
        for (int i = 0; i < count; i++) {
            long state = state(i);
            if (what(state) == what && !(untold && (state & TOLD_MASK) != 0)) {
                long ticket = (long) LONG.getOpaque(memory, at(i) + TICKET);
                if (first < 0 || ticket - least < 0) {
                    first = i;
                    least = ticket;
                }
            }
        }
        return first;
    }

    private boolean tell(int index, int what) {
        long state = state(index);
        if (what(state) != what
                || (state & TOLD_MASK) != 0
                || !LONG.compareAndSet(memory, at(index) + STATE, state, state | TOLD)) {
            return false;
        }
        KillPoint.pass();
        parkings[index].wake();
        return true;
    }

    private void clearAway() {
        for (int i = 0; i < count; i++) {
            long state = state(i);
            if (isDead(state)) {
                clear(i, state);
            }
        }
    }

    /** Frees the entry of a dead party, and tells another if it was told. */
    private void clear(int index, long state) {
        if ((state & TOLD_MASK) == TOLD && (what(state) & TO_ALL) == 0) {
            tellFirst(what(state));
            KillPoint.pass();
        }
        LONG.compareAndSet(memory, at(index) + STATE, state, freed(state));
        KillPoint.pass();
    }

    private boolean isDead(long state) {
        int slot = slot(state);
        return slot >= parties.slots() || slot >= 0 && !parties.isAlive(slot);
    }

    private long state(int index) {
        return (long) LONG.getAcquire(memory, at(index) + STATE); // pairs with what enter() says
    }

    private static int what(long state) {
        return (int) state;
    }

    private static int slot(long state) {
        return (int) (state >>> OWNER_SHIFT & OWNER_MASK) - 1;
    }

    private static int generation(long state) {
        return (int) (state >>> GENERATION_SHIFT);
    }

    private static long freed(long state) {
        return state >>> GENERATION_SHIFT << GENERATION_SHIFT;
    }

    private long at(int index) {
        return base + index * ENTRY_BYTES;
    }
}
