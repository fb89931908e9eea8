// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Where a subscriber of a broadcast is, and what it has lost. The proof is in BroadcastMemory. */
final class BroadcastCursor {
    /** What is found where nothing is claimed. */
    private static final int FREE = -1;

    private final BroadcastMemory memory;
    private final Policy policy;
    private final long policyAt;
    private final long takenAt;
    private final long nextAt;
    private final long lostAt;

    /** The next number, and how many void ones there were before it. */
    long next;

    int voids;
    private long taken;
    private volatile long lost;

    /** What {@link #find} has found. */
    private int found;

    /** Where the message that was described is. */
    long index;

    int length;

    /** The tail when it was read last. */
    private long tail;

    private long tailWord;

    BroadcastCursor(BroadcastMemory memory, int slot, int generation, Policy policy) {
        this.memory = memory;
        this.policy = policy;
        long at = RingLayout.slot(slot);
        this.policyAt = at + BroadcastLayout.POLICY;
        this.takenAt = at + BroadcastLayout.TAKEN;
        this.nextAt = at + BroadcastLayout.NEXT;
        this.lostAt = at + BroadcastLayout.LOST;
        join(BroadcastLayout.policy(policy, generation));
    }

    long lost() {
        return lost;
    }

    long taken() {
        return memory.word(takenAt); // other threads ask, too
    }

    /** The next number, as any thread reads it. */
    long told() {
        return memory.word(nextAt);
    }

    /** Goes on behind the message that it was at. */
    void pass() {
        next++;
        tell();
    }

    /** Counts a message as taken; which it was is told by who moves {@link #next}. */
    void count() {
        taken++;
        memory.words.setRelease(takenAt, taken);
    }

    /** Goes to the next message, and describes it; false if there is none, {@link #found} why. */
    boolean find() {
        for (; ; ) {
            long entry = memory.entry(next);
            found = BroadcastLayout.state(entry);
            if (!memory.isOf(entry, next)) {
                if (!isOvertaken(next)) {
                    found = FREE;
                    return false;
                }
            } else if (found == BroadcastLayout.CLAIMED) {
                return false;
            } else if (found == BroadcastLayout.PUBLISHED) {
                if (describe(next)) {
                    return true;
                }
            } else if (found != BroadcastLayout.VOID) {
                throw memory.damaged("its entry has an unknown state", next);
            } else if (!isOvertaken(next)) {
                voids++;
                pass();
            }
        }
    }

    /** Skips what a dead producer has claimed and not published. */
    void skipLeft() {
        while (!find() && found == BroadcastLayout.CLAIMED) {
            long entry = memory.entry(next);
            if (!memory.isOf(entry, next)
                    || BroadcastLayout.state(entry) != BroadcastLayout.CLAIMED
                    || !memory.isLeft(entry)
                    || memory.entry(next) != entry) {
                return;
            }
            voids++;
            pass();
        }
    }

    /** Reads where a message is; false if it is overwritten. */
    boolean describe(long sequence) {
        long second = memory.words.getOpaque(memory.entryAt(sequence) + Long.BYTES);
        index = second >>> Integer.SIZE << 3;
        length = (int) second;
        if (length < 0 || length > memory.longest || index > memory.capacity - length) {
            VarHandle.acquireFence();
            if (!isOvertaken(sequence)) {
                throw memory.damaged("length=" + length + " at=" + index, sequence);
            }
            return false;
        }
        return true;
    }

    /** Copies what was described; false if it was overwritten meanwhile. */
    boolean isCopied(long sequence, MemorySegment to, long at) {
        MemorySegment.copy(memory.records, index, to, at, length);
        VarHandle.acquireFence(); // the tail that let other bytes in comes before them
        return !isOvertaken(sequence);
    }

    /**
     * Whether a message may be overwritten; if so, this has gone on to the oldest that is not, and
     * counted what lay between.
     */
    boolean isOvertaken(long sequence) {
        long word = memory.tailWord();
        if (word != tailWord) {
            readTail();
        }
        if (tail - sequence <= 0) {
            return false;
        }
        if (tail - next > 0) {
            long between = tail - next - (BroadcastLayout.voids(tailWord) - voids & 0xffff_ffffL);
            next = tail;
            voids = BroadcastLayout.voids(tailWord);
            lose(between);
            tell();
        }
        return true;
    }

    void took() {
        count();
        pass();
    }

    void lose(long messages) {
        if (messages != 0) {
            lost += messages; // one thread writes
            memory.words.setRelease(lostAt, lost);
        }
    }

    /** The producers wait for it no longer. */
    void leave() {
        memory.words.setRelease(policyAt, 0L);
    }

    private void join(long policyWord) {
        readTail();
        memory.words.setRelease(nextAt, tail);
        KillPoints.pass("subscribe.placed");
        memory.words.setRelease(policyAt, policyWord);
        KillPoints.pass("subscribe.named");
        // A producer that has not seen the policy has looked at the entries before: what it found
        // resolved, and may evict, this finds resolved, too, and begins behind it.
        VarHandle.fullFence();
        boolean whole = false;
        while (!whole) {
            whole = walk();
        }
        tell();
        KillPoints.pass("subscribe.joined");
    }

    /** Goes from the tail to the first that is not resolved; false if overtaken. */
    private boolean walk() {
        readTail();
        next = tail;
        voids = BroadcastLayout.voids(tailWord);
        long last = next;
        int lastVoids = voids;
        boolean any = false;
        for (long begin = next; next - begin <= memory.count; next++) {
            long entry = memory.entry(next);
            int state = BroadcastLayout.state(entry);
            if (!memory.isOf(entry, next) || state == BroadcastLayout.CLAIMED) {
                break;
            }
            if (state == BroadcastLayout.VOID) {
                voids++;
            } else {
                last = next;
                lastVoids = voids;
                any = true;
            }
        }
        VarHandle.acquireFence();
        boolean whole = memory.tail() - next <= 0;
        if (any && policy == Policy.LATEST) {
            next = last;
            voids = lastVoids;
        }
        return whole;
    }

    private void readTail() {
        for (; ; ) {
            long word = memory.tailWord();
            long sequence = memory.sequence(word);
            if (word == memory.tailWord()) {
                tailWord = word;
                tail = sequence;
                return;
            }
        }
    }

    private void tell() {
        memory.words.setRelease(nextAt, next); // pairs with getAcquire in unblocked()
        KillPoints.pass("subscriber.told");
    }
}
