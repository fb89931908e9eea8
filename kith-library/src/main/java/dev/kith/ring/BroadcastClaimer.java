// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.invoke.VarHandle;

/** One of the producers of a broadcast. For the states and the proof see BroadcastMemory. */
final class BroadcastClaimer implements Claimer {
    private static final int UNIT_SHIFT = 3;

    private final BroadcastMemory memory;
    private final Runnable wakeProducers;
    private final int slot;
    private final long capacityUnits;
    private final long mask;
    private final int count;

    private long sequence;
    private long claimed;
    private long payload;

    /**
     * A producer.
     *
     * @param wakeProducers run after each publication: others may wait for this claim, because they
     *     have come around the ring to it
     */
    BroadcastClaimer(BroadcastMemory memory, int slot, Runnable wakeProducers) {
        this.memory = memory;
        this.wakeProducers = wakeProducers;
        this.slot = slot;
        this.capacityUnits = memory.capacity >>> UNIT_SHIFT;
        this.mask = memory.capacity - 1;
        this.count = memory.count;
    }

    @Override
    public boolean tryClaim(int length) {
        BroadcastMemory memory = this.memory;
        long units = length + 7 >>> UNIT_SHIFT;
        for (; ; ) {
            long next = memory.cursor();
            long before = memory.entry(next - 1);
            long entry = memory.entry(next);
            if (!memory.isOf(before, next - 1)) {
                check(next);
                continue;
            }
            if (memory.isOf(entry, next)) {
                memory.passCursor(next); // its producer has not come to it, or has died
                continue;
            }
            if (!memory.isOf(entry, next - count)) {
                check(next);
                continue;
            }
            long tailWord = memory.tailWord();
            long tail = BroadcastLayout.sequence(tailWord, next);
            if (tail - next > 0) {
                check(next);
                continue;
            }
            long last = memory.entry(tail - 1);
            if (next - tail >= count || !memory.isOf(last, tail - 1)) {
                checkTail(next, tailWord);
                continue;
            }
            long begin = BroadcastLayout.end(before);
            long index = begin << UNIT_SHIFT & mask;
            long toWrap = capacityUnits - (index >>> UNIT_SHIFT);
            long skipped = units <= toWrap ? 0 : toWrap;
            long end = begin + skipped + units;
            if (next - tail > count - 2
                    || BroadcastLayout.distance(BroadcastLayout.end(last), end) > capacityUnits) {
                if (evict(next, end, tail, tailWord)) {
                    continue;
                }
                return false;
            }
            long mine = BroadcastLayout.claimed(memory.tag(next), slot, end);
            if (memory.words.compareAndSet(memory.entryAt(next), entry, mine)) {
                KillPoints.pass("broadcast.claim.won");
                memory.passCursor(next);
                KillPoints.pass("broadcast.claim.passed");
                VarHandle.storeStoreFence(); // the tail that lets the payload in comes before it
                this.sequence = next;
                this.claimed = mine;
                this.payload = (begin + skipped << UNIT_SHIFT) & mask;
                return true;
            }
        }
    }

    @Override
    public long payload() {
        return payload;
    }

    @Override
    public boolean publish(int length) {
        long second = payload >>> UNIT_SHIFT << Integer.SIZE | length;
        memory.words.setOpaque(memory.entryAt(sequence) + Long.BYTES, second);
        KillPoints.pass("broadcast.publish.described");
        resolve(BroadcastLayout.PUBLISHED);
        KillPoints.pass("broadcast.publish.published");
        return true;
    }

    @Override
    public void abandon() {
        resolve(BroadcastLayout.VOID);
        KillPoints.pass("broadcast.abandoned");
    }

    @Override
    public void hold(boolean on) {
        // A claim kept back keeps everybody's messages behind it back.
    }

    @Override
    public boolean flush() {
        return false;
    }

    @Override
    public int room() {
        return -1; // what is claimed too much is lost until the next lap
    }

    @Override
    public void sweep() {
        memory.settle(-1);
        memory.dismiss();
    }

    /** The sequence number of the claim. */
    long sequence() {
        return sequence;
    }

    private void resolve(int state) {
        long resolved = BroadcastLayout.withState(claimed, state);
        memory.words.setRelease(memory.entryAt(sequence), resolved); // pairs with entry()
        wakeProducers.run();
    }

    /**
     * Makes room for a claim that ends at {@code end}, and some more.
     *
     * @return false if there is none to be made now
     */
    private boolean evict(long next, long end, long tail, long tailWord) {
        BroadcastMemory memory = this.memory;
        long to = tail;
        while (to != next) {
            long enough = BroadcastLayout.distance(BroadcastLayout.end(memory.entry(to - 1)), end);
            if (enough <= capacityUnits - (capacityUnits >> 3)
                    && next - to <= count - (count >> 3)) {
                break;
            }
            long entry = memory.entry(to);
            if (!memory.isOf(entry, to)) {
                checkTail(next, tailWord);
                return true;
            }
            if (BroadcastLayout.state(entry) == BroadcastLayout.CLAIMED) {
                break;
            }
            to++;
        }
        // Whose policy this does not see looks at the entries after this did: see
        // BroadcastReader.join
        VarHandle.fullFence();
        to = memory.unblocked(tail, to);
        if (to == tail) {
            return memory.tailWord() != tailWord;
        }
        int voids = BroadcastLayout.voids(tailWord);
        for (long each = tail; each != to; each++) {
            if (BroadcastLayout.state(memory.entry(each)) == BroadcastLayout.VOID) {
                voids++;
            }
        }
        boolean _ = memory.moveTail(tailWord, BroadcastLayout.tail(to, voids));
        KillPoints.pass("broadcast.evicted");
        return true;
    }

    /** What was read does not fit: it has moved meanwhile, or is damaged. */
    private void check(long next) {
        if (memory.cursor() == next) {
            throw memory.damaged(
                    "its entry, or the one before, or the tail is not of its lap", next);
        }
    }

    private void checkTail(long next, long tailWord) {
        if (memory.tailWord() == tailWord) {
            check(next);
        }
    }
}
