// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.memory.Parking;
import dev.kith.memory.Region;
import dev.kith.memory.Regions;
import dev.kith.test.LeavesNothingBehind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@LeavesNothingBehind
class WaitingTest {
    private final Region region = Regions.create(Regions.name());
    private final Parking parking = region.parking(Regions.WORD);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger undone = new AtomicInteger();

    @AfterEach
    void remove() {
        region.unlink();
        region.close();
    }

    /** What says yes has taken something: a second yes would take more. */
    @ParameterizedTest
    @EnumSource
    void shouldNeverAskAgainAfterAYesWhoeverWakesItUp(Waiter waiter) throws Exception {
        Waiting[] waiting = new Waiting[1];
        waiting[0] =
                waiting(
                        waiter,
                        () -> {
                            waiting[0].wakeup();
                            return asked.incrementAndGet() > 0;
                        });
        assertThat(waiting[0].await(Waiting.FOREVER)).isTrue();
        assertThat(asked).hasValue(1);
        assertThat(undone).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveBackWhatItGotWhileItWasClosed(Waiter waiter) throws Exception {
        Waiting[] waiting = new Waiting[1];
        waiting[0] =
                waiting(
                        waiter,
                        () -> {
                            // The second to close returns at once: the first has closed it.
                            Thread first = Thread.startVirtualThread(waiting[0]::close);
                            Thread second = Thread.startVirtualThread(waiting[0]::close);
                            while (first.isAlive() && second.isAlive()) {
                                Thread.onSpinWait();
                            }
                            return asked.incrementAndGet() > 0;
                        });
        assertThatThrownBy(() -> waiting[0].await(Waiting.FOREVER)).isInstanceOf(Closed.class);
        assertThat(asked).hasValue(1);
        assertThat(undone).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndByAWakeUpThatCameBefore(Waiter waiter) throws Exception {
        Waiting waiting = waiting(waiter, () -> asked.incrementAndGet() < 0);
        waiting.wakeup();
        assertThat(waiting.await(Waiting.FOREVER)).isFalse();
        assertThat(waiting.await(1)).as("it was for one").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldLookOnceWithoutTime(Waiter waiter) throws Exception {
        assertThat(waiting(waiter, () -> asked.incrementAndGet() == 1).await(0)).isTrue();
        assertThat(asked).hasValue(1);
        assertThat(waiting(waiter, () -> false).await(-1)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatTheCheckThrows(Waiter waiter) {
        Waiting waiting = new Waiting("it", waiter, parking, parking);
        waiting.until(
                () -> false,
                () -> {
                    throw new IllegalStateException("died");
                },
                undone::incrementAndGet);
        assertThatThrownBy(() -> waiting.await(Waiting.FOREVER)).hasMessage("died");
        assertThat(waiting.close()).as("nobody is inside").isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSeeAtOnceThatTheThreadWasInterruptedBefore(Waiter waiter) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> waiting(waiter, () -> true).await(Waiting.FOREVER))
                .isInstanceOf(InterruptedException.class);
    }

    private Waiting waiting(Waiter waiter, BooleanSupplier condition) {
        Waiting waiting = new Waiting("it", waiter, parking, parking);
        waiting.until(condition, () -> {}, undone::incrementAndGet);
        return waiting;
    }
}
