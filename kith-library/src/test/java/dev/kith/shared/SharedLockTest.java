// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.NotFound;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothingBehind
@Timeout(60)
class SharedLockTest {
    private static final int KILLED = 128 + 9;

    private final String name = Regions.name().name();
    private SharedLock lock;

    @TempDir private Path directory;

    @BeforeEach
    void create() {
        lock = SharedLock.create(name);
    }

    @AfterEach
    void remove() {
        lock.close();
        try (SharedLock again = SharedLock.open(name)) {
            again.unlink();
        }
    }

    @Test
    void shouldLetOneInAtATime() throws Exception {
        Path file = directory.resolve("counter");
        MemorySegment counter = LockPeer.counter(file);
        int times = 20_000;
        try (ChildJvm one = count(file, 2, times);
                ChildJvm two = count(file, 3, times)) {
            for (int i = 0; i < times; i++) {
                lock.lock();
                LockPeer.increment(lock, counter);
                lock.unlock();
            }
            assertThat(one.waitFor()).isZero();
            assertThat(two.waitFor()).isZero();
        }
        assertThat(counter.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(6L * times);
        assertThat(counter.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(6L * times);
        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.waiters()).isEmpty();
    }

    @Test
    void shouldBeHadByTheNextWhenItsOwnerDies() throws Exception {
        try (ChildJvm holder = peer("hold")) {
            String thread = holder.line().substring("held ".length());
            ChildJvm waiter = peer("wait");
            assertThat(waiter.line()).isEqualTo("ready");
            Background waiting = Background.run(lock::lock); // ends, and keeps it
            while (lock.waiters().size() < 2) {
                Thread.sleep(1);
            }
            LockHolder held = lock.holder().orElseThrow();
            assertThat(held.peer().pid()).isEqualTo(holder.pid());
            assertThat(held.threadId()).isEqualTo(Long.parseLong(thread));
            assertThat(held.dead()).isFalse();
            assertThat(lock.waiters())
                    .extracting(each -> each.peer().pid())
                    .contains(waiter.pid(), ProcessHandle.current().pid());
            assertThat(lock.tryLock()).isFalse();
            assertThat(lock.tryLock(Duration.ofMillis(20))).isFalse();
            holder.kill();
            waiting.join(); // and has not unlocked: only the end of this handle gives it up
            waiter.kill();
        }
        lock.close();
        lock = SharedLock.open(name);
        lock.lock();
        assertThat(lock.recovered()).isTrue();
        lock.unlock();
        lock.lock();
        assertThat(lock.recovered()).isTrue();
        lock.markConsistent();
        assertThat(lock.recovered()).isFalse();
        lock.unlock();
    }

    @Test
    void shouldGiveWhatADeadOwnerHeldToWhoWaits() throws Exception {
        try (ChildJvm holder = peer("hold")) {
            assertThat(holder.line()).startsWith("held");
            ChildJvm waiter = peer("wait");
            assertThat(waiter.line()).isEqualTo("ready");
            while (lock.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            holder.kill();
            assertThat(waiter.line()).isEqualTo("locked true");
            assertThat(waiter.waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeTakenAgainByItsOwnerOnly(boolean virtual) throws Exception {
        Background.run(
                        virtual,
                        () -> {
                            lock.lock();
                            lock.lock();
                            try (SharedLock other = SharedLock.open(name)) {
                                assertThat(other.tryLock()).isTrue();
                                assertThat(lock.holdCount()).isEqualTo(3);
                                other.unlock();
                            }
                            assertThat(lock.tryLock(1, TimeUnit.SECONDS)).isTrue();
                            assertThat(lock.holdCount()).isEqualTo(3);
                            Background other =
                                    Background.run(() -> {
                                        assertThat(lock.holdCount()).isZero();
                                        assertThat(lock.tryLock()).isFalse();
                                        lock.unlock();
                                    });
                            assertThat(other.failure())
                                    .isInstanceOf(IllegalMonitorStateException.class)
                                    .hasMessageContaining("unlock of lock shm:/" + name)
                                    .hasMessageContaining("by thread " + other.thread().threadId())
                                    .hasMessageContaining(
                                            "held by thread " + Thread.currentThread().threadId());
                            lock.unlock();
                            lock.unlock();
                            assertThat(lock.isHeldByCurrentThread()).isTrue();
                            lock.unlock();
                            assertThat(lock.isLocked()).isFalse();
                        })
                .join();
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("held by nobody");
    }

    @Test
    void shouldRefuseItsOwnerIfItIsNotReentrant() throws Exception {
        String other = Regions.name().name();
        try (SharedLock strict = SharedLock.create(other, LockOption.NOT_REENTRANT)) {
            strict.lock();
            assertThat(strict.tryLock()).isFalse();
            assertThatThrownBy(strict::lock)
                    .isInstanceOf(IllegalMonitorStateException.class)
                    .hasMessageContaining("not reentrant");
            strict.unlock();
            assertThat(strict.tryLock()).isTrue();
            strict.unlock();
            strict.unlink();
        }
    }

    @Test
    void shouldGoToWhoHasWaitedLongestIfItIsFair() throws Exception {
        String other = Regions.name().name();
        try (SharedLock fair = SharedLock.create(other, LockOption.FAIR)) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<Background> all = new ArrayList<>();
            fair.lock();
            for (int i = 0; i < 8; i++) {
                int number = i;
                all.add(
                        Background.run(
                                i % 2 == 1,
                                () -> {
                                    fair.lock();
                                    order.add(number);
                                    fair.unlock();
                                }));
                while (fair.waiters().size() <= i) {
                    Thread.sleep(1);
                }
            }
            Background barger = Background.run(() -> assertThat(fair.tryLock()).isFalse());
            barger.join();
            fair.unlock();
            for (Background each : all) {
                each.join();
            }
            assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
            fair.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeInterruptedAndClosedWhileItIsWaitedFor(boolean virtual) throws Exception {
        lock.lock();
        Background interrupted = Background.run(virtual, lock::lockInterruptibly);
        Background stubborn = Background.run(virtual, lock::lock);
        while (lock.waiters().size() < 2) {
            Thread.sleep(1);
        }
        interrupted.thread().interrupt();
        stubborn.thread().interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
        assertThat(stubborn.isAlive()).isTrue();
        lock.close();
        assertThat(stubborn.failure()).isInstanceOf(Closed.class);
        lock = SharedLock.open(name);
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.recovered()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellOneOrAllOfThoseWhoWaitForACondition(boolean virtual) throws Exception {
        SharedCondition condition = lock.condition("turn");
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Background> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            all.add(
                    Background.run(
                            virtual,
                            () -> {
                                lock.lock();
                                lock.lock();
                                condition.await();
                                order.add(number);
                                assertThat(lock.holdCount()).isEqualTo(2);
                                lock.unlock();
                                lock.unlock();
                            }));
            while (condition.waiters().size() <= i) {
                Thread.sleep(1);
            }
        }
        assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
        lock.lock();
        condition.signal();
        lock.unlock();
        all.get(0).join();
        assertThat(order).containsExactly(0);
        lock.lock();
        condition.signalAll();
        lock.unlock();
        for (Background each : all) {
            each.join();
        }
        assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3);
        lock.lock();
        assertThat(condition.await(Duration.ofMillis(20))).isFalse();
        assertThat(condition.awaitNanos(1000)).isNotPositive();
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        Thread.currentThread().interrupt();
        assertThatThrownBy(condition::await).isInstanceOf(InterruptedException.class);
        assertThat(lock.holdCount()).isEqualTo(1);
        lock.unlock();
    }

    @Test
    void shouldNotWaitForADeadWaiter() throws Exception {
        SharedCondition condition = lock.condition("turn");
        try (ChildJvm dead = peer("await", "turn");
                ChildJvm living = peer("await", "turn")) {
            assertThat(dead.line()).isEqualTo("ready");
            assertThat(living.line()).isEqualTo("ready");
            while (condition.waiters().size() < 2) {
                Thread.sleep(1);
            }
            dead.kill();
            lock.lock();
            condition.signal(); // whoever of both had waited for longest
            lock.unlock();
            assertThat(living.line()).isEqualTo("told");
            assertThat(living.waitFor()).isZero();
        }
    }

    @Test
    void shouldTellAnotherIfTheOneThatWasToldDies() throws Exception {
        SharedCondition condition = lock.condition("turn");
        try (ChildJvm dead = peer("await", "turn")) {
            assertThat(dead.line()).isEqualTo("ready");
            while (condition.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            try (ChildJvm living = peer("await", "turn")) {
                assertThat(living.line()).isEqualTo("ready");
                while (condition.waiters().size() < 2) {
                    Thread.sleep(1);
                }
                dead.signal("STOP");
                lock.lock();
                condition.signal();
                lock.unlock();
                assertThat(condition.waiters()).hasSize(2);
                dead.kill();
                assertThat(living.line()).isEqualTo("told");
                assertThat(living.waitFor()).isZero();
            }
        }
    }

    @Test
    void shouldSurviveADeathAfterEachStore() throws Exception {
        Path file = directory.resolve("counter");
        MemorySegment counter = LockPeer.counter(file);
        int point = 0;
        for (int status = KILLED; status == KILLED; ) {
            point++;
            try (ChildJvm child = pointed(point, file)) {
                status = child.waitFor();
            }
            assertThat(status).as("point %d", point).isIn(KILLED, 0); // 0: that was beyond the last
            assertThat(lock.tryLock(Duration.ofSeconds(10))).as("point %d", point).isTrue();
            LockPeer.increment(lock, counter);
            assertThat(counter.get(ValueLayout.JAVA_LONG, 8))
                    .isEqualTo(counter.get(ValueLayout.JAVA_LONG, 0));
            lock.unlock();
        }
        assertThat(point).isGreaterThan(40);
    }

    @Test
    void shouldNotBeTakenByAHandleThatIsClosed() {
        try (SharedLock closed = SharedLock.open(name)) {
            closed.close();
            assertThatThrownBy(closed::lock)
                    .isInstanceOf(Closed.class)
                    .hasMessageContaining("shm:/" + name + " is closed");
            assertThatThrownBy(closed::tryLock).isInstanceOf(Closed.class);
        }
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.recovered()).isFalse();
        lock.unlock();
    }

    @Test
    void shouldWaitForAnyTime() throws Exception {
        SharedCondition condition = lock.condition("turn");
        List<Background.Step> waits =
                List.of(
                        () -> assertThat(condition.awaitNanos(Long.MAX_VALUE)).isPositive(),
                        () -> assertThat(condition.await(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue(),
                        condition::await);
        for (Background.Step wait : waits) {
            Background waiting =
                    Background.run(() -> {
                        assertThat(lock.tryLock(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
                        wait.run();
                        lock.unlock();
                    });
            while (condition.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            assertThat(lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
            condition.signal();
            lock.unlock();
            waiting.join();
        }
        assertThat(lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS)).isTrue();
        lock.unlock();
    }

    @Test
    void shouldBeHadByMoreThanCanSleep() throws Exception {
        lock.lock();
        List<Background> all = new ArrayList<>();
        for (int i = 0; i < 140; i++) {
            all.add(
                    Background.run(
                            true,
                            () -> {
                                lock.lock();
                                lock.unlock();
                            }));
        }
        while (lock.waiters().size() < 128) {
            Thread.sleep(1);
        }
        Background over = Background.run(lock::lockInterruptibly);
        Background brief =
                Background.run(() -> assertThat(lock.tryLock(Duration.ofMillis(5))).isFalse());
        brief.join();
        over.thread().interrupt();
        assertThat(over.failure()).isInstanceOf(InterruptedException.class);
        lock.unlock();
        for (Background each : all) {
            each.join();
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void shouldTravel() throws Exception {
        SharedCondition anonymous = lock.newCondition();
        SharedCondition copy = copy(anonymous);
        SharedLock other = copy(lock);
        Background waiting =
                Background.run(() -> {
                    lock.lock();
                    anonymous.await();
                    lock.unlock();
                });
        while (anonymous.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        other.lock();
        copy.signal();
        other.unlock();
        waiting.join();
        other.close();
        copy.lock().close();
    }

    @Test
    void shouldSayWhatIsThere() {
        assertThatThrownBy(() -> SharedLock.create(name)).isInstanceOf(AlreadyExists.class);
        assertThatThrownBy(() -> SharedLock.open(name + "-not")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> dev.kith.ring.SpscRing.open(name))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("kind: expected=SPSC ring, found=lock");
        assertThat(lock).hasToString("lock shm:/" + name);
        assertThat(lock.name()).isEqualTo(name);
    }

    private ChildJvm peer(String verb, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(verb, name));
        arguments.addAll(List.of(more));
        return ChildJvm.start(LockPeer.class, arguments.toArray(String[]::new));
    }

    private ChildJvm count(Path file, int threads, int times) throws Exception {
        ChildJvm child = peer("count", file.toString(), "" + threads, "" + times);
        assertThat(child.line()).isEqualTo("ready");
        return child;
    }

    private ChildJvm pointed(int point, Path file) throws Exception {
        return ChildJvm.start(
                List.of(),
                List.of("-Dkith.kill.point=" + point, "--enable-native-access=ALL-UNNAMED"),
                LockPeer.class,
                "points",
                name,
                file.toString());
    }

    @SuppressWarnings("unchecked") // what was written is read
    private static <T> T copy(T value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
