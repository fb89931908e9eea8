// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static dev.kith.ring.RingLayout.HEADER_BYTES;

import dev.kith.memory.Words;

/** The one producer of a ring whose records are published by their own header. */
final class SpscClaimer implements Claimer {
    /*
     * Goals, in order: a record is seen whole or not at all; a death leaves nothing to repair; one
     * store a message, in the line that carries the message. (The lap tag in the header is what
     * ring.md measured as best for round trips; header-published records are Aeron's.)
     *
     * The place at `position` is where the consumer looks for the next record. Invariant: its word
     * is not valid for `position`. So the consumer stops there, whatever lies behind it.
     *
     *   tryClaim   nothing is stored
     *   ...        the payload: plain stores behind the place, where nobody looks
     *   publish    1. the word at the end of the record, where the next place will be, may be
     *                 bytes of a message of the lap before that happen to be valid there: cleared,
     *                 unless 4 has done so. If the ring is full to the last byte, that word is the
     *                 header of the oldest record; its tag is of the lap before: left alone.
     *              2. (record that does not fit before the end of the data) the record's header, at
     *                 the start of the data, opaque: the consumer is still before the pad
     *              3. the word at `position`, release. Now the invariant holds at the new position.
     *              4. (if there is room) the word where the place after the next will be if the next
     *                 record is as long as this: cleared
     *
     *   died after    a successor finds
     *   the payload   the place as before: what was not published is void
     *   1             the same; one word of free room is zero
     *   2             the same; a valid word lies in free room. It becomes a place only when a
     *                 record ends there, and then step 1 of that record clears it first
     *   3             the record, published; it walks over valid words to the new position
     *   4             the same; one word of free room is zero
     *
     * Why 1 does not look first: a load would have to wait until the line has come from the other
     * processor, and what follows waits behind it; a store waits in the store buffer. Why 4: what 1
     * stores must arrive before what 3 stores, so one who answers would wait for a line that nobody
     * looks at. 4 is done while nobody waits, and fetches a line that is written soon. What it has
     * cleared stays so unless a claim reaches over it; tryClaim forgets it then.
     *
     * Why a field is stored only when it changes: all stores of a message wait in one buffer, in
     * order, for lines that have to come from the other processor. The fewer they are, the more
     * messages wait at once (ring-performance.md).
     *
     * Held back: the first word of a batch is kept in a field, the records behind it are written
     * with opaque stores, the place behind the last is cleared (1), and one release of the first
     * makes all of them visible. A death before leaves what 2 leaves.
     */
    private final RingMemory memory;
    private final Words words;
    private final Words data;
    private final long capacity;
    private final long mask;
    private final long releasedAt;

    /** The next place. Nobody else knows it. */
    private long position;

    /** The consumer's progress when it was last read. */
    private long released;

    /** The word so far beyond `position` is not valid since it was cleared; 0: none is known. */
    private int ahead;

    /** What the claim takes, pad included, and the pad. */
    private int claimed;

    private int pad;

    private boolean holding;
    private long heldPosition = -1;
    private long heldWord;

    SpscClaimer(RingMemory memory) {
        this.memory = memory;
        this.words = memory.words;
        this.data = memory.data;
        this.capacity = memory.capacity;
        this.mask = capacity - 1;
        this.releasedAt = memory.cursors + RingLayout.RELEASED;
        this.released = memory.released();
        this.position = endOfRecords(memory);
    }

    @Override
    public boolean tryClaim(int length) {
        long at = position;
        long toWrap = capacity - (at & mask);
        int skipped = RingLayout.packedBytes(length) <= toWrap ? 0 : (int) toWrap;
        long end = at + skipped + RingLayout.recordBytes(at + skipped, length);
        if (end - released > capacity && !refresh(end)) {
            return false;
        }
        int total = (int) (end - at);
        if (total > ahead && ahead != 0) {
            ahead = 0; // the payload may reach over it, even if it is cut or abandoned
        }
        if (total != claimed) {
            claimed = total;
        }
        if (skipped != pad) {
            pad = skipped;
        }
        return true;
    }

    @Override
    public long payload() {
        return (position + pad & mask) + HEADER_BYTES;
    }

    @Override
    public boolean publish(int length) {
        long at = position;
        int skipped = pad;
        long record = at + skipped;
        long word = RingLayout.record(record, length);
        long next = record + RingLayout.recordBytes(record, length);
        if (next > at + claimed) { // cut, it would fill up a line that was not claimed
            word = RingLayout.packed(record, length);
            next = record + RingLayout.packedBytes(length);
        }
        if (!holding && next != at + ahead) {
            clear(next);
        }
        if (skipped != 0) {
            data.setOpaque(record & mask, word); // ordered by the release of the pad
            KillPoints.pass("spsc.publish.wrapped");
            word = RingLayout.pad(at, skipped);
        }
        position = next;
        if (holding) {
            ahead = 0;
            keep(at, word);
            return false;
        }
        data.setRelease(at & mask, word); // pairs with getAcquire in drain()
        KillPoints.pass("spsc.publish.published");
        clearAhead(next, RingLayout.recordBytes(next, length));
        return true;
    }

    @Override
    public void abandon() {
        KillPoints.pass("spsc.abandon"); // nothing was stored
    }

    @Override
    public void hold(boolean on) {
        holding = on;
    }

    @Override
    public boolean flush() {
        if (heldPosition < 0) {
            return false;
        }
        clear(position);
        long at = heldPosition & mask;
        heldPosition = -1;
        data.setRelease(at, heldWord); // pairs with getAcquire in drain()
        KillPoints.pass("spsc.flush.published");
        return true;
    }

    @Override
    public int room() {
        long at = position;
        refresh(at);
        long toWrap = capacity - (at & mask);
        long most = Math.min(released + capacity - at, toWrap); // a pad would waste what is before
        return most < HEADER_BYTES ? -1 : (int) Math.min(memory.longest, most - HEADER_BYTES);
    }

    /** Makes sure that the word at the place that comes next is not valid there. */
    private void clear(long next) {
        if (next - released < capacity) {
            data.setOpaque(next & mask, 0L); // ordered by the release of what is before
            KillPoints.pass("spsc.publish.cleared");
        }
    }

    private void clearAhead(long next, int bytes) {
        long place = next + bytes;
        int cleared = 0;
        if (place - released < capacity) {
            data.setOpaque(place & mask, 0L); // ordered by the release of the next record
            KillPoints.pass("spsc.publish.ahead");
            cleared = bytes;
        }
        if (cleared != ahead) {
            ahead = cleared;
        }
    }

    private void keep(long at, long word) {
        if (heldPosition < 0) {
            heldPosition = at;
            heldWord = word;
        } else {
            data.setOpaque(at & mask, word); // ordered by the release in flush()
            KillPoints.pass("spsc.publish.held");
        }
    }

    /** Looks how far the consumer is; whether it is far enough for a claim that ends there. */
    private boolean refresh(long end) {
        long now = words.getAcquire(releasedAt); // pairs with setRelease in release()
        RingLayout.checked("the producer's position", position, now, capacity);
        released = now;
        return end - now <= capacity;
    }

    /** Where a predecessor stopped: behind the last valid record. */
    private static long endOfRecords(RingMemory memory) {
        long released = memory.released();
        long taken = memory.taken();
        RingLayout.checked("the consumer's position", taken, released, memory.capacity);
        return memory.end(taken);
    }
}
