// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;

/** Finds the end of a claim whose producer died before it published. */
final class Gap {
    /*
     * Seen by the consumer: the place at `at` is not valid, and the cursor is beyond it. So there
     * was a winner, whose note said `at` before it won and says so until it has published. (See
     * MpscClaimer for the order of its stores.)
     *
     * Read, in this order: the cursor; the notes; of each that says `at`, whether its party lives;
     * the place again. If the place is valid now, there is no gap. If it is not, the winner's note
     * was among those read.
     *
     *   one of them lives     it publishes, or notes anew, or dies: wait
     *   one, dead             the winner. Its bytes are the gap: they were written before its
     *                         position, and the position was void while they were
     *   several, all dead     one has won, the others have died between their note and their
     *                         compare-and-set. If the cursor still is the winner's, its slot and
     *                         end say who. If not, somebody has claimed at the winner's end: there
     *                         is a valid word, or a note. What lies inside of the gap is zero but
     *                         for the payload begun, so the shortest that is confirmed so is it
     *   none                  the ring is damaged
     *
     * The gap is skipped as a record is: `taken` first, zeroed later; a consumer that dies before
     * finds the same gap again, because the slot of a dead party is not given out while its note
     * lies at a place that is not read yet (isSettled).
     */
    /** What {@link #look} says of a place that is free by now. */
    static final int TAKEN = -1;

    private Gap() {}

    /**
     * The bytes of the gap at a place that is not valid.
     *
     * @return 0 if there is none, or if it may still be published
     * @throws Broken if it cannot be a gap
     */
    static int find(RingMemory memory, long at, long released) {
        long cursor = memory.word(memory.cursors + RingLayout.CURSOR);
        long end = RingLayout.cursorPosition(cursor, released);
        RingLayout.checked("the producers' cursor", end, at, released + memory.capacity - at);
        if (end == at) {
            return 0;
        }
        int shortest = Integer.MAX_VALUE;
        int candidates = 0;
        int winner = 0;
        int only = 0;
        for (int slot = 0; slot < memory.slots; slot++) {
            // Read after the note; 0: it says position 0 because nothing was noted yet.
            long bytes =
                    note(memory, slot) == at
                            ? memory.word(RingLayout.slot(slot) + RingLayout.NOTE_BYTES)
                            : 0;
            if (bytes != 0) {
                if (memory.parties.isAlive(slot)) {
                    return 0;
                }
                if (bytes >= RingLayout.HEADER_BYTES && (bytes & 7) == 0 && bytes <= end - at) {
                    candidates++;
                    only = (int) bytes;
                    if (slot == RingLayout.cursorSlot(cursor) && at + bytes == end) {
                        winner = only;
                    } else if (bytes < shortest && isClaimed(memory, at + bytes)) {
                        shortest = only;
                    }
                }
            }
        }
        if (isPublished(memory, at)) {
            return 0;
        }
        if (candidates == 1) {
            return only;
        }
        if (winner != 0) {
            return winner;
        }
        if (shortest != Integer.MAX_VALUE) {
            return shortest;
        }
        throw new Broken(
                "gap at position "
                        + at
                        + " of the ring: the cursor is at "
                        + end
                        + ", and of "
                        + candidates
                        + " dead producers that noted it none can be shown to have claimed it");
    }

    /**
     * As {@link #find}, for who is not the consumer, which may go on meanwhile.
     *
     * @return {@link #TAKEN} if it has gone beyond the place
     */
    static int look(RingMemory memory, long at) {
        long released = memory.released();
        if (released - at > 0) {
            return TAKEN;
        }
        try {
            return find(memory, at, released);
        } catch (Broken damaged) {
            if (memory.released() - at > 0) {
                return TAKEN;
            }
            throw damaged;
        }
    }

    /** Whether the note of a dead party in that slot is of no use any more. */
    static boolean isSettled(RingMemory memory, int slot) {
        long note = note(memory, slot);
        long released = memory.released();
        return note < released
                || note - released > memory.capacity
                || memory.word(RingLayout.slot(slot) + RingLayout.NOTE_BYTES) == 0
                || isPublished(memory, note);
    }

    /** Whether a claim begins there: its note goes only after its word has come. */
    private static boolean isClaimed(RingMemory memory, long at) {
        for (int slot = 0; slot < memory.slots; slot++) {
            if (note(memory, slot) == at) {
                return true;
            }
        }
        return isPublished(memory, at);
    }

    private static boolean isPublished(RingMemory memory, long at) {
        long word = memory.data.getAcquire(at & memory.capacity - 1 & -8);
        return RingLayout.isTagged(word, at);
    }

    private static long note(RingMemory memory, int slot) {
        return memory.word(RingLayout.slot(slot) + RingLayout.NOTE_POSITION);
    }
}
