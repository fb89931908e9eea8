// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Closed;
import dev.kith.memory.AttachTable;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;

/** Who holds which block of a {@link MemoryPool}. */
final class PoolMemory {
    /*
     * One word of 64 bits for each block:
     *
     *   63 .. 42     41 .. 32   31 .. 24   23 .. 0
     *   generation   version    under way  a bit for each slot whose party holds it
     *
     *   from                   to                                  by
     *   free                   mine                                allocate
     *   under way              one less, and mine                  take
     *   held                   held by me, too                     open
     *   mine, others' or not   not mine, one more under way        pass
     *   mine, others' or not   not mine                            close
     *   a dead one's           not his                             who looks for a free one; who
     *                                                              gets his slot, before he has it
     *
     * Free is what has neither bits nor is under way; the generation grows with each step to that,
     * so a reference, which has it, is of one holding and no later one (of 4 million). Each step is
     * one compare-and-set and leaves a whole state, so a death leaves no other than bits of the
     * dead, and blocks under way.
     *
     * Who takes a dead one's bit away has loaded the word, then has seen that the slot is gone, and
     * then exchanges that word. Had the slot become another's before he looked, it were not gone;
     * had it afterwards, its bits were taken away first, and the version, which grows with each
     * step, is another.
     *
     * How often this process holds a block by this handle is counted here: the bit goes with the
     * last. Who frees a block wakes one who waits; who waited and got one wakes the next if there
     * is another, as two wake-ups may have met one thread.
     */
    static final long NONE = 0;

    private static final int UNDER_WAY_SHIFT = PoolShape.SLOTS;
    private static final int UNDER_WAY = 0xff;
    private static final long ONE_UNDER_WAY = 1L << UNDER_WAY_SHIFT;
    private static final int VERSION_SHIFT = 32;
    private static final long VERSION = 0x3ff;
    private static final int GENERATION_SHIFT = 42;
    private static final long GENERATION = 0x3fffff;
    private static final long HOLDERS = (1L << PoolShape.SLOTS) - 1;
    private static final long IN_USE = HOLDERS | (long) UNDER_WAY << UNDER_WAY_SHIFT;

    /** In every reference, so that no other number is one by chance. */
    private static final long TAG = 0x4bL;

    private static final int TAG_SHIFT = 54;

    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Member member;
    private final Region region;
    private final MemorySegment data;
    private final PoolShape shape;
    private final WaitPlace place;
    private final long bit;

    /** How often each block is held by this handle; guarded by this. */
    private final int[] holds;

    private boolean closed;
    private int next;

    PoolMemory(Member member, long own, PoolShape shape) {
        this.member = member;
        this.region = member.region();
        this.data = region.data();
        this.shape = shape;
        this.place = new WaitPlace(member, own + PoolShape.HINT, 1);
        this.bit = 1L << member.slot();
        this.holds = new int[shape.blocks()];
    }

    /** Takes from a slot what it holds, as its party has left. */
    static void release(Region region, PoolShape shape, int slot) {
        MemorySegment data = region.data();
        for (int block = 0; block < shape.blocks(); block++) {
            takeAway(region.table(), data, block, 1L << slot);
        }
    }

    /** A reference of a block that nobody else holds; {@link #NONE} if there is none. */
    synchronized long tryAllocate() {
        checkOpen();
        long found = allocateFree();
        if (found == NONE && sweep()) {
            found = allocateFree();
        }
        return found;
    }

    /** The same, after it was waited for; {@link #NONE} if the time has passed. */
    long allocate(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long now = tryAllocate();
        if (now != NONE) {
            return now;
        }
        long[] found = new long[1];
        try {
            place.await(_ -> (found[0] = tryAllocate()) != NONE, deadline);
        } finally {
            if (count(word -> (word & IN_USE) == 0) > 0) {
                place.wakeFirst();
            }
        }
        return found[0];
    }

    /**
     * Holds the block of a reference by this handle.
     *
     * @param passed whether it is taken over from a message, else in addition to others
     * @return false if it is not there
     */
    synchronized boolean hold(long reference, boolean passed) {
        int block = block(reference);
        checkOpen();
        for (; ; ) {
            long word = word(block);
            if (generation(word) != generation(reference, block)
                    || (passed ? underWay(word) == 0 : (word & IN_USE) == 0)) {
                return false;
            }
            if (exchange(block, word, (word | bit) - (passed ? ONE_UNDER_WAY : 0))) {
                holds[block]++;
                return true;
            }
        }
    }

    /** Lets go of a block; on behalf of a message, if that is to hold it from now on. */
    synchronized void letGo(long reference, boolean pass) {
        int block = block(reference);
        if (pass) {
            checkOpen();
        } else if (closed) {
            return; // it was given up with all others
        }
        for (; ; ) {
            long word = word(block);
            if (pass && underWay(word) == UNDER_WAY) {
                throw new IllegalStateException(
                        region
                                + ": block "
                                + block
                                + " is under way in "
                                + UNDER_WAY
                                + " messages already");
            }
            long without = holds[block] == 1 ? word & ~bit : word;
            long to = without + (pass ? ONE_UNDER_WAY : 0);
            if (exchange(block, word, to)) {
                holds[block]--;
                if ((to & IN_USE) == 0) {
                    place.wakeFirst();
                }
                return;
            }
        }
    }

    /** Lets go of all blocks, for good. */
    synchronized void letGo() {
        for (int block = 0; block < holds.length; block++) {
            while (holds[block] > 0) {
                letGo(reference(block, word(block)), false);
            }
        }
        closed = true;
    }

    MemorySegment segment(long reference) {
        return data.asSlice(shape.at(block(reference)), shape.blockBytes());
    }

    int available() {
        sweep();
        return count(word -> (word & IN_USE) == 0);
    }

    int underWay() {
        return count(word -> underWay(word) > 0);
    }

    int reclaim() {
        int reclaimed = 0;
        for (int block = 0; block < shape.blocks(); block++) {
            for (long word = word(block); underWay(word) > 0; word = word(block)) {
                if (exchange(block, word, word & ~((long) UNDER_WAY << UNDER_WAY_SHIFT))) {
                    reclaimed++;
                    place.wakeFirst();
                    break;
                }
            }
        }
        return reclaimed;
    }

    private long allocateFree() {
        for (int tries = 0; tries < shape.blocks(); tries++) {
            int block = next;
            next = (next + 1) % shape.blocks();
            for (long word = word(block); (word & IN_USE) == 0; word = word(block)) {
                if (exchange(block, word, word | bit)) {
                    holds[block] = 1;
                    return reference(block, word);
                }
            }
        }
        return NONE;
    }

    /** Takes the blocks of the dead away; whether there were any. */
    private boolean sweep() {
        long gone = 0;
        for (int slot = 0; slot < PoolShape.SLOTS; slot++) {
            gone |= member.isGone(slot) ? 1L << slot : 0;
        }
        boolean any = false;
        for (int block = 0; gone != 0 && block < shape.blocks(); block++) {
            any |= takeAway(region.table(), data, block, gone);
        }
        return any;
    }

    /** Takes a block from those of some slots that are gone; whether any were. */
    private static boolean takeAway(AttachTable table, MemorySegment data, int block, long slots) {
        for (; ; ) {
            long word = (long) LONG.getAcquire(data, 8L * block);
            long gone = 0;
            for (long left = word & slots; left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                gone |= table.isAlive(slot) ? 0 : 1L << slot;
            }
            if (gone == 0) {
                return false;
            }
            if (LONG.compareAndSet(data, 8L * block, word, stepped(word, word & ~gone))) {
                KillPoint.pass();
                return true;
            }
        }
    }

    private boolean exchange(int block, long from, long to) {
        // release and acquire: what was written into the block before it was let go is seen by who
        // gets it
        boolean exchanged = LONG.compareAndSet(data, 8L * block, from, stepped(from, to));
        if (exchanged) {
            KillPoint.pass();
        }
        return exchanged;
    }

    /** With the version, and the generation if it became free. */
    private static long stepped(long from, long to) {
        long version = (from >>> VERSION_SHIFT) + 1 & VERSION;
        boolean freed = (from & IN_USE) != 0 && (to & IN_USE) == 0;
        long generation = generation(from) + (freed ? 1 : 0) & GENERATION;
        return generation << GENERATION_SHIFT | version << VERSION_SHIFT | to & IN_USE;
    }

    private int count(LongPredicate which) {
        int count = 0;
        for (int block = 0; block < shape.blocks(); block++) {
            count += which.test(word(block)) ? 1 : 0;
        }
        return count;
    }

    private long word(int block) {
        return (long) LONG.getAcquire(data, 8L * block);
    }

    private static long generation(long word) {
        return word >>> GENERATION_SHIFT;
    }

    private static int underWay(long word) {
        return (int) (word >>> UNDER_WAY_SHIFT) & UNDER_WAY;
    }

    private static long reference(int block, long word) {
        return TAG << TAG_SHIFT | generation(word) << Integer.SIZE | block;
    }

    private int block(long reference) {
        int block = (int) reference;
        if (reference >>> TAG_SHIFT != TAG || block < 0 || block >= shape.blocks()) {
            throw new IllegalArgumentException(
                    "0x"
                            + Long.toHexString(reference)
                            + " is no reference of a block of the pool "
                            + member
                            + ", "
                            + shape);
        }
        return block;
    }

    private static long generation(long reference, int block) {
        return (reference ^ block) >>> Integer.SIZE & GENERATION;
    }

    private void checkOpen() {
        if (closed || region.isClosed()) {
            throw new Closed(member + " is closed");
        }
    }
}
