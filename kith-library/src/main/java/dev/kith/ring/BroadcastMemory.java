// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Broken;
import dev.kith.memory.Words;
import java.lang.foreign.MemorySegment;

/** The mapped memory of a broadcast, and the moves that several kinds of parties make in it. */
final class BroadcastMemory {
    /*
     * A sequence number n goes through these states; `tail` and `cursor` only grow.
     *
     *   state       said by                              who moves it on
     *   free        its entry has the tag of n - entries a producer: claims it, by compare-and-set
     *               (which is void or published, and
     *               before `tail`)
     *   claimed     tag of n, slot of the winner         the winner: published, or void. If it is
     *                                                    dead: a producer that wants room, or who
     *                                                    takes its slot, makes it void by
     *                                                    compare-and-set
     *   published   tag of n                             whoever wants room: evicts it, by moving
     *   void        tag of n                             `tail` beyond it, by compare-and-set
     *   evicted     n < tail                             it is free when the cursor is a lap further
     *
     * Why nobody reads what is not there: an entry is only ever written as an entry, so its tag is
     * true; the room of n begins at the end in the entry of n - 1, which a claim has fixed before n
     * could be claimed. One compare-and-set therefore claims number, room and name together: no
     * death leaves a doubt whose a gap is, and how long.
     *
     * Why no message is torn: a producer writes into room only when `tail` is beyond whatever was
     * there; and `tail` does not pass a claimed entry, so that no other producer still writes there,
     * nor the next number of a subscriber that blocks. Who reads without blocking copies first and
     * then looks that `tail` has not passed: the bytes of another message come after the `tail` that
     * let them in.
     *
     * Why a death is decided once: that a claim is void follows from its slot's death, for everybody
     * alike, because the dead do not publish. Its slot is not given to another before its claims
     * say void themselves (settle). A reader makes no compare-and-set (see Region); it skips.
     *
     * Why losses are exact: each number is one message or void. `tail` carries in the same word how
     * many void ones were before it; a subscriber counts those that it passes, and so knows for any
     * jump to `tail` how many messages lay between. (It must look once in 2^32 void ones.)
     *
     *   died after                            leaves
     *   the claim                             a claimed entry of a dead slot; the cursor is behind
     *                                         it by one, and whoever comes next moves it
     *   the cursor, the payload, the second   a claimed entry of a dead slot
     *   word of the entry
     *   published                             a message
     *   tail                                  room, for whoever comes
     *   a subscriber, anywhere                its next number stays; with it the producers wait
     *                                         only while the slot lives
     */
    final Words words;
    final MemorySegment records;
    final Parties parties;
    final RingMemory ring;
    final int slots;
    final long capacity;
    final int longest;
    final int count;
    private final long cursorAt;
    private final long tailAt;
    private final long entriesAt;
    private final int shift;

    BroadcastMemory(RingMemory ring) {
        this.ring = ring;
        this.words = ring.words;
        this.records = ring.records;
        this.parties = ring.parties;
        this.slots = ring.slots;
        this.capacity = ring.capacity;
        this.longest = ring.longest;
        this.count = BroadcastLayout.entries(capacity);
        this.shift = Integer.numberOfTrailingZeros(count);
        this.cursorAt = ring.cursors + BroadcastLayout.CURSOR;
        this.tailAt = ring.cursors + BroadcastLayout.TAIL;
        this.entriesAt = ring.cursors + BroadcastLayout.ENTRIES;
    }

    long word(long offset) {
        return words.getAcquire(offset);
    }

    /** The next number to claim; its claim may have been made already, but not the one after. */
    long cursor() {
        return words.getAcquire(cursorAt);
    }

    /** Moves the cursor beyond a claim. */
    void passCursor(long sequence) {
        boolean _ = words.compareAndSet(cursorAt, sequence, sequence + 1);
    }

    long tailWord() {
        return words.getAcquire(tailAt);
    }

    boolean moveTail(long from, long to) {
        return words.compareAndSet(tailAt, from, to);
    }

    /** The whole number that a tail word says. */
    long sequence(long tailWord) {
        long cursor = cursor(); // read after the tail: at or beyond it, by less than 2^31
        return BroadcastLayout.sequence(tailWord, cursor);
    }

    /** The oldest number that is not overwritten. */
    long tail() {
        for (; ; ) {
            long word = tailWord();
            long sequence = sequence(word);
            if (word == tailWord()) {
                return sequence; // the cursor was read while it was the tail
            }
        }
    }

    /** Where the entry of a number is. */
    long entryAt(long sequence) {
        return entriesAt + (sequence & count - 1) * BroadcastLayout.ENTRY_BYTES;
    }

    long entry(long sequence) {
        return words.getAcquire(entryAt(sequence)); // pairs with setRelease in resolve()
    }

    /** The tag of a number: of the first lap 1, so that zero is of the lap before. */
    long tag(long sequence) {
        return (sequence >> shift) + 1 & 0xff_ffff;
    }

    boolean isOf(long entry, long sequence) {
        return BroadcastLayout.tag(entry) == tag(sequence);
    }

    /** Whether a claim will not be published any more. */
    boolean isLeft(long entry) {
        int slot = BroadcastLayout.slot(entry);
        return slot >= slots || !parties.isAlive(slot);
    }

    /** Makes void what a dead party has claimed; all of them if slot is less than 0. */
    void settle(int slot) {
        long cursor = cursor();
        long begin = Math.max(tail(), cursor + 1 - count);
        for (long each = begin; each - cursor <= 0; each++) {
            long entry = entry(each);
            if (isOf(entry, each)
                    && BroadcastLayout.state(entry) == BroadcastLayout.CLAIMED
                    && (slot < 0 || slot == BroadcastLayout.slot(entry))
                    && isLeft(entry)) {
                long voided = BroadcastLayout.withState(entry, BroadcastLayout.VOID);
                if (words.compareAndSet(entryAt(each), entry, voided)) {
                    KillPoints.pass("broadcast.settled");
                    long _ = words.getAndAdd(RingLayout.LOST, 1L);
                }
            }
        }
    }

    /** Lets the producers wait no longer for subscribers that have died. */
    void dismiss() {
        for (int slot = 0; slot < slots; slot++) {
            long at = RingLayout.slot(slot) + BroadcastLayout.POLICY;
            long word = word(at);
            if (BroadcastLayout.policy(word) == Policy.BLOCK && !parties.isAlive(slot)) {
                boolean _ = words.compareAndSet(at, word, 0L);
            }
        }
    }

    /** The number up to which no subscriber blocks. */
    long unblocked(long from, long to) {
        long limit = to;
        for (int slot = 0; slot < slots; slot++) {
            long at = RingLayout.slot(slot);
            if (BroadcastLayout.policy(word(at + BroadcastLayout.POLICY)) == Policy.BLOCK) {
                limit = Math.min(limit, Math.max(from, word(at + BroadcastLayout.NEXT)));
            }
        }
        return limit;
    }

    Broken damaged(String what, long sequence) {
        return new Broken(
                "message "
                        + sequence
                        + " of the broadcast: "
                        + what
                        + " (entry 0x"
                        + Long.toHexString(entry(sequence))
                        + ", cursor "
                        + cursor()
                        + ", tail 0x"
                        + Long.toHexString(tailWord())
                        + "): somebody has written over it");
    }
}
