// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.process.Job;
import dev.kith.process.Worker;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the tests of CPython ask of barriers and events (Lib/test/lock_tests.py,
 * _test_multiprocessing.py), each named with the test whose behaviour it takes over.
 */
@LeavesNothingBehind
@Timeout(120)
class BarriersAsInPythonTest {
    private static final Duration MOMENT = Duration.ofMillis(30);
    private static final int PARTIES = 5;

    /** BarrierTests.test_barrier, test_barrier_10: nobody is ahead of another by more than one. */
    @Test
    void shouldPassTogetherAgainAndAgain() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(3);
                SharedIntArray passes = SharedIntArray.anonymous(3)) {
            try (Job<Void> one = Worker.start(() -> passTogether(barrier, passes, 1, 10));
                    Job<Void> two = Worker.start(() -> passTogether(barrier, passes, 2, 10))) {
                passTogether(barrier, passes, 0, 10);
                one.join();
                two.join();
            }
        }
    }

    /** _TestBarrier.test_thousand. */
    @Test
    void shouldPassAThousandTimes() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(2);
                SharedIntArray passes = SharedIntArray.anonymous(2);
                Job<Void> other = Worker.start(() -> passTogether(barrier, passes, 1, 1000))) {
            passTogether(barrier, passes, 0, 1000);
            other.join();
        }
    }

    /** BarrierTests.test_wait_return: each of them has another index. */
    @Test
    void shouldReturnEveryIndexOnce() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(PARTIES)) {
            List<Integer> indexes = Collections.synchronizedList(new ArrayList<>());
            together(() -> indexes.add(barrier.await()));
            assertThat(indexes).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        }
    }

    /** BarrierTests.test_action: it is run once, by one of them, before any goes on. */
    @Test
    void shouldActOncePerPass() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(PARTIES);
                SharedInt acted = SharedInt.anonymous(0)) {
            barrier.onTrip(() -> acted.incrementAndGet());
            together(() -> {
                barrier.await();
                assertThat(acted.get()).isEqualTo(1);
            });
        }
    }

    /** BarrierTests.test_abort: one aborts, all others find it broken, and it stays so. */
    @Test
    void shouldBreakForAllWhenOneAborts() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(3);
                Worker child = Worker.start()) {
            Background one = Background.run(barrier::await);
            Background two = Background.run(barrier::await);
            while (barrier.waiting() < 2) {
                Thread.sleep(1);
            }
            child.run(() -> {
                barrier.abort();
            });
            assertThat(one.failure()).isInstanceOf(BrokenBarrierException.class);
            assertThat(two.failure()).isInstanceOf(BrokenBarrierException.class);
            assertThat(barrier.isBroken()).isTrue();
            assertThat(child.run(() -> barrier.isBroken())).isTrue();
        }
    }

    /** BarrierTests.test_reset: those inside are thrown out, and then it is as new. */
    @Test
    void shouldThrowOutWhoWaitsWhenItIsReset() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(PARTIES)) {
            List<Background> all = new ArrayList<>();
            for (int i = 1; i < PARTIES; i++) {
                all.add(Background.run(i % 2 == 0, barrier::await));
            }
            while (barrier.waiting() < PARTIES - 1) {
                Thread.sleep(1);
            }
            barrier.reset();
            for (Background each : all) {
                assertThat(each.failure()).isInstanceOf(BrokenBarrierException.class);
            }
            assertThat(barrier.isBroken()).isFalse();
            together(barrier::await);
        }
    }

    /** BarrierTests.test_abort_and_reset. */
    @Test
    void shouldBeUsableAfterAbortAndReset() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(PARTIES)) {
            barrier.abort();
            assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
            barrier.reset();
            together(barrier::await);
        }
    }

    /** BarrierTests.test_timeout, _TestBarrier.test_timeout2: who waits too long breaks it. */
    @Test
    void shouldBreakWhenOneWaitsTooLong() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(3);
                Worker child = Worker.start()) {
            Background other = Background.run(barrier::await);
            assertThat(child.run(() -> barrier.await(MOMENT).isEmpty())).isTrue();
            assertThat(other.failure()).isInstanceOf(BrokenBarrierException.class);
            assertThat(barrier.isBroken()).isTrue();
        }
    }

    /** BarrierTests.test_single_thread. */
    @Test
    void shouldNotHoldTheOnlyParty() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(1)) {
            assertThat(barrier.await()).isZero();
            assertThat(barrier.await()).isZero();
        }
    }

    /** EventTests.test_is_set, test_notify; _TestEvent.test_event. */
    @Test
    void shouldBeSetAndClearedForAll() throws Exception {
        try (SharedEvent event = SharedEvent.anonymous();
                Worker child = Worker.start()) {
            assertThat(event.isSet()).isFalse();
            assertThat(event.await(Duration.ZERO)).isFalse();
            child.run(() -> {
                event.set();
                event.set();
            });
            assertThat(event.isSet()).isTrue();
            assertThat(event.await(Duration.ZERO)).isTrue();
            event.await();
            child.run(() -> {
                event.clear();
                event.clear();
            });
            assertThat(event.isSet()).isFalse();
        }
    }

    /** EventTests.test_timeout. */
    @Test
    void shouldWaitForAnEventForItsTime() throws Exception {
        try (SharedEvent event = SharedEvent.anonymous()) {
            long start = System.nanoTime();
            assertThat(event.await(MOMENT)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MOMENT.toNanos());
            event.set();
            assertThat(event.await(MOMENT)).isTrue();
        }
    }

    /** EventTests.test_set_and_clear: who waited goes on, though it is cleared at once. */
    @Test
    void shouldLetGoThoughItIsClearedAtOnce() throws Exception {
        try (SharedEvent event = SharedEvent.anonymous();
                Job<Boolean> child = Worker.start(() -> event.await(Duration.ofSeconds(60)))) {
            while (event.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            event.set();
            event.clear();
            assertThat(child.result()).isTrue();
        }
    }

    private static void passTogether(
            SharedBarrier barrier, SharedIntArray passes, int me, int times)
            throws InterruptedException, BrokenBarrierException {
        for (int i = 1; i <= times; i++) {
            passes.set(me, i);
            barrier.await();
            for (int other = 0; other < passes.length(); other++) {
                assertThat(passes.get(other)).isBetween(i, i + 1);
            }
        }
        barrier.await();
    }

    private static void together(Background.Step step) throws InterruptedException {
        List<Background> all = new ArrayList<>();
        for (int i = 0; i < PARTIES; i++) {
            all.add(Background.run(i % 2 == 0, step));
        }
        for (Background each : all) {
            each.join();
        }
    }
}
