// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Peer;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Parking;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A mutual exclusion of threads of any process whose owner may die: the next who wants it finds out
 * and has it, and is told. One such lock takes 64 bytes of a region.
 */
final class RobustLock {
    /*
     *   0  u32 word
     *   4  u32 hint       somebody may wait (Hint)
     *   8  u64 owner      mark of the owner << 32 ^ the number of the thread; 0: none
     *  16  u32 holds      how often the owner has locked it
     *  20  u32 turn       grows with each owner, so that others see whether it is still the same
     *  24  u64 last dead  the pid of the last owner that died
     *
     *  word:  31 .. 17      16          15 .. 0
     *         of the owner  recovered   of the owner: Member.mark(), 0: free
     *
     *   from                     to                        by
     *   free                     mine                      compare-and-set
     *   of one who has left      mine, recovered           compare-and-set
     *   of one who has left      free, recovered           compare-and-set, before the slot is given
     *                                                      to another, and of who does not want it
     *   mine                     free                      a store of the owner, release
     *   mine, recovered          mine                      a store of the owner: markConsistent
     *
     * "Recovered" stays with the word through all owners until one takes it away.
     *
     *   died after                  leaves
     *   the word was taken          an owner that is dead, so it is taken over
     *   holds, turn, owner          the same
     *   owner = 0 (unlock)          the same: it held it still
     *   word = free                 a free lock, and maybe who sleeps: his process hears of the
     *                               death, and looks
     *
     * Who calls is the owner if `owner` names its mark and thread: this it has written itself, and
     * before it unlocks it takes it out. What a dead owner left there names the mark of the dead.
     * No mark comes back, so a compare-and-set from the word of one who was seen to have left
     * never takes the lock from another.
     *
     * To lock what is free is one compare-and-set, to unlock it one store and, after the barrier
     * that who falls asleep makes this process pass (Fence), a look at the hint.
     *
     * Who waits does so at a place (WaitPlace). Who unlocks wakes the one who came first; he sleeps again if another was faster, and is
     * woken by that one. A fair lock is taken only by who came first, and by nobody else while
     * somebody waits. Who gives up, or is woken in vain, wakes the next if the lock is free.
     */
    static final long BYTES = 64;

    private static final long WORD = 0;
    private static final long HINT = 4;
    private static final long OWNER_AT = 8;
    private static final long HOLDS = 16;
    private static final long TURN = 20;
    private static final long LAST_DEAD = 24;

    /** One who has not given it back then has failed in between, and never will. */
    private static final long LONGEST_DRAIN_NANOS = 1_000_000_000;

    /** Between two looks of one for whom the wait table has no room. */
    private static final long POLL_NANOS = 500_000;

    private static final int RECOVERED = 1 << 16;
    private static final int OWNER = ~RECOVERED;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Member member;
    private final MemorySegment memory;
    private final WaitPlace place;
    private final boolean fair;
    private final int mine;
    private final long wordAt;
    private final long ownerAt;
    private final long holdsAt;
    private final long turnAt;
    private final long lastDeadAt;

    /**
     * A lock of a region.
     *
     * @param at where it is
     * @param what its number among all that can be waited for in the region
     */
    RobustLock(Member member, long at, int what, boolean fair) {
        this.member = member;
        this.memory = member.region().segment();
        this.place = new WaitPlace(member, at + HINT, what);
        this.fair = fair;
        this.mine = member.mark();
        this.wordAt = at + WORD;
        this.ownerAt = at + OWNER_AT;
        this.holdsAt = at + HOLDS;
        this.turnAt = at + TURN;
        this.lastDeadAt = at + LAST_DEAD;
    }

    /** Takes the lock from a slot whose party has left, so that the slot can be another's. */
    static void release(Region region, long at, int slot) {
        MemorySegment memory = region.segment();
        for (; ; ) {
            int word = (int) INT.getAcquire(memory, at + WORD);
            int mark = word & OWNER;
            if (Member.slotOf(mark) != slot || !Member.hasLeft(region.table(), mark)) {
                return;
            }
            if (INT.compareAndSet(memory, at + WORD, word, RECOVERED)) {
                KillPoint.pass();
                return;
            }
        }
    }

    /** Whether nobody has it. Ordered as a volatile read is. */
    boolean isFree() {
        return ((int) INT.getVolatile(memory, wordAt) & OWNER) == 0;
    }

    /** Whether nobody who lives has it. */
    boolean isFreeOrLeft() {
        int word = (int) INT.getVolatile(memory, wordAt);
        return (word & OWNER) == 0 || isGone(word);
    }

    /** Frees it if its owner has died; whether it did. For one who does not want it himself. */
    boolean freeIfLeft() {
        int word = (int) INT.getVolatile(memory, wordAt);
        boolean freed =
                (word & OWNER) != 0
                        && isGone(word)
                        && INT.compareAndSet(memory, wordAt, word, RECOVERED);
        KillPoint.pass();
        return freed;
    }

    /** Takes it if it is free now; a fair one only if nobody waits. Makes no system call. */
    boolean tryFree(Thread thread) {
        int word = (int) INT.getOpaque(memory, wordAt);
        return (word & OWNER) == 0
                && !(fair && place.isAnybody())
                && taken(word, word | mine, id(thread));
    }

    /** Takes it if it is free now, or its owner has died. */
    boolean tryLock(Thread thread) {
        if (tryFree(thread)) {
            return true;
        }
        int word = (int) INT.getAcquire(memory, wordAt);
        return (word & OWNER) != 0 && isGone(word) && takenOver(word, id(thread));
    }

    /**
     * Takes it, waiting for it; for a thread that does not hold it.
     *
     * @param deadline a reading of nanoTime, or {@link Parking#FOREVER}
     * @return false if the time has passed
     */
    boolean lock(Thread thread, long deadline) throws InterruptedException {
        return tryFree(thread) || wait(thread, deadline);
    }

    /** Takes it, waiting for it, whether or not the thread is interrupted. */
    void lockUninterruptibly(Thread thread) {
        if (!tryFree(thread)) {
            Persistent.await(() -> lock(thread, Parking.FOREVER));
        }
    }

    /** Gives it back entirely; for its owner. */
    void unlock() {
        LONG.setOpaque(memory, ownerAt, 0L);
        KillPoint.pass();
        int word = (int) INT.get(memory, wordAt);
        if (member.region().isClosed()) {
            // Somebody may have taken it over from one who has left.
            INT.compareAndSet(memory, wordAt, mine | word & RECOVERED, word & RECOVERED);
        } else {
            // release: pairs with the compare-and-set of lock
            INT.setRelease(memory, wordAt, word & RECOVERED);
        }
        KillPoint.pass();
        place.wakeFirst();
    }

    /**
     * Waits, when the handle is closed, until its threads have given it back; for a lock that calls
     * take for a moment. So nobody takes it over from one who is still at it.
     */
    void drain() {
        long begin = System.nanoTime();
        while (((int) INT.getVolatile(memory, wordAt) & OWNER) == mine
                && System.nanoTime() - begin < LONGEST_DRAIN_NANOS) {
            Thread.yield();
        }
    }

    /** Whether a thread of this process owns it. */
    boolean isOwner(Thread thread) {
        long owner = (long) LONG.getOpaque(memory, ownerAt);
        return owner == id(thread) || isOwnerByAnotherHandle(owner, thread);
    }

    /** How often its owner has locked it; for the owner. */
    int holds() {
        return (int) INT.getOpaque(memory, holdsAt);
    }

    /** For the owner. */
    void holds(int count) {
        INT.setOpaque(memory, holdsAt, count);
    }

    /** Whether an owner has died with it, and nobody has said since that all is well. */
    boolean recovered() {
        return ((int) INT.getOpaque(memory, wordAt) & RECOVERED) != 0;
    }

    /** Says that all is well; for the owner. */
    void markConsistent() {
        INT.setRelease(memory, wordAt, (int) INT.get(memory, wordAt) & OWNER);
        KillPoint.pass();
    }

    /** Whether anybody living owns it. */
    boolean isLocked() {
        int word = (int) INT.getAcquire(memory, wordAt);
        return (word & OWNER) != 0 && !isGone(word);
    }

    /** Who owns it, as far as can be seen. */
    Optional<Owner> owner() {
        int word = (int) INT.getAcquire(memory, wordAt);
        long owner = (long) LONG.getOpaque(memory, ownerAt);
        int mark = word & OWNER;
        long thread = thread(owner, mark);
        return mark == 0
                ? Optional.empty()
                : member.peer(Member.slotOf(mark))
                        .map(peer ->
                                new Owner(
                                        peer,
                                        Member.slotOf(mark),
                                        thread >>> Integer.SIZE == 0 ? thread : 0,
                                        turn(),
                                        member.hasLeft(mark)));
    }

    /** The pid of the last owner that died; 0 if none did. */
    long lastDead() {
        return (long) LONG.getOpaque(memory, lastDeadAt);
    }

    int what() {
        return place.what();
    }

    /** An owner; its thread may be 0 for a moment. */
    record Owner(Peer peer, int slot, long thread, int turn, boolean gone) {}

    private boolean isOwnerByAnotherHandle(long owner, Thread thread) {
        int mark = (int) INT.getOpaque(memory, wordAt) & OWNER;
        return owner != 0
                && thread(owner, mark) == thread.threadId()
                && member.isOfThisProcess(Member.slotOf(mark));
    }

    private boolean wait(Thread thread, long deadline) throws InterruptedException {
        if (!fair && place.spin(() -> tryFree(thread), deadline)) {
            return true;
        }
        boolean locked = false;
        try {
            locked = place.await(entry -> tryInTurn(entry, id(thread)), deadline);
        } catch (WaitTable.Full full) {
            // A lock that is taken for a moment must be had even when all entries are taken by
            // those who wait for what is done with it.
            locked = poll(thread, deadline);
        } finally {
            if (!locked) {
                passOn();
            }
        }
        return locked;
    }

    private boolean poll(Thread thread, long deadline) throws InterruptedException {
        while (!tryLock(thread)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (WaitPlace.hasPassed(deadline)) {
                return false;
            }
            member.checkOpen();
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** In any thread: the one that waits may be virtual. */
    private boolean tryInTurn(WaitEntry entry, long id) {
        for (; ; ) {
            int word = (int) INT.getAcquire(memory, wordAt);
            if ((word & OWNER) != 0) {
                if (!isGone(word)) {
                    return false;
                }
                if (takenOver(word, id)) {
                    return true;
                }
            } else if (fair && !entry.isFirst()) {
                return false;
            } else if (taken(word, word | mine, id)) {
                return true;
            }
        }
    }

    private boolean taken(int from, int to, long id) {
        // acquire: pairs with the release of unlock()
        if (!INT.compareAndSet(memory, wordAt, from, to)) {
            return false;
        }
        KillPoint.pass();
        if (member.region().isClosed()) {
            // Others take it for that of one who has left: whoever has not yet shall find it free.
            INT.compareAndSet(memory, wordAt, to, from);
            throw member.closed();
        }
        INT.setOpaque(memory, holdsAt, 1);
        INT.setOpaque(memory, turnAt, turn() + 1);
        LONG.setOpaque(memory, ownerAt, id);
        KillPoint.pass();
        return true;
    }

    private boolean takenOver(int word, long id) {
        long dead = member.peer(Member.slotOf(word & OWNER)).map(Peer::pid).orElse(0L);
        if (!taken(word, mine | RECOVERED, id)) {
            return false;
        }
        LONG.setOpaque(memory, lastDeadAt, dead);
        return true;
    }

    private boolean isGone(int word) {
        return member.hasLeft(word & OWNER);
    }

    private long id(Thread thread) {
        return (long) mine << Integer.SIZE ^ thread.threadId();
    }

    /** The number of the thread; above 2^32 if the word is not of this mark. */
    private static long thread(long owner, int mark) {
        return owner ^ (long) mark << Integer.SIZE;
    }

    private int turn() {
        return (int) INT.getOpaque(memory, turnAt);
    }

    /** Who does not take it must not keep the wake-up that was meant for another. */
    private void passOn() {
        if (((int) INT.getAcquire(memory, wordAt) & OWNER) == 0) {
            place.wakeFirst();
        }
    }
}
