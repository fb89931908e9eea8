// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.IpcException;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothingBehind
@Timeout(60)
class SharedSemaphoreTest {
    private final String name = Regions.name().name();

    @ParameterizedTest
    @EnumSource(SemaphoreOption.class)
    void shouldLetInNoMoreThanItHas(SemaphoreOption option) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 2, option);
                SharedSemaphore inside = SharedSemaphore.create(name + "-inside", 0);
                ChildJvm one = turns();
                ChildJvm two = turns();
                ChildJvm three = turns()) {
            assertThat(one.line()).isEqualTo("ready");
            assertThat(two.line()).isEqualTo("ready");
            assertThat(three.line()).isEqualTo("ready");
            assertThat(one.line()).isEqualTo("end");
            assertThat(two.line()).isEqualTo("end");
            assertThat(three.line()).isEqualTo("end");
            assertThat(semaphore.availablePermits()).isEqualTo(2);
            assertThat(semaphore.holders()).isEmpty();
            semaphore.unlink();
            inside.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveBackWhatADeadProcessHeld(boolean virtual) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 3, SemaphoreOption.BOUNDED);
                ChildJvm child = ChildJvm.start(SyncPeer.class, "semaphore-hold", name, "2")) {
            assertThat(child.line()).isEqualTo("held");
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThat(semaphore.holders()).hasSize(1);
            assertThat(semaphore.holders().getFirst().peer().pid()).isEqualTo(child.pid());
            assertThat(semaphore.holders().getFirst().permits()).isEqualTo(2);
            assertThat(semaphore.tryAcquire(2)).isFalse();
            Background waiting = Background.run(virtual, () -> semaphore.acquire(3));
            while (semaphore.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            child.kill();
            waiting.join();
            assertThat(semaphore.availablePermits()).isZero();
            semaphore.release(3);
            semaphore.unlink();
        }
    }

    @Test
    void shouldHaveBackWhatAHandleHeldThatIsClosed() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 1, SemaphoreOption.BOUNDED)) {
            SharedSemaphore other = SharedSemaphore.open(name);
            other.acquire();
            Background waiting = Background.run(semaphore::acquire);
            while (semaphore.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            other.close();
            waiting.join();
            assertThatThrownBy(other::tryAcquire).isInstanceOf(dev.kith.Closed.class);
            semaphore.unlink();
        }
    }

    @Test
    void shouldLoseWhatADeadProcessHadIfItIsNotBounded() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 3);
                ChildJvm child = ChildJvm.start(SyncPeer.class, "semaphore-hold", name, "2")) {
            assertThat(child.line()).isEqualTo("held");
            child.kill();
            assertThat(semaphore.tryAcquire(2, Duration.ofMillis(20))).isFalse();
            semaphore.release(5);
            assertThat(semaphore.tryAcquire(6)).isTrue();
            semaphore.unlink();
        }
    }

    @Test
    void shouldBeReleasedByAnotherProcess() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 2, SemaphoreOption.BOUNDED)) {
            semaphore.acquire(2);
            Background waiting = Background.run(semaphore::acquire);
            while (semaphore.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            try (ChildJvm child = ChildJvm.start(SyncPeer.class, "semaphore-release", name, "2")) {
                assertThat(child.waitFor()).isZero();
            }
            waiting.join();
            assertThat(semaphore.availablePermits()).isEqualTo(1);
            assertThat(semaphore.holders().getFirst().permits()).isEqualTo(1);
            semaphore.unlink();
        }
    }

    @Test
    void shouldBeReleasedWhenNobodyMoreCanWait() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.anonymous(2, SemaphoreOption.BOUNDED)) {
            semaphore.acquire(2);
            List<Background> all = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                all.add(
                        Background.run(
                                true,
                                () -> {
                                    semaphore.acquire();
                                    semaphore.release();
                                }));
            }
            while (semaphore.waiters().size() < 128) {
                Thread.sleep(1);
            }
            assertThatThrownBy(semaphore::acquire)
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("128 threads wait in it already");
            semaphore.release(2);
            for (Background each : all) {
                each.join();
            }
            assertThat(semaphore.availablePermits()).isEqualTo(2);
        }
    }

    @Test
    void shouldRefuseMoreThanItMayHave() throws Exception {
        try (SharedSemaphore bounded = SharedSemaphore.create(name, 3, SemaphoreOption.BOUNDED);
                SharedSemaphore free = SharedSemaphore.anonymous(Integer.MAX_VALUE - 1)) {
            bounded.acquire();
            assertThatThrownBy(() -> bounded.release(2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "release(2) of semaphore shm:/"
                                    + name
                                    + ": more permits than there may be: available=2, released=2,"
                                    + " maximum=3");
            assertThat(bounded.availablePermits()).isEqualTo(2);
            bounded.release();
            assertThatThrownBy(bounded::release).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> bounded.acquire(4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("acquire(4)")
                    .hasMessageContaining("expected 0 to 3");
            assertThatThrownBy(() -> bounded.release(-1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> free.release(2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("maximum=2147483647");
            assertThat(free.availablePermits()).isEqualTo(Integer.MAX_VALUE - 1);
            assertThatThrownBy(() -> SharedSemaphore.anonymous(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("permits=-1");
            assertThatThrownBy(() -> SharedSemaphore.anonymous(0, SemaphoreOption.BOUNDED))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected 1 or more");
            bounded.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeInTheOrderOfComingIfItIsFair(boolean bounded) throws Exception {
        SemaphoreOption[] options =
                bounded
                        ? new SemaphoreOption[] {SemaphoreOption.FAIR, SemaphoreOption.BOUNDED}
                        : new SemaphoreOption[] {SemaphoreOption.FAIR};
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 4, options)) {
            semaphore.acquire(4);
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<Background> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int count = i % 2 == 0 ? 3 : 1;
                int number = i;
                all.add(
                        Background.run(
                                i % 3 == 0,
                                () -> {
                                    semaphore.acquire(count);
                                    order.add(number);
                                    semaphore.release(count);
                                }));
                while (semaphore.waiters().size() <= i) {
                    Thread.sleep(1);
                }
            }
            semaphore.release(1);
            assertThat(semaphore.tryAcquire()).isFalse(); // three are wanted by who came first
            assertThat(semaphore.tryAcquire(Duration.ofMillis(5))).isFalse();
            semaphore.release(2);
            for (Background each : all) {
                each.join();
            }
            assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(semaphore.availablePermits()).isEqualTo(3);
            semaphore.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotLoseThePermitOfOneWhoGivesUp(boolean virtual) throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.anonymous(1, SemaphoreOption.BOUNDED)) {
            for (int round = 0; round < 30; round++) {
                semaphore.acquire();
                Background first = Background.run(virtual, semaphore::acquire);
                while (semaphore.waiters().isEmpty()) {
                    Thread.sleep(1);
                }
                Background second = Background.run(virtual, semaphore::acquireUninterruptibly);
                while (semaphore.waiters().size() < 2) {
                    Thread.sleep(1);
                }
                semaphore.release();
                first.thread().interrupt();
                if (first.failure() == null) {
                    semaphore.release();
                }
                second.join();
                semaphore.release();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeOthersWhereverAProcessDies(boolean bounded) throws Exception {
        SemaphoreOption[] options =
                bounded ? new SemaphoreOption[] {SemaphoreOption.BOUNDED} : new SemaphoreOption[0];
        SharedSemaphore[] semaphore = new SharedSemaphore[1];
        int points =
                EachPoint.die(
                        SyncPeer.class,
                        point -> semaphore[0] = SharedSemaphore.create(name + point, 2, options),
                        point -> new String[] {"semaphore-points", name + point},
                        _ -> {
                            try (SharedSemaphore left = semaphore[0]) {
                                if (!bounded) {
                                    assertThat(left.availablePermits()).isBetween(0, 2);
                                    left.release(2);
                                }
                                assertThat(left.tryAcquire(2, Duration.ofSeconds(10))).isTrue();
                                left.release(2);
                                assertThat(left.availablePermits()).isBetween(2, bounded ? 2 : 4);
                                left.unlink();
                            }
                        });
        assertThat(points).isGreaterThan(bounded ? 25 : 15);
    }

    private ChildJvm turns() throws Exception {
        return ChildJvm.start(SyncPeer.class, "semaphore-turns", name, "2000");
    }
}
