// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.PeerDied;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothingBehind
@Timeout(60)
class SharedBarrierTest {
    private final String name = Regions.name().name();

    @TempDir private Path directory;

    @Test
    void shouldKeepTwoProcessesInStep() throws Exception {
        Path file = directory.resolve("words");
        try (SharedBarrier barrier = SharedBarrier.create(name, 2);
                ChildJvm child =
                        ChildJvm.start(BarrierPeer.class, "steps", name, file.toString(), "1")) {
            BarrierPeer.steps(barrier, LockPeer.counter(file), 0, 2000);
            assertThat(child.line()).isEqualTo("end");
            assertThat(barrier.waiting()).isZero();
            assertThat(barrier.isBroken()).isFalse();
            barrier.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveEachItsIndexAndLetTheLastAct(boolean virtual) throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(5)) {
            AtomicInteger acted = new AtomicInteger();
            Set<Integer> indexes = ConcurrentHashMap.newKeySet();
            barrier.onTrip(acted::incrementAndGet);
            for (int round = 1; round <= 20; round++) {
                indexes.clear();
                List<Background> all = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    int wanted = round;
                    all.add(
                            Background.run(
                                    virtual,
                                    () -> {
                                        indexes.add(barrier.await());
                                        assertThat(acted).hasValue(wanted);
                                    }));
                }
                for (Background each : all) {
                    each.join();
                }
                assertThat(indexes).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBreakWhenOneGivesUp(boolean virtual) throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(name, 3)) {
            Background other = Background.run(virtual, barrier::await);
            while (barrier.waiting() < 1) {
                Thread.sleep(1);
            }
            assertThat(barrier.await(Duration.ofMillis(20))).isEmpty();
            assertThat(other.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessage(
                            "await of barrier shm:/"
                                    + name
                                    + ": it is broken: process "
                                    + ProcessHandle.current().pid()
                                    + " did not wait any longer; reset it");
            assertThat(barrier.isBroken()).isTrue();
            assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
            barrier.reset();
            Background interrupted = Background.run(virtual, barrier::await);
            Background second = Background.run(virtual, barrier::await);
            while (barrier.waiting() < 2) {
                Thread.sleep(1);
            }
            interrupted.thread().interrupt();
            assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
            assertThat(second.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("was interrupted");
            barrier.reset();
            Background closing;
            try (SharedBarrier closed = SharedBarrier.open(name)) {
                closing = Background.run(virtual, closed::await);
                second = Background.run(virtual, barrier::await);
                while (barrier.waiters().size() < 2) {
                    Thread.sleep(1);
                }
            }
            assertThat(closing.failure()).isInstanceOf(Closed.class);
            assertThat(second.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("closed its handle");
            barrier.unlink();
        }
    }

    @Test
    void shouldBreakWhenItIsResetOrAborted() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(2)) {
            Background first = Background.run(barrier::await);
            while (barrier.waiting() < 1) {
                Thread.sleep(1);
            }
            barrier.reset();
            assertThat(first.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("reset meanwhile");
            first = Background.run(barrier::await);
            while (barrier.waiting() < 1) {
                Thread.sleep(1);
            }
            barrier.abort();
            assertThat(first.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("has aborted it");
            assertThat(barrier.isBroken()).isTrue();
            barrier.reset();
            first = Background.run(barrier::await);
            assertThat(barrier.await()).isBetween(0, 1);
            first.join();
        }
    }

    @Test
    void shouldBreakWhenTheActionFails() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.anonymous(2)) {
            Background first = Background.run(barrier::await);
            while (barrier.waiting() < 1) {
                Thread.sleep(1);
            }
            barrier.onTrip(() -> {
                throw new IllegalStateException("no");
            });
            assertThatThrownBy(barrier::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no");
            assertThat(first.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("failed in its action");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "await", "action"})
    void shouldNameTheProcessThatDied(String verb) throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(name, verb.equals("action") ? 2 : 3)) {
            Background waiting = Background.run(barrier::await);
            while (barrier.waiting() < 1) {
                Thread.sleep(1);
            }
            long pid;
            try (ChildJvm child = ChildJvm.start(BarrierPeer.class, verb, name)) {
                assertThat(child.line()).isIn("ready", "action");
                while (verb.equals("await") && barrier.waiting() < 2) {
                    Thread.sleep(1);
                }
                pid = child.pid();
                child.kill();
            }
            assertThat(waiting.failure())
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("process " + pid + " has died")
                    .cause()
                    .isInstanceOfSatisfying(
                            PeerDied.class,
                            died -> assertThat(died.peer().orElseThrow().pid()).isEqualTo(pid));
            barrier.reset();
            assertThat(barrier.isBroken()).isFalse();
            assertThat(barrier.await(Duration.ofMillis(20))).isEmpty();
            barrier.unlink();
        }
    }

    @Test
    void shouldBeBrokenByWhoDiedBeforeAnybodyCame() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(name, 2)) {
            try (ChildJvm child = ChildJvm.start(BarrierPeer.class, "open", name)) {
                assertThat(child.line()).isEqualTo("ready");
                child.kill();
            }
            // Whoever takes his slot notes it.
            try (SharedBarrier another = SharedBarrier.open(name)) {
                assertThatThrownBy(another::await)
                        .isInstanceOf(BrokenBarrierException.class)
                        .hasMessageContaining("has died");
            }
            barrier.reset();
            try (ChildJvm child = ChildJvm.start(BarrierPeer.class, "open", name)) {
                assertThat(child.line()).isEqualTo("ready");
                child.kill();
            }
            assertThatThrownBy(barrier::await)
                    .isInstanceOf(BrokenBarrierException.class)
                    .hasMessageContaining("has died");
            barrier.unlink();
        }
    }

    @Test
    void shouldNotBeBrokenByWhoHasClosedIt() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(name, 2);
                ChildJvm child = ChildJvm.start(BarrierPeer.class, "await", name)) {
            assertThat(child.line()).isEqualTo("ready");
            int mine = barrier.await();
            assertThat(child.line()).isEqualTo("index " + (1 - mine));
            assertThat(child.waitFor()).isZero();
            assertThat(barrier.isBroken()).isFalse();
            barrier.unlink();
        }
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        for (int parties : new int[] {-1, 0, 129}) {
            assertThatThrownBy(() -> SharedBarrier.create(name, parties))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("parties=" + parties + ": expected 1 to 128");
        }
        try (SharedBarrier one = SharedBarrier.anonymous(1)) {
            assertThat(one.parties()).isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnOrBreakWhereverAProcessDies() throws Exception {
        SharedBarrier[] barrier = new SharedBarrier[1];
        Background[] waiter = new Background[1];
        int points =
                EachPoint.die(
                        BarrierPeer.class,
                        point -> {
                            barrier[0] = SharedBarrier.create(name + point, 3);
                            waiter[0] = Background.run(barrier[0]::await);
                        },
                        point -> new String[] {"points", name + point},
                        point -> {
                            if (!barrier[0].isBroken() && waiter[0].isAlive()) {
                                // Not even attached, or all came: nobody is missed.
                                waiter[0].thread().interrupt();
                            }
                            Throwable end = waiter[0].failure();
                            assertThat(
                                            end == null
                                                    || end instanceof BrokenBarrierException
                                                    || end instanceof InterruptedException)
                                    .as("point %d: %s", point, end)
                                    .isTrue();
                            barrier[0].reset();
                            assertThat(barrier[0].isBroken()).as("point %d", point).isFalse();
                            assertThat(barrier[0].await(Duration.ZERO)).isEmpty();
                            barrier[0].unlink();
                            barrier[0].close();
                        });
        assertThat(points).isGreaterThan(13);
    }
}
