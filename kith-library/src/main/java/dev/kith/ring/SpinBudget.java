// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

/**
 * How long one end of a ring spins before it sleeps: learnt from the waits before. One thread at a
 * time; it knows no clock, its caller says how long a wait took.
 */
final class SpinBudget {
    /*
     * A sleep costs a wake-up, 5 to 30 microseconds, whatever the mechanism; a spin costs what is
     * waited for. To spin for twice that and then sleep is never much worse than the better of the
     * two (the ski rental). What is waited for repeats itself, so most waits can do better:
     *
     *   state    budget   met while it spun    in vain            slept, and for a short time
     *   TRIES    MOST     SPINS                SLEEPS             -
     *   SPINS    MOST..   SPINS, MOST          half; below LEAST  -
     *            LEAST                         SLEEPS
     *   SLEEPS   0        -                    -                  TRIES, at the `patience`-th in
     *                                                             a row
     *
     * A sleep is short if its time, wake-up included, says that a spin might have met it. So an end
     * whose messages come every millisecond never spins; one in the middle of a conversation tries
     * to at once. A try that fails doubles the patience, up to MOST_PATIENCE, and one that meets
     * makes it 1 again: where spinning cannot pay, because the other side needs this very
     * processor, the tries cost 1/MOST_PATIENCE of a spin a wait, about a hundredth of a round trip
     * by sleeping. Both sides asleep in a conversation see two wake-ups in each wait, which is
     * still short; one side that spins spares the other no try.
     */
    static final long MOST_NANOS = 50_000;
    static final long LEAST_NANOS = 6_000;
    static final long SHORT_NANOS = 2 * MOST_NANOS;
    static final int MOST_PATIENCE = 512;

    private long budget = MOST_NANOS;

    /** Whether a spin has met since the last try. */
    private boolean proven;

    private int patience = 1;
    private int shorts;

    /** How long to spin now; 0 is not at all. */
    long nanos() {
        return budget;
    }

    /** What was waited for came while it spun. */
    void met() {
        budget = MOST_NANOS;
        proven = true;
        patience = 1;
    }

    /** It did not come in that time. */
    void missed() {
        budget = proven ? budget / 2 : 0;
        if (budget < LEAST_NANOS) {
            budget = 0;
            shorts = 0;
            proven = false;
        }
    }

    /**
     * It came after a sleep.
     *
     * @param nanos since the wait began
     * @param wakeUps how many wake-ups that takes: more than one if another thread slept for it
     */
    void slept(long nanos, int wakeUps) {
        if (budget != 0) {
            return;
        }
        if (nanos > SHORT_NANOS * wakeUps) {
            shorts = 0;
        } else if (++shorts >= patience) {
            budget = MOST_NANOS;
            patience = Math.min(MOST_PATIENCE, 2 * patience);
        }
    }
}
