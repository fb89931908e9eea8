// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Dekker's litmus test ("store buffering"): each of two threads stores, then loads what the other
 * stores. Without a barrier both may miss the other's store, and on most processors soon do.
 */
@Timeout(120)
class BarrierTest {
    private static final int ROUNDS = 200_000;
    private static final VarHandle OFTEN;
    private static final VarHandle SELDOM;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OFTEN = lookup.findVarHandle(BarrierTest.class, "often", int.class);
            SELDOM = lookup.findVarHandle(BarrierTest.class, "seldom", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // by OFTEN, apart from the other one
    private int often;

    private final long[] apart = new long[32];

    @SuppressWarnings("unused") // by SELDOM
    private int seldom;

    private volatile int begun;
    private volatile int ended;
    private volatile int seenByOften;

    @Test
    void shouldLetOneOfTheTwoSeeTheOther() throws Exception {
        assertThat(missed(ROUNDS / 4)).isZero();
        Barrier.cheapen();
        assertThat(missed(ROUNDS)).isZero();
    }

    private int missed(int rounds) throws InterruptedException {
        begun = 0;
        ended = 0;
        Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            for (int i = 1; i <= rounds; i++) {
                                while (begun != i) {
                                    Thread.onSpinWait();
                                }
                                OFTEN.setOpaque(this, i);
                                Barrier.light();
                                seenByOften = (int) SELDOM.getOpaque(this);
                                ended = i;
                            }
                        });
        int missed = 0;
        for (int i = 1; i <= rounds; i++) {
            begun = i;
            // Neither comes first always.
            for (int pause = i & 31; pause > 0; pause--) {
                apart[pause] = i;
            }
            SELDOM.setOpaque(this, i);
            Barrier.heavy();
            int seenBySeldom = (int) OFTEN.getOpaque(this);
            while (ended != i) {
                Thread.onSpinWait();
            }
            if (seenBySeldom != i && seenByOften != i) {
                missed++;
            }
        }
        other.join();
        return missed;
    }
}
