// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Parking;

/**
 * How readers and a writer keep out of each other's way; after the phase-fair locks of Brandenburg
 * and Anderson (2009): readers and writers take turns when both wait.
 */
final class ReadersAndWriter {
    /*
     * The object's own part (Kind):
     *
     *    +0 | the writer (RobustLock), 64 bytes                  |
     *   +64 | hint  u32  readers may wait                        |
     *   +68 | hint  u32  a writer may wait until readers are out |
     *   +72 +----------------------------------------------------+
     *
     * and a count in each party's slot (ReaderCounts).
     *
     * A reader counts himself, and looks at the writer's word: if it is free, he is in; if not, he
     * takes his count back, and waits. A writer takes the word, and looks at the counts: when all
     * are 0, he is in. Both write first, and look then, so one of the two sees the other.
     *
     * So a writer that has the word keeps new readers out, and waits only for those inside. When he
     * unlocks, he first tells all readers that wait: who was told is in, even if the next writer
     * takes the word before he runs. A writer therefore looks whether anybody was told and still has
     * his entry, and then at the counts: who was told counts himself before he gives the entry back.
     * That is the turn of the readers, at each unlock; so neither starves the other.
     *
     *   died                                  leaves
     *   a reader, counted or told             a count, an entry of the dead, which nobody respects
     *   a writer with the word                a word of the dead: the next writer takes it over, or
     *                                         a reader frees it, and both see "recovered"
     *   a writer that has told some           the same; those are in
     *   either, before he woke another        the others hear of the death, and look
     */
    static final long WRITER = 0;
    static final long READERS_HINT = 64;
    static final long DRAIN_HINT = 68;
    static final long BYTES = 72;

    static final int FOR_WRITING = 1;
    static final int FOR_READING = WaitTable.TO_ALL | 2;
    static final int FOR_READERS_TO_LEAVE = 3;

    private final Member member;
    private final RobustLock writer;
    private final ReaderCounts counts;
    private final WaitPlace readers;
    private final WaitPlace drain;

    ReadersAndWriter(Member member, long at) {
        this.member = member;
        this.writer = new RobustLock(member, at + WRITER, FOR_WRITING, false);
        this.counts = new ReaderCounts(member);
        this.readers = new WaitPlace(member, at + READERS_HINT, FOR_READING);
        this.drain = new WaitPlace(member, at + DRAIN_HINT, FOR_READERS_TO_LEAVE);
    }

    RobustLock writer() {
        return writer;
    }

    ReaderCounts counts() {
        return counts;
    }

    /** Counts a reader who is in anyhow: his thread is the writer. */
    void enterAsWriter() {
        counts.enter();
    }

    /** Lets a reader in if no living writer has the word. */
    boolean tryEnter() {
        do {
            counts.enter();
            if (writer.isFree()) {
                return true;
            }
            leave();
        } while (writer.freeIfLeft());
        return false;
    }

    /**
     * Lets a reader in, waiting for it.
     *
     * @return false if the time has passed
     */
    boolean enter(long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (tryEnter()) {
            return true;
        }
        if (WaitPlace.hasPassed(deadline)) {
            return false;
        }
        return readers.spin(writer::isFree, deadline) && tryEnter() || awaitTurn(deadline);
    }

    /** For a reader that was let in. */
    void leave() {
        counts.leave();
        drain.wakeFirst();
    }

    /** Lets the writer in if nobody else is. */
    boolean tryLock(Thread thread) {
        if (!writer.tryLock(thread)) {
            return false;
        }
        if (areReadersOut()) {
            return true;
        }
        unlock();
        return false;
    }

    /**
     * Lets the writer in, waiting for it; for a thread that neither reads nor writes.
     *
     * @return false if the time has passed
     */
    boolean lock(Thread thread, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (WaitPlace.hasPassed(deadline)) {
            return tryLock(thread);
        }
        if (!writer.lock(thread, deadline)) {
            return false;
        }
        boolean locked = false;
        try {
            locked = drain.awaitUntil(this::areReadersOut, deadline);
        } finally {
            if (!locked) {
                unlock();
            }
        }
        return locked;
    }

    void lockUninterruptibly(Thread thread) {
        Persistent.await(() -> lock(thread, Parking.FOREVER));
    }

    /** For the writer. */
    void unlock() {
        readers.tellAll();
        writer.unlock();
        readers.wakeAll(); // who came in between
    }

    private boolean awaitTurn(long deadline) throws InterruptedException {
        try (WaitEntry entry = readers.enter()) {
            for (; ; ) {
                try {
                    if (!entry.await(() -> entry.isTold() || writer.isFreeOrLeft(), deadline)
                            && entry.giveUp()) {
                        return false;
                    }
                } catch (InterruptedException interrupted) {
                    if (entry.giveUp()) {
                        throw interrupted;
                    }
                    Thread.currentThread().interrupt(); // told before: it is in
                }
                if (entry.isTold()) {
                    counts.enter();
                    return true;
                }
                if (tryEnter()) {
                    return true;
                }
            }
        } finally {
            drain.wakeFirst(); // if it was told and is not in, or is told when it is in already
        }
    }

    /** In this order: who was told is counted before his entry is gone. */
    private boolean areReadersOut() {
        return !readers.isAnybodyTold() && !counts.isAnybody();
    }
}
