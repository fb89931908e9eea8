// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** The policy against traffic that is played to it: no clock, no threads. */
class SpinBudgetTest {
    private static final long WAKE_UP = 25_000;
    private static final int WAITS = 100_000;

    private final SpinBudget budget = new SpinBudget();
    private long spun;
    private long waited;
    private int sleeps;

    @Test
    void shouldSpinAsLongAsThatMeets() {
        play(WAITS, wait -> 300);
        assertThat(sleeps).isZero();
        assertThat(waited).isEqualTo(WAITS * 300L);
    }

    @Test
    void shouldSpinForAnAnswerThatTakesAWhile() {
        play(WAITS, wait -> 40_000);
        assertThat(sleeps).isZero();
    }

    @Test
    void shouldNotSpinForAMessageEachMillisecond() {
        play(WAITS, wait -> 1_000_000);
        assertThat(sleeps).isEqualTo(WAITS);
        assertThat(spun).as("only before the first").isEqualTo(SpinBudget.MOST_NANOS);
    }

    /**
     * On one processor nothing comes while one spins, however long; it comes as soon as it sleeps.
     */
    @Test
    void shouldNearlyNeverSpinWhereTheOtherSideNeedsThisProcessor() {
        long roundTrip = 5_000;
        for (int wait = 0; wait < WAITS; wait++) {
            long spins = budget.nanos();
            if (spins > 0) {
                budget.missed();
                spun += spins;
            }
            budget.slept(spins + roundTrip, 1);
        }
        assertThat(spun).as("a twentieth").isLessThan(WAITS * roundTrip / 20);
    }

    @Test
    void shouldSpinInVainLessAndLessWhereMessagesComeJustTooLate() {
        play(WAITS, wait -> 60_000);
        assertThat(spun).as("a hundredth").isLessThan(waited / 100);
        assertThat(sleeps).isEqualTo(WAITS);
    }

    @Test
    void shouldTrySpinningWhenSleepsTurnOutShort() {
        play(100, wait -> 1_000_000);
        assertThat(budget.nanos()).isZero();
        sleeps = 0;
        play(1000, wait -> 300);
        assertThat(sleeps).as("the first is what tells").isEqualTo(1);
    }

    /** Two ends that both sleep wait for two wake-ups each, until one of them spins. */
    @Test
    void shouldFindOutOfAConversationOfSleepers() {
        SpinBudget here = asleep();
        SpinBudget there = asleep();
        int rounds = 0;
        while (here.nanos() == 0 || there.nanos() == 0) {
            rounds++;
            here.slept((here.nanos() == 0 ? WAKE_UP : 0) + (there.nanos() == 0 ? WAKE_UP : 0), 1);
            there.slept((here.nanos() == 0 ? WAKE_UP : 0) + (there.nanos() == 0 ? WAKE_UP : 0), 1);
        }
        assertThat(rounds).isEqualTo(1);
    }

    @Test
    void shouldSleepOnceBeforeEachBurstAndOnceWithin() {
        int bursts = 100;
        int messages = 50;
        play(bursts * messages, wait -> wait % messages == 0 ? 10_000_000 : 1_000);
        assertThat(sleeps).isLessThanOrEqualTo(2 * bursts);
        assertThat(spun).as("a hundredth").isLessThan(waited / 100);
    }

    @Test
    void shouldGoOnSpinningAfterAWaitThatWasTooLong() {
        play(10, wait -> 300);
        play(1, wait -> 70_000);
        sleeps = 0;
        play(100, wait -> 300);
        assertThat(sleeps).isZero();
        assertThat(budget.nanos()).isEqualTo(SpinBudget.MOST_NANOS);
    }

    @Test
    void shouldGiveUpBySteps() {
        budget.met();
        for (long left = SpinBudget.MOST_NANOS; left >= SpinBudget.LEAST_NANOS; left /= 2) {
            assertThat(budget.nanos()).isEqualTo(left);
            budget.missed();
        }
        assertThat(budget.nanos()).isZero();
    }

    @Test
    void shouldTakeASleepForShortThatTookSeveralWakeUps() {
        SpinBudget asleep = asleep();
        asleep.slept(2 * SpinBudget.SHORT_NANOS, 1);
        assertThat(asleep.nanos()).isZero();
        asleep.slept(2 * SpinBudget.SHORT_NANOS, 3);
        assertThat(asleep.nanos()).isEqualTo(SpinBudget.MOST_NANOS);
    }

    private static SpinBudget asleep() {
        SpinBudget budget = new SpinBudget();
        budget.missed();
        return budget;
    }

    /** As Waiting does it: spins, and sleeps if that was in vain. */
    private void play(int waits, LongUnaryOperator gap) {
        for (int wait = 0; wait < waits; wait++) {
            long nanos = gap.applyAsLong(wait);
            long spins = budget.nanos();
            if (spins > 0 && nanos <= spins) {
                budget.met();
                waited += nanos;
                continue;
            }
            if (spins > 0) {
                budget.missed();
                spun += spins;
            }
            sleeps++;
            budget.slept(nanos + WAKE_UP, 1);
            waited += nanos + WAKE_UP;
        }
    }
}
