// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static dev.kith.ring.RingLayout.HEADER_BYTES;

import dev.kith.memory.Words;

/** One of many producers: takes room by compare-and-set of a shared cursor. */
final class MpscClaimer implements Claimer {
    /*
     * Goals, in order: a death between claim and publication is found, and costs no other producer
     * a record; a record is seen whole or not at all; few shared lines.
     *
     * Free room is zero: the consumer zeroes what it has read before it gives it back. So a place
     * between the consumer and the cursor reads 0 until its producer publishes, and then it is
     * valid for ever (until it is read).
     *
     *   1. note.position = -1     (own line of the attach table) what was noted before is void
     *   2. note.bytes = total, pad included
     *   3. note.position = at, release
     *   4. cursor: (at, any slot) -> (at + total, my slot), compare-and-set. Lost: from 1 again
     *   ... the payload
     *   5. (record behind a pad, or cut short) the words inside of the claim, opaque
     *   6. the word at `at`, release
     *
     * A party has at most one claim, and its note stays until 6 is done. So whoever sees the cursor
     * beyond `at`, the word at `at` zero, and then reads the notes, finds the winner's among those
     * that say `at`: it was there before 4. See Gap for what the consumer does with them.
     *
     *   died after   leaves
     *   1, 2, 3      nothing: nobody has claimed. The note of 3 may say the same as the winner's
     *   4, 5         a gap, which the note covers
     *   6            a record
     *
     * Who gives up after 3 (the ring is full) takes the note back: a living party whose note says
     * `at` is one that will publish there, or has lost the race and will note anew.
     */
    private final RingMemory memory;
    private final Words words;
    private final Words data;
    private final long capacity;
    private final long mask;
    private final long cursorAt;
    private final long notePosition;
    private final long noteBytes;
    private final int slot;

    /** The consumer's progress when it was last read. */
    private long released;

    private long position;
    private int pad;
    private int length;

    MpscClaimer(RingMemory memory, int slot) {
        this.memory = memory;
        this.words = memory.words;
        this.data = memory.data;
        this.capacity = memory.capacity;
        this.mask = capacity - 1;
        this.cursorAt = memory.cursors + RingLayout.CURSOR;
        this.notePosition = RingLayout.slot(slot) + RingLayout.NOTE_POSITION;
        this.noteBytes = RingLayout.slot(slot) + RingLayout.NOTE_BYTES;
        this.slot = slot;
        this.released = memory.released();
        RingLayout.checked("the consumer's position", released, 0, Long.MAX_VALUE);
        words.setRelease(notePosition, RingLayout.NO_NOTE);
    }

    @Override
    public boolean tryClaim(int length) {
        boolean noted = false;
        for (; ; ) {
            long base = released;
            long cursor = words.getAcquire(cursorAt);
            long at = RingLayout.cursorPosition(cursor, base);
            long toWrap = capacity - (at & mask);
            int skipped = RingLayout.packedBytes(length) <= toWrap ? 0 : (int) toWrap;
            int total = skipped + RingLayout.recordBytes(at + skipped, length);
            if (at + total - base > capacity) {
                if (refresh(at, base)) {
                    continue;
                }
                if (noted) {
                    words.setRelease(notePosition, RingLayout.NO_NOTE);
                    KillPoints.pass("mpsc.claim.gaveUp");
                }
                return false;
            }
            words.setRelease(notePosition, RingLayout.NO_NOTE);
            KillPoints.pass("mpsc.claim.cleared");
            words.setRelease(noteBytes, (long) total);
            KillPoints.pass("mpsc.claim.sized");
            words.setRelease(notePosition, at); // pairs with getAcquire in Gap.find()
            KillPoints.pass("mpsc.claim.noted");
            noted = true;
            long won = RingLayout.cursor(at + total, slot);
            if (words.compareAndSet(cursorAt, cursor, won)) {
                KillPoints.pass("mpsc.claim.won");
                this.position = at;
                this.pad = skipped;
                this.length = length;
                return true;
            }
        }
    }

    @Override
    public long payload() {
        return (position + pad & mask) + HEADER_BYTES;
    }

    @Override
    public boolean publish(int length) {
        long record = position + pad;
        long word = RingLayout.record(record, length);
        int claimed = RingLayout.recordBytes(record, this.length);
        int used = RingLayout.recordBytes(record, length);
        if (used > claimed) { // it would fill up a line that was not claimed
            word = RingLayout.packed(record, length);
            used = RingLayout.packedBytes(length);
        }
        int rest = claimed - used;
        if (rest != 0) {
            long cut = record + used;
            data.setOpaque(cut & mask, RingLayout.pad(cut, rest));
            KillPoints.pass("mpsc.publish.cut");
        }
        reveal(word);
        return true;
    }

    @Override
    public void abandon() {
        long record = position + pad;
        reveal(RingLayout.pad(record, RingLayout.recordBytes(record, length)));
    }

    @Override
    public void hold(boolean on) {
        // A claim kept back keeps everybody's records behind it back, and has no note any more.
    }

    @Override
    public boolean flush() {
        return false;
    }

    @Override
    public int room() {
        return -1; // what is claimed too much must be filled with a pad
    }

    private void reveal(long recordWord) {
        long at = position;
        long word = recordWord;
        if (pad != 0) {
            data.setOpaque(at + pad & mask, word); // ordered by the release of the pad
            KillPoints.pass("mpsc.publish.wrapped");
            word = RingLayout.pad(at, pad);
        }
        data.setRelease(at & mask, word); // pairs with getAcquire in drain()
        KillPoints.pass("mpsc.publish.published");
    }

    /** Looks how far the consumer is; false if it has not moved since {@code base}. */
    private boolean refresh(long at, long base) {
        long now = words.getAcquire(releasedAt()); // pairs with setRelease in release()
        if (now == base) {
            RingLayout.checked("the producers' cursor", at, base, capacity);
            return false;
        }
        RingLayout.checked("the consumer's position", now, base, Long.MAX_VALUE);
        released = now;
        return true;
    }

    private long releasedAt() {
        return memory.cursors + RingLayout.RELEASED;
    }
}
