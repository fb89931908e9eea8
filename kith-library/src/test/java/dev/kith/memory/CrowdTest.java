// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final long START = Long.MAX_VALUE - 5; // the clock may wrap

    private final Crowd crowd = new Crowd(START);

    @Test
    void shouldSeeNobodyWhileLooksFollowEachOther() {
        assertThat(crowd.isCrowded(START)).isFalse();
        assertThat(crowd.isStalled(START, START + Crowd.STALL_NANOS - 1)).isFalse();
        assertThat(crowd.isCrowded(START + 1)).isFalse();
    }

    @Test
    void shouldLetOthersRunForAWhileAfterAStall() {
        long now = START + Crowd.STALL_NANOS;
        assertThat(crowd.isStalled(START, now)).isTrue();
        assertThat(crowd.isCrowded(now)).isTrue();
        assertThat(crowd.isCrowded(now + Crowd.SHORTEST_PAUSE_NANOS - 1)).isTrue();
        assertThat(crowd.isCrowded(now + Crowd.SHORTEST_PAUSE_NANOS)).isFalse();
    }

    @Test
    void shouldWaitTwiceAsLongWhenItHappensAgainSoon() {
        long now = START;
        long pause = Crowd.SHORTEST_PAUSE_NANOS;
        for (int again = 0; again < 20; again++) {
            now += Crowd.STALL_NANOS;
            assertThat(crowd.isStalled(now - Crowd.STALL_NANOS, now)).isTrue();
            pause = again == 0 ? pause : Math.min(Crowd.LONGEST_PAUSE_NANOS, 2 * pause);
            assertThat(crowd.isCrowded(now + pause - 1)).as("time %d", again).isTrue();
            now += pause;
            assertThat(crowd.isCrowded(now)).isFalse();
        }
        now += Crowd.SOON_NANOS;
        assertThat(crowd.isStalled(now - Crowd.STALL_NANOS, now)).isTrue();
        assertThat(crowd.isCrowded(now + Crowd.SHORTEST_PAUSE_NANOS)).isFalse();
    }

    @Test
    void shouldCountOneStallThatSeveralThreadsSee() {
        long now = START + Crowd.STALL_NANOS;
        assertThat(crowd.isStalled(START, now)).isTrue();
        assertThat(crowd.isStalled(START, now + 1)).isTrue();
        assertThat(crowd.isCrowded(now + Crowd.SHORTEST_PAUSE_NANOS)).isFalse();
    }
}
