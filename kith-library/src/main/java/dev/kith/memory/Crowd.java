// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

/**
 * Whether more threads want to run than there are processors, so that who spins is in the way.
 * Known by what it does to those who spin: between two looks one of them did not run.
 */
public final class Crowd {
    /*
     * A thread that looks every microsecond or two and finds that half a millisecond has gone was
     * taken off its processor in favour of another. That is what counting runnable threads would
     * try to guess, and it is right where the count is not: in a container with a quota or a set
     * of processors, whose system tells of the whole machine, and on a host that is itself shared.
     * It costs nothing: the clock is read by who spins anyway.
     *
     * A wait that is over within the first looks, a microsecond or two, is not asked: a conversation
     * as fast as that does with its share of the processor what it is there for, and a reading of
     * the clock would be a tenth of it.
     *
     * Then nobody in this process spins for a while; if it happens again soon after, for twice as
     * long. A pause of the garbage collector looks the same and costs one such while.
     */
    static final long STALL_NANOS = 500_000;
    static final long SHORTEST_PAUSE_NANOS = 10_000_000;
    static final long LONGEST_PAUSE_NANOS = 1_000_000_000;
    static final long SOON_NANOS = 100_000_000;

    /** What all threads of this process have seen. */
    public static final Crowd HERE = new Crowd(System.nanoTime());

    /** A reading of the clock. Races between threads that stall at once do no harm. */
    private volatile long until;

    private volatile long pause = SHORTEST_PAUSE_NANOS;

    Crowd(long now) {
        until = now - SOON_NANOS;
    }

    /** Whether to let others run, at a reading of the clock. */
    public boolean isCrowded(long now) {
        return now - until < 0;
    }

    /**
     * Between two looks of one who spins the clock has moved on.
     *
     * @return whether it did not run meanwhile
     */
    public boolean isStalled(long before, long now) {
        if (now - before < STALL_NANOS) {
            return false;
        }
        long since = now - until;
        if (since >= 0) {
            pause =
                    since < SOON_NANOS
                            ? Math.min(LONGEST_PAUSE_NANOS, 2 * pause)
                            : SHORTEST_PAUSE_NANOS;
            until = now + pause;
        }
        return true;
    }
}
