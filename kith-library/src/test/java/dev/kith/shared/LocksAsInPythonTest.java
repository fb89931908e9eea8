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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the tests of CPython ask of locks, semaphores and conditions (Lib/test/lock_tests.py,
 * _test_multiprocessing.py), each named with the test whose behaviour it takes over. Not taken
 * over: that a lock may be released by a thread that does not hold it, which is refused here.
 */
@LeavesNothingBehind
@Timeout(120)
class LocksAsInPythonTest {
    private static final Duration MOMENT = Duration.ofMillis(30);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** BaseLockTests.test_try_acquire_contended, _TestLock.test_lock. */
    @Test
    void shouldNotGetALockThatAnotherProcessHas() throws Exception {
        try (SharedLock lock = SharedLock.anonymous();
                Worker child = Worker.start()) {
            lock.lock();
            assertThat(child.run(() -> lock.tryLock())).isFalse();
            lock.unlock();
            assertThat(
                            child.run(() -> {
                                boolean locked = lock.tryLock();
                                lock.unlock();
                                return locked;
                            }))
                    .isTrue();
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        }
    }

    /** BaseLockTests.test_acquire_contended: as many get it as ask, one after another. */
    @Test
    void shouldGoFromOneToTheNext() throws Exception {
        try (SharedLock lock = SharedLock.anonymous();
                SharedInt inside = SharedInt.anonymous(0);
                SharedInt entered = SharedInt.anonymous(0)) {
            lock.lock();
            List<Job<Void>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(Worker.start(() -> enter(lock, inside, entered)));
            }
            while (lock.waiters().size() < 3) {
                Thread.sleep(1);
            }
            assertThat(entered.get()).isZero();
            lock.unlock();
            for (Job<Void> each : all) {
                each.join();
                each.close();
            }
            assertThat(entered.get()).isEqualTo(3);
        }
    }

    /** BaseLockTests.test_timeout: it waits as long as was said, and no less. */
    @Test
    void shouldWaitForItsTime() throws Exception {
        try (SharedLock lock = SharedLock.anonymous()) {
            assertThat(lock.tryLock(MOMENT)).isTrue();
            lock.unlock();
            lock.lock();
            Background.run(
                            () -> {
                                long start = System.nanoTime();
                                assertThat(lock.tryLock(MOMENT)).isFalse();
                                assertThat(System.nanoTime() - start)
                                        .isGreaterThanOrEqualTo(MOMENT.toNanos());
                                assertThat(lock.tryLock(Duration.ofSeconds(-1))).isFalse();
                            })
                    .join();
        }
    }

    /** LockTests.test_state_after_timeout: who gave up leaves nothing behind. */
    @Test
    void shouldBeFreeAfterOneGaveUp() throws Exception {
        try (SharedLock lock = SharedLock.anonymous()) {
            lock.lock();
            Background.run(() -> assertThat(lock.tryLock(MOMENT)).isFalse()).join();
            lock.unlock();
            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.tryLock()).isTrue();
        }
    }

    /** RLockTests.test_reacquire, test_recursion_count, _TestLock.test_rlock. */
    @Test
    void shouldBeLockedAgainAndUnlockedAsOften() {
        try (SharedLock lock = SharedLock.anonymous()) {
            for (int count = 1; count <= 3; count++) {
                lock.lock();
                assertThat(lock.holdCount()).isEqualTo(count);
            }
            for (int count = 2; count >= 0; count--) {
                lock.unlock();
                assertThat(lock.holdCount()).isEqualTo(count);
            }
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        }
    }

    /** RLockTests.test_different_thread, test__is_owned. */
    @Test
    void shouldBeItsOwnersAlone() throws Exception {
        try (SharedLock lock = SharedLock.anonymous()) {
            lock.lock();
            assertThat(lock.isHeldByCurrentThread()).isTrue();
            Background.run(
                            () -> {
                                assertThat(lock.isHeldByCurrentThread()).isFalse();
                                assertThatThrownBy(lock::unlock)
                                        .isInstanceOf(IllegalMonitorStateException.class);
                            })
                    .join();
            lock.unlock();
            assertThat(lock.isHeldByCurrentThread()).isFalse();
        }
    }

    /** SemaphoreTests.test_try_acquire, test_default_value; _TestSemaphore.test_semaphore. */
    @Test
    void shouldCountPermits() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.anonymous(2);
                Worker child = Worker.start()) {
            semaphore.acquire();
            assertThat(child.run(() -> semaphore.tryAcquire())).isTrue();
            assertThat(semaphore.availablePermits()).isZero();
            assertThat(semaphore.tryAcquire()).isFalse();
            semaphore.release();
            semaphore.release();
            semaphore.release(); // unlike a bounded one
            assertThat(child.run(() -> semaphore.availablePermits())).isEqualTo(3);
        }
    }

    /** BoundedSemaphoreTests.test_release_unacquired, _TestSemaphore.test_bounded_semaphore. */
    @Test
    void shouldNotBeReleasedMoreOftenThanAcquired() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.anonymous(1, SemaphoreOption.BOUNDED)) {
            assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
            semaphore.acquire();
            semaphore.release();
            assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
            assertThat(semaphore.availablePermits()).isEqualTo(1);
        }
    }

    /** SemaphoreTests.test_multirelease, test_acquire_contended. */
    @Test
    void shouldLetAsManyGoOnAsAreReleasedAtOnce() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.anonymous(0)) {
            List<Background> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(Background.run(i % 2 == 0, semaphore::acquire));
            }
            while (semaphore.waiters().size() < 6) {
                Thread.sleep(1);
            }
            semaphore.release(4);
            while (semaphore.waiters().size() > 2) {
                Thread.sleep(1);
            }
            assertThat(all).filteredOn(Background::isAlive).hasSizeGreaterThanOrEqualTo(2);
            assertThat(semaphore.availablePermits()).isZero();
            semaphore.release(2);
            for (Background each : all) {
                each.join();
            }
        }
    }

    /** SemaphoreTests.test_acquire_timeout, _TestSemaphore.test_timeout. */
    @Test
    void shouldWaitForAPermitForItsTime() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.anonymous(2)) {
            semaphore.acquire();
            assertThat(semaphore.tryAcquire(MOMENT)).isTrue();
            long start = System.nanoTime();
            assertThat(semaphore.tryAcquire(MOMENT)).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MOMENT.toNanos());
            semaphore.release();
            assertThat(semaphore.tryAcquire(MOMENT)).isTrue();
        }
    }

    /** ConditionTests.test_unacquired_wait, test_unacquired_notify. */
    @Test
    void shouldRefuseAConditionToWhoHasNotLocked() {
        try (SharedLock lock = SharedLock.anonymous()) {
            SharedCondition condition = lock.newCondition();
            assertThatThrownBy(condition::await).isInstanceOf(IllegalMonitorStateException.class);
            assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
            assertThatThrownBy(condition::signalAll)
                    .isInstanceOf(IllegalMonitorStateException.class);
        }
    }

    /** _TestCondition.test_notify, test_notify_n, test_notify_all: threads of two processes. */
    @Test
    void shouldWakeAsManyAsAreNotified() throws Exception {
        try (SharedLock lock = SharedLock.anonymous();
                SharedInt woken = SharedInt.anonymous(0);
                Worker child = Worker.start()) {
            SharedCondition condition = lock.newCondition();
            child.run(() -> {
                startWaiting(condition, woken, 3);
            });
            startWaiting(condition, woken, 3);
            while (condition.waiters().size() < 6) {
                Thread.sleep(1);
            }
            for (int count = 1; count <= 3; count++) {
                notify(lock, condition::signal);
                awaitCount(woken, count);
            }
            notify(lock, condition::signalAll);
            awaitCount(woken, 6);
            notify(lock, condition::signal); // nobody waits, and nobody is waited for
            assertThat(woken.get()).isEqualTo(6);
        }
    }

    /** _TestCondition.test_waitfor, test_waitfor_timeout, test_wait_result. */
    @Test
    void shouldWaitForSomethingToBeSo() throws Exception {
        try (SharedLock lock = SharedLock.anonymous();
                SharedInt state = SharedInt.anonymous(0)) {
            SharedCondition condition = lock.newCondition();
            lock.lock();
            assertThat(condition.await(MOMENT)).isFalse();
            lock.unlock();
            try (Job<Boolean> child = Worker.start(() -> awaitState(condition, state, 4))) {
                for (int i = 1; i <= 4; i++) {
                    while (condition.waiters().isEmpty()) {
                        Thread.sleep(1);
                    }
                    notify(
                            lock,
                            () -> {
                                state.incrementAndGet();
                                condition.signal();
                            });
                }
                assertThat(child.result()).isTrue();
            }
        }
    }

    private static void enter(SharedLock lock, SharedInt inside, SharedInt entered) {
        lock.lock();
        try {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            entered.incrementAndGet();
            inside.decrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    private static void startWaiting(SharedCondition condition, SharedInt woken, int threads) {
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        condition.lock().lock();
                        condition.awaitUninterruptibly();
                        woken.incrementAndGet();
                        condition.lock().unlock();
                    });
        }
    }

    private static boolean awaitState(SharedCondition condition, SharedInt state, int wanted)
            throws InterruptedException {
        condition.lock().lock();
        try {
            while (state.get() < wanted) {
                if (!condition.await(LONG)) {
                    return false;
                }
            }
            return true;
        } finally {
            condition.lock().unlock();
        }
    }

    private static void notify(SharedLock lock, Runnable change) {
        lock.lock();
        change.run();
        lock.unlock();
    }

    private static void awaitCount(SharedInt count, int wanted) throws InterruptedException {
        while (count.get() < wanted) {
            Thread.sleep(1);
        }
        assertThat(count.get()).isEqualTo(wanted);
    }
}
