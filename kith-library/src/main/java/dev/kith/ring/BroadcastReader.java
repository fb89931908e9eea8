// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static dev.kith.ring.RingLayout.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** One of the subscribers of a broadcast. For the states and the proof see BroadcastMemory. */
final class BroadcastReader {
    private static final int LOOKS = 64;

    /** What is found where nothing is claimed. */
    private static final int FREE = -1;

    private final BroadcastMemory memory;
    private final Policy policy;
    private final long policyAt;
    private final long takenAt;
    private final long nextAt;
    private final long lostAt;

    /** Where messages are copied to before they are handed out; none for BLOCK. */
    private final MemorySegment copy;

    /** Of DROP_NEWEST alone. */
    private final Backlog backlog;

    /** The next number, and how many void ones there were before it. */
    private long next;

    private int voids;
    private long taken;
    private volatile long lost;

    /** What {@link #find} has found. */
    private int found;

    private long index;
    private int length;

    /** The tail when it was read last. */
    private long tail;

    private long tailWord;

    /** How many empty drains there were: not each asks whether a producer lives. */
    private int idle;

    BroadcastReader(BroadcastMemory memory, int slot, int generation, Policy policy) {
        this.memory = memory;
        this.policy = policy;
        long at = RingLayout.slot(slot);
        this.policyAt = at + BroadcastLayout.POLICY;
        this.takenAt = at + BroadcastLayout.TAKEN;
        this.nextAt = at + BroadcastLayout.NEXT;
        this.lostAt = at + BroadcastLayout.LOST;
        this.copy =
                policy == Policy.DROP_OLDEST || policy == Policy.LATEST
                        ? Arena.ofAuto().allocate(Math.max(1, memory.longest), Long.BYTES)
                        : MemorySegment.NULL;
        this.backlog = policy == Policy.DROP_NEWEST ? new Backlog(memory.capacity) : null;
        join(BroadcastLayout.policy(policy, generation));
    }

    Policy policy() {
        return policy;
    }

    long lost() {
        return lost;
    }

    long taken() {
        return taken;
    }

    /** Hands out what is there; how many messages. */
    int drain(RingHandler handler, int limit) {
        int count =
                switch (policy) {
                    case BLOCK -> drainInPlace(handler, limit);
                    case DROP_OLDEST -> drainCopies(handler, limit);
                    case DROP_NEWEST -> drainBacklog(handler, limit);
                    case LATEST -> drainLatest(handler, limit);
                };
        if (count == 0 && (++idle & LOOKS - 1) == 0) {
            skipLeft();
        }
        return count;
    }

    /** Whether the next drain would find nothing. */
    boolean isEmpty() {
        return !(backlog != null && backlog.count() > 0) && !find();
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
            next++;
            voids++;
            tell();
        }
    }

    /** Whether {@link #isEmpty()} would say no: for any thread, moves nothing. */
    boolean isReady() {
        if (backlog != null && backlog.count() > 0) {
            return true;
        }
        long at = memory.word(nextAt);
        for (int look = 0; look < memory.count; look++, at++) {
            long entry = memory.entry(at);
            if (!memory.isOf(entry, at)) {
                return memory.tail() - at > 0;
            }
            int state = BroadcastLayout.state(entry);
            if (state == BroadcastLayout.PUBLISHED) {
                return true;
            }
            if (state == BroadcastLayout.CLAIMED && !memory.isLeft(entry)) {
                return false;
            }
        }
        return true;
    }

    /** How many messages were published and neither taken nor lost. */
    long lagMessages() {
        long waiting = backlog == null ? 0 : backlog.count();
        long at = next;
        if (isOvertaken(at)) {
            at = next;
        }
        for (; ; at++) {
            long entry = memory.entry(at);
            if (!memory.isOf(entry, at)
                    || BroadcastLayout.state(entry) == BroadcastLayout.CLAIMED) {
                return waiting;
            }
            if (BroadcastLayout.state(entry) == BroadcastLayout.PUBLISHED) {
                waiting++;
            }
        }
    }

    /** How many bytes of the ring lie between this subscriber and the producers. */
    long lagBytes() {
        long tail = memory.tail();
        long from = memory.entry(Math.max(tail, next) - 1);
        long to = memory.entry(memory.cursor() - 1);
        long bytes = BroadcastLayout.distance(BroadcastLayout.end(from), BroadcastLayout.end(to));
        return Math.min(bytes << 3, memory.capacity);
    }

    /** The producers wait for it no longer. */
    void leave() {
        LONG.setRelease(memory.all, policyAt, 0L);
    }

    private int drainInPlace(RingHandler handler, int limit) {
        int count = 0;
        while (count < limit && find()) {
            handler.onMessage(memory.records, index, length);
            KillPoints.pass("subscriber.handled");
            took();
            count++;
        }
        return count;
    }

    private int drainCopies(RingHandler handler, int limit) {
        int count = 0;
        while (count < limit && find()) {
            if (isCopied(next, copy, 0)) {
                handler.onMessage(copy, 0, length);
                KillPoints.pass("subscriber.handled");
                took();
                count++;
            }
        }
        return count;
    }

    private int drainLatest(RingHandler handler, int limit) {
        int count = 0;
        while (count < limit && find()) {
            long last = next;
            int lastVoids = voids;
            int passed = 0;
            int voidsHere = voids;
            for (long at = next + 1; at - next < memory.count; at++) {
                long entry = memory.entry(at);
                int state = BroadcastLayout.state(entry);
                if (!memory.isOf(entry, at) || state == BroadcastLayout.CLAIMED) {
                    break;
                }
                if (state == BroadcastLayout.VOID) {
                    voidsHere++;
                } else {
                    last = at;
                    lastVoids = voidsHere;
                    passed++;
                }
            }
            if (describe(last) && isCopied(last, copy, 0)) {
                handler.onMessage(copy, 0, length);
                KillPoints.pass("subscriber.handled");
                lose(passed);
                next = last;
                voids = lastVoids;
                took();
                count++;
            }
        }
        return count;
    }

    private int drainBacklog(RingHandler handler, int limit) {
        int count = 0;
        fill();
        while (count < limit && backlog.count() > 0) {
            long first = backlog.first();
            handler.onMessage(backlog.memory, first, backlog.length(first));
            KillPoints.pass("subscriber.handled");
            backlog.remove();
            taken++;
            LONG.setRelease(memory.all, takenAt, taken);
            count++;
            fill();
        }
        return count;
    }

    /** Takes what has come into the backlog, and drops what does not fit; a lap at the most. */
    private void fill() {
        for (int look = 0; look < memory.count && find(); look++) {
            long room = backlog.room(length);
            if (room < 0) {
                lose(1);
                next++;
                tell();
            } else if (isCopied(next, backlog.memory, room)) {
                backlog.add(length);
                next++;
                tell();
            }
        }
    }

    /** Goes to the next message, and describes it; false if there is none, {@link #found} why. */
    private boolean find() {
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
                next++;
                voids++;
                tell();
            }
        }
    }

    /** Reads where a message is; false if it is overwritten. */
    private boolean describe(long sequence) {
        long second = (long) LONG.getOpaque(memory.all, memory.entryAt(sequence) + Long.BYTES);
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
    private boolean isCopied(long sequence, MemorySegment to, long at) {
        MemorySegment.copy(memory.records, index, to, at, length);
        VarHandle.acquireFence(); // the tail that let other bytes in comes before them
        return !isOvertaken(sequence);
    }

    /**
     * Whether a message may be overwritten; if so, this has gone on to the oldest that is not, and
     * counted what lay between.
     */
    private boolean isOvertaken(long sequence) {
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

    private void took() {
        taken++;
        LONG.setRelease(memory.all, takenAt, taken);
        next++;
        tell();
    }

    private void lose(long messages) {
        if (messages != 0) {
            lost += messages; // one thread writes
            LONG.setRelease(memory.all, lostAt, lost);
        }
    }

    private void tell() {
        LONG.setRelease(memory.all, nextAt, next); // pairs with getAcquire in unblocked()
        KillPoints.pass("subscriber.told");
    }

    private void join(long policyWord) {
        readTail();
        LONG.setRelease(memory.all, nextAt, tail);
        KillPoints.pass("subscribe.placed");
        LONG.setRelease(memory.all, policyAt, policyWord);
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
}
