// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.Peer;
import dev.kith.memory.Words;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.BiFunction;

/** The mapped memory of one ring, its sizes checked, and who is attached to it. */
final class RingMemory {
    final MemorySegment all;

    /** The data alone: what handlers and claims see. */
    final MemorySegment records;

    /** The words of all of it. */
    final Words words;

    /** The words of the data. */
    final Words data;

    final Parties parties;

    /** What a fault in the memory means: somebody has truncated the file. */
    final BiFunction<String, InternalError, Broken> faults;

    /** Whether it is a ring of many producers: its free room is zero, and it has a cursor. */
    final boolean many;

    final int slots;
    final long cursors;
    final long capacity;
    final int longest;

    RingMemory(
            MemorySegment all,
            int slots,
            long capacity,
            boolean many,
            Parties parties,
            BiFunction<String, InternalError, Broken> faults) {
        this(all, slots, RingLayout.data(slots), capacity, many, parties, faults);
    }

    /** One whose data do not begin right after the cursors. */
    RingMemory(
            MemorySegment all,
            int slots,
            long data,
            long capacity,
            boolean many,
            Parties parties,
            BiFunction<String, InternalError, Broken> faults) {
        this.all = all;
        this.records = all.asSlice(data, capacity);
        this.words = new Words(all);
        this.data = new Words(records);
        this.parties = parties;
        this.faults = faults;
        this.many = many;
        this.slots = slots;
        this.cursors = RingLayout.cursors(slots);
        this.capacity = capacity;
        this.longest = RingLayout.longest(capacity);
    }

    long word(long offset) {
        return words.getAcquire(offset);
    }

    long released() {
        return word(cursors + RingLayout.RELEASED);
    }

    long taken() {
        return word(cursors + RingLayout.TAKEN);
    }

    /** What is at a position: 0 nothing yet, more the bytes of a record, less those of a pad. */
    int extent(long at) {
        long word = data.getAcquire(at & capacity - 1 & -8);
        return RingLayout.isTagged(word, at) ? RingLayout.extent(word, at, capacity, longest) : 0;
    }

    /** Where what was published behind a position ends; of many producers, what was claimed. */
    long end(long from) {
        if (many) {
            long cursor = word(cursors + RingLayout.CURSOR);
            long end = RingLayout.cursorPosition(cursor, from);
            return end - from <= capacity ? end : from; // the cursor is older than from
        }
        long at = from;
        for (int extent = extent(at); extent != 0 && at - from < capacity; extent = extent(at)) {
            at += Math.abs(extent);
        }
        return at;
    }

    /**
     * Whether a consumer would find a message, or much room to give back that nobody will publish
     * in: for anybody, at any time.
     */
    boolean isReady() {
        long from = taken();
        for (long at = from; at - from < capacity; ) {
            int extent = extent(at);
            if (extent > 0) {
                return true;
            }
            int skipped = extent == 0 && many ? Gap.look(this, at) : -extent;
            if (skipped == 0) {
                return at - from >= capacity / 8; // or producers would wait for it for ever
            }
            if (skipped == Gap.TAKEN) {
                return true; // or there was something; who asks will see
            }
            at += skipped;
        }
        return true;
    }

    /**
     * Who had a role when it died, or empty if it lives, or gave the role back, or nobody had it.
     *
     * @param role PRODUCER or CONSUMER of the layout
     */
    Optional<Peer> died(long role) {
        long owner = word(role);
        if (owner == 0 || isAlive(owner)) {
            return Optional.empty();
        }
        int slot = (int) owner - 1;
        Optional<Peer> peer =
                slot >= 0 && slot < slots ? parties.peer(slot) : Optional.<Peer>empty();
        return Optional.of(peer.filter(last -> !last.isAlive()).orElse(Peer.ended(0, -1, -1)));
    }

    /** Takes a role from nobody or from a dead party; false if a living one has it. */
    boolean take(long role, int slot, int generation) {
        for (; ; ) {
            long owner = word(role);
            if (owner != 0 && isAlive(owner)) {
                return false;
            }
            long mine = RingLayout.owner(slot, generation);
            if (words.compareAndSet(role, owner, mine)) {
                return true;
            }
        }
    }

    /**
     * Gives a role back, if the party has it. Looks first: where the file was cut a load throws,
     * and a compare-and-set may end the JVM.
     */
    void giveBack(long role, int slot, int generation) {
        long mine = RingLayout.owner(slot, generation);
        try {
            if (word(role) == mine) {
                boolean _ = words.compareAndSet(role, mine, 0L);
            }
        } catch (InternalError fault) {
            faults.apply("close", fault); // throws what is no cut
        }
    }

    IpcException tooLarge(long length, Object ring) {
        return new IpcException(
                "message too large: length="
                        + length
                        + ", limit="
                        + longest
                        + " (a quarter of the ring less 8; ?capacity="
                        + capacity
                        + " of "
                        + ring
                        + " is the knob)");
    }

    private boolean isAlive(long owner) {
        int slot = (int) owner - 1;
        return slot >= 0 && slot < slots && parties.isAlive(slot, (int) (owner >>> Integer.SIZE));
    }
}
