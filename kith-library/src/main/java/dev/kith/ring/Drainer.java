// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static dev.kith.ring.RingLayout.HEADER_BYTES;

import dev.kith.memory.Words;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/** The one consumer of a ring of either flavour. One thread at a time. */
final class Drainer {
    /*
     * `taken` says what a successor begins at, and is exact: it moves after each message, when the
     * handler has returned. So a consumer that dies leaves everything that it has not taken, and at
     * most the message in its hand is delivered twice.
     *
     * `released` says what the producers may use again, and moves every eighth of the ring and at
     * the end of a drain: they read it only when they need room.
     *
     *   1. the handler has returned
     *   2. taken = end of the record, release
     *   3. (many producers) zero everything from `released` to `taken`: free room is zero, so that
     *      a place that was claimed and not published reads 0
     *   4. released = taken, release
     *
     *   died after   a successor
     *   1            delivers that message again
     *   2, 3         begins behind it; zeroes from `released` to `taken` (again), then does 4
     *   4            the same, with nothing to zero
     */
    private static final MemorySegment ZEROS = RingLayout.zeros();

    private final RingMemory memory;
    private final Words words;
    private final Words data;
    private final MemorySegment records;
    private final long capacity;
    private final int longest;
    private final long takenAt;
    private final long releasedAt;
    private final long eighth;

    /** Whether free room is zero: many producers. */
    private final boolean zeroes;

    private long taken;
    private long released;

    /** Of no use; what is not kept would not be loaded. */
    private long behind;

    /** How many empty drains there were since the last record: not each looks for a gap. */
    private int idle;

    private BooleanSupplier goesOn = () -> true;

    Drainer(RingMemory memory) {
        this.memory = memory;
        this.words = memory.words;
        this.data = memory.data;
        this.records = memory.records;
        this.capacity = memory.capacity;
        this.longest = memory.longest;
        this.takenAt = memory.cursors + RingLayout.TAKEN;
        this.releasedAt = memory.cursors + RingLayout.RELEASED;
        this.eighth = capacity / 8;
        this.zeroes = memory.many;
        this.released = memory.released();
        this.taken =
                RingLayout.checked(
                        "the consumer's position",
                        memory.taken(),
                        RingLayout.checked("what is free", released, 0, Long.MAX_VALUE),
                        capacity);
        release();
    }

    /**
     * Sets what is asked when room was given back in the middle of a drain: whether it shall go on.
     */
    void whenReleased(BooleanSupplier goesOn) {
        this.goesOn = goesOn;
    }

    /** Hands out what is there; how many messages. */
    int drain(RingHandler handler, int limit) {
        Words data = this.data;
        MemorySegment records = this.records;
        long mask = capacity - 1;
        long at = taken;
        int count = 0;
        fetchBehind(at);
        while (count < limit) {
            long index = at & mask;
            long word = data.getAcquire(index); // pairs with setRelease in publish()
            if (!RingLayout.isTagged(word, at)) {
                break;
            }
            int extent = RingLayout.extent(word, at, capacity, longest);
            if (extent > 0) {
                handler.onMessage(records, index + HEADER_BYTES, RingLayout.length(word));
                KillPoints.pass("drain.handled");
                count++;
            }
            at += Math.abs(extent);
            taken = at;
            words.setRelease(takenAt, at); // read by a successor
            KillPoints.pass("drain.taken");
            if (at - released >= eighth) {
                release();
                if (!goesOn.getAsBoolean()) {
                    break;
                }
            }
        }
        if (at != released) {
            release();
        }
        if (count == 0 && zeroes && (++idle & 63) == 0) {
            skipGap();
        }
        return count;
    }

    /** Whether the next drain would find nothing; skips what a dead producer left. */
    boolean isEmpty() {
        fetchBehind(taken);
        for (; ; ) {
            int extent = memory.extent(taken);
            if (extent == 0) {
                return true;
            }
            if (extent > 0) {
                return false;
            }
            pass(-extent);
        }
    }

    /** Skips a claim that a dead producer left here; false if there is none. */
    boolean skipGap() {
        if (!zeroes || !isEmpty()) {
            return false;
        }
        int bytes = Gap.find(memory, taken, released);
        if (bytes == 0) {
            return false;
        }
        pass(bytes);
        KillPoints.pass("gap.taken");
        words.setRelease(RingLayout.LOST, memory.word(RingLayout.LOST) + 1);
        release();
        return true;
    }

    /**
     * Lets the producers have the pads that {@link #isEmpty} has passed; false if there are none.
     */
    boolean giveBack() {
        if (taken == released) {
            return false;
        }
        release();
        return true;
    }

    /** Bytes between the consumer and the end of what was published or, of many, claimed. */
    long backlogBytes() {
        return memory.end(taken) - taken;
    }

    /**
     * Lets the line behind the place come while the place is looked at, so that a message of two
     * lines takes the time of one. The acquire that finds the message orders what is read of it.
     */
    private void fetchBehind(long at) {
        behind = data.getOpaque(at + RingLayout.LINE_BYTES & capacity - 1 & -8);
    }

    private void pass(int bytes) {
        taken += bytes;
        words.setRelease(takenAt, taken); // read by a successor
    }

    private void release() {
        long end = taken;
        if (zeroes) {
            zero(released, end);
            KillPoints.pass("drain.zeroed");
        }
        released = end;
        words.setRelease(releasedAt, end); // pairs with getAcquire in the claimers' refresh()
        KillPoints.pass("drain.released");
    }

    private void zero(long from, long to) {
        for (long at = from; at < to; ) {
            long index = at & capacity - 1;
            long bytes = Math.min(Math.min(to - at, capacity - index), ZEROS.byteSize());
            MemorySegment.copy(ZEROS, 0, records, index, bytes);
            at += bytes;
        }
    }
}
