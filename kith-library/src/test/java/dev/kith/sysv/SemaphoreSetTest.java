// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.kernel.Pthread;
import dev.kith.kernel.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SemaphoreSetTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final SemaphoreSet set = SemaphoreSet.create(1, 0, 5);

    @AfterEach
    void remove() {
        try {
            set.unlink();
        } catch (NotFound already) {
            // by the test
        }
        set.close();
    }

    @Test
    void shouldBeginWithItsValues() {
        assertThat(set.values()).containsExactly(1, 0, 5);
        assertThat(set.size()).isEqualTo(3);
        assertThat(set.stat().lastOperation()).isPresent();
        assertThat(set.lastPid(2)).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void shouldTakeAndGivePermits() throws Exception {
        set.acquire();
        assertThat(set.tryAcquire(0)).isFalse();
        assertThat(set.tryAcquire(2)).isTrue();
        set.release();
        set.release(1);
        assertThat(set.values()).containsExactly(1, 1, 4);
        set.awaitZero(0, SHORT);
        set.acquire(0);
        set.awaitZero(0);
    }

    @Test
    void shouldDoAllOperationsOrNone() throws Exception {
        assertThat(
                        set.tryPerform(
                                SemaphoreOperation.acquire(0, 1), SemaphoreOperation.acquire(1, 1)))
                .isFalse();
        assertThat(set.values()).containsExactly(1, 0, 5);
        set.perform(
                SemaphoreOperation.acquire(0, 1),
                SemaphoreOperation.awaitZero(0),
                SemaphoreOperation.release(1, 7),
                SemaphoreOperation.acquire(2, 5));
        assertThat(set.values()).containsExactly(0, 7, 0);
        assertThat(set.tryPerform(SHORT, SemaphoreOperation.acquire(2, 1))).isFalse();
        SemaphoreOperation[] many = new SemaphoreOperation[100];
        Arrays.fill(many, SemaphoreOperation.release(2, 3));
        assertThat(set.tryPerform(LONG, many)).isTrue();
        assertThat(set.value(2)).isEqualTo(300);
    }

    @Test
    void shouldSetValues() {
        set.value(1, SemaphoreSet.HIGHEST_VALUE);
        assertThat(set.value(1)).isEqualTo(32767);
        set.values(3, 2, 1);
        assertThat(set.values()).containsExactly(3, 2, 1);
    }

    @Test
    void shouldSayWhatIsWrongWithAnArgument() {
        refused(
                () -> set.value(3),
                "semctl(NAME, 3, GETVAL): no such index: the set has 3 semaphores, from 0");
        refused(
                () -> set.value(3, 1),
                "semctl(NAME, 3, SETVAL, 1): no such index: the set has 3 semaphores, from 0");
        refused(
                () -> set.release(3),
                "semop(NAME, [{3, 1}]): no such index: the set has 3 semaphores, from 0");
        refused(() -> set.value(-1), "index=-1, lowest=0");
        refused(() -> set.acquire(-1), "index=-1, highest=65535");
        refused(() -> set.acquire(65536), "index=65536, highest=65535");
        refused(() -> set.value(0, 32768), "value=32768, highest=32767");
        refused(() -> set.value(0, -1), "value=-1, highest=32767");
        refused(() -> set.values(1, 2), "values=2, semaphores of sysvsem:NAME=3");
        refused(() -> set.perform(), "no operation given");
        refused(() -> SemaphoreOperation.acquire(0, 0), "permits=0, lowest=1");
        refused(() -> SemaphoreOperation.release(0, 32768), "change=32768, highest=32767");
        refused(
                () -> new SemaphoreOperation(0, Integer.MIN_VALUE, false),
                "change=-2147483648, highest=32767");
        refused(SemaphoreSet::create, "a set has at least one semaphore: give its first value");
        refused(() -> SemaphoreSet.create(1, -1), "value=-1, highest=32767");
    }

    @Test
    void shouldSayWhichLimitIsInTheWay() {
        set.value(0, SemaphoreSet.HIGHEST_VALUE);
        assertThatThrownBy(set::release)
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "semop(%s, [{0, 1}]): ERANGE (Numerical result out of range); a value would"
                                + " rise above 32767",
                        set.name());
        int most = Integer.parseInt(Limits.read("sem").split(" ")[2]);
        SemaphoreOperation[] many = new SemaphoreOperation[most + 1];
        Arrays.fill(many, SemaphoreOperation.release(1, 1));
        assertThatThrownBy(() -> set.tryPerform(many))
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "semop(%s, %d operations): E2BIG (Argument list too long); too many"
                                + " operations at once: /proc/sys/kernel/sem (a set, in all, an"
                                + " operation, sets) is %s",
                        set.name(), most + 1, Limits.read("sem"));
        int largest = Integer.parseInt(Limits.read("sem").split(" ")[0]);
        assertThatThrownBy(() -> SemaphoreSet.create(Key.PRIVATE, new int[largest + 1]))
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "semget(private, %d, IPC_CREAT|IPC_EXCL|0600): EINVAL (Invalid argument);"
                            + " there is one with fewer semaphores, or more are asked for than the"
                            + " first number of /proc/sys/kernel/sem allows: %s",
                        largest + 1, Limits.read("sem"));
        assertThatThrownBy(() -> SemaphoreSet.openOrCreate(set.key(), 1, 1, 1, 1))
                .isInstanceOf(IpcException.class)
                .hasMessageStartingWith("semget(%s, 4, 0): EINVAL", set.name());
    }

    @Test
    void shouldSayWhatToDoWhenTheKeyIsTakenOrFree() {
        assertThatThrownBy(() -> SemaphoreSet.create(set.key(), 1))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "semget(%1$s, 1, IPC_CREAT|IPC_EXCL|0600): EEXIST (File exists); open it"
                            + " with SemaphoreSet.open, or remove it with: kith rm sysvsem:%1$s",
                        set.name());
        try (SemaphoreSet same = SemaphoreSet.openOrCreate(set.key(), 9);
                SemaphoreSet byId = SemaphoreSet.openId(set.id())) {
            assertThat(same.values()).containsExactly(1, 0, 5);
            assertThat(byId.key()).isEqualTo(set.key());
        }
        set.unlink();
        assertThatThrownBy(() -> SemaphoreSet.open(set.key()))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "semget(%s, 0, 0): ENOENT (No such file or directory); create it with"
                                + " SemaphoreSet.create",
                        set.name());
    }

    @Test
    void shouldMakeALargeSet() {
        int[] values = new int[1000];
        Arrays.setAll(values, i -> i % 7);
        try (SemaphoreSet large = SemaphoreSet.create(Key.PRIVATE, values)) {
            assertThat(large.values()).isEqualTo(values);
            assertThat(large.stat().lastOperation()).isPresent();
            assertThat(large).hasToString("sysvsem:id=" + large.id());
            large.unlink();
        }
    }

    @Test
    void shouldChangeItsModeAndOwner() {
        set.mode(0660);
        Permissions permissions = set.stat().permissions();
        assertThat(permissions.mode()).isEqualTo(0660);
        set.owner(permissions.uid(), permissions.gid());
        assertThat(set.stat().permissions()).isEqualTo(permissions);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitUntilAllOperationsArePossible(boolean virtual) throws Exception {
        Call<Boolean> both =
                Call.start(
                        virtual,
                        () -> {
                            set.perform(
                                    SemaphoreOperation.acquire(0, 1),
                                    SemaphoreOperation.acquire(1, 2));
                            return true;
                        });
        set.release(1);
        assertThat(both.isWaiting()).isTrue();
        assertThat(set.value(0)).isEqualTo(1);
        set.release(1);
        assertThat(both.value()).isTrue();
        assertThat(set.values()).containsExactly(0, 0, 5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForZeroAndCountWhoWaits(boolean virtual) throws Exception {
        Call<Boolean> zero = Call.start(virtual, () -> set.awaitZero(0, LONG));
        Call<Boolean> more = Call.start(virtual, () -> set.tryAcquire(1, LONG));
        while (set.waitingForZero(0) < 1 || set.waitingForIncrease(1) < 1) {
            Thread.sleep(5);
        }
        assertThat(set.waitingForIncrease(0)).isZero();
        set.acquire();
        set.release(1);
        assertThat(zero.value()).isTrue();
        assertThat(more.value()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveUpWhenTheTimeHasPassed(boolean virtual) throws Exception {
        long start = System.nanoTime();
        Call<Boolean> acquire = Call.start(virtual, () -> set.tryAcquire(1, SHORT));
        Call<Boolean> zero = Call.start(virtual, () -> set.awaitZero(0, SHORT));
        assertThat(acquire.value()).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(zero.value()).isFalse();
        assertThat(set.values()).containsExactly(1, 0, 5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeInterrupted(boolean virtual) throws Exception {
        for (Call<?> call :
                List.of(
                        Call.start(virtual, () -> acquire(1)),
                        Call.start(virtual, () -> set.tryAcquire(1, LONG)))) {
            call.thread().interrupt();
            assertThat(call.failure()).isInstanceOf(InterruptedException.class);
        }
        assertThat(set.waitingForIncrease(1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWhenTheHandleIsClosed(boolean virtual) throws Exception {
        Call<?> acquire = Call.start(virtual, () -> acquire(1));
        Call<?> timed = Call.start(virtual, () -> set.awaitZero(0, LONG));
        set.close();
        for (Call<?> call : List.of(acquire, timed)) {
            assertThat(call.failure())
                    .isInstanceOf(Closed.class)
                    .hasMessage("sysvsem:%s is closed", set.name());
        }
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        set::release, () -> set.value(0), set::stat, set::values)) {
            assertThatThrownBy(call).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWhenTheSetIsRemoved(boolean virtual) throws Exception {
        Call<?> acquire = Call.start(virtual, () -> acquire(1));
        while (set.waitingForIncrease(1) == 0) {
            Thread.sleep(5);
        }
        set.unlink();
        assertThat(acquire.failure())
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "semop(%s, [{1, -1}]): EIDRM (Identifier removed); the semaphore set was"
                                + " removed",
                        set.name());
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        set::release, () -> set.value(0), set::stat, set::values, set::unlink)) {
            assertThatThrownBy(call)
                    .isInstanceOf(NotFound.class)
                    .hasMessageEndingWith(
                            "EINVAL (Invalid argument); the semaphore set was removed");
        }
    }

    @Test
    void shouldGoOnWaitingAfterASignal() throws Exception {
        AtomicLong thread = new AtomicLong();
        Call<Boolean> waiting =
                Call.start(
                        false,
                        () -> {
                            thread.set(Pthread.self());
                            return set.tryAcquire(1, LONG);
                        });
        while (thread.get() == 0) {
            Thread.sleep(5);
        }
        for (int i = 0; i < 20; i++) {
            // The wake-up signal of the library, which nobody meant: the call returns EINTR.
            Pthread.kill(thread.get(), Signal.SIGRTMIN + 10);
            Thread.sleep(2);
        }
        assertThat(waiting.isWaiting()).isTrue();
        set.release(1);
        assertThat(waiting.value()).isTrue();
    }

    @Test
    void shouldLetOtherVirtualThreadsRunWhileAHundredWait() throws Exception {
        List<Call<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(new Call<>(true, () -> set.tryAcquire(1, LONG)));
        }
        waiting.forEach(call -> call.thread().start());
        while (set.waitingForIncrease(1) < 100) {
            Thread.sleep(5);
        }
        Call<Integer> other = new Call<>(true, () -> set.value(2));
        other.thread().start();
        assertThat(other.value()).isEqualTo(5);
        set.perform(SemaphoreOperation.release(1, 100));
        for (Call<Boolean> call : waiting) {
            assertThat(call.value()).isTrue();
        }
    }

    private Void acquire(int index) throws InterruptedException {
        set.acquire(index);
        return null;
    }

    private void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace("NAME", set.name()));
    }
}
