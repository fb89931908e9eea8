// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.shared.SemaphoreOption.BOUNDED;

import dev.kith.Closed;
import dev.kith.shared.HeldMap;
import dev.kith.shared.MemoryPool;
import dev.kith.shared.PoolBlock;
import dev.kith.shared.SemaphoreOption;
import dev.kith.shared.SharedBarrier;
import dev.kith.shared.SharedCondition;
import dev.kith.shared.SharedEvent;
import dev.kith.shared.SharedLatch;
import dev.kith.shared.SharedLock;
import dev.kith.shared.SharedMap;
import dev.kith.shared.SharedObject;
import dev.kith.shared.SharedReadLock;
import dev.kith.shared.SharedReadWriteLock;
import dev.kith.shared.SharedSemaphore;
import dev.kith.shared.SharedStruct;
import dev.kith.shared.SharedWriteLock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Locks that are held, events that are not set, latches that are not at zero. */
final class SharedCalls {
    private static final String TIME_AND_UNIT = "(long, TimeUnit)";

    private SharedCalls() {}

    /** A condition and its lock, free. */
    record OfLock(SharedLock lock, SharedCondition condition) implements AutoCloseable {
        /** Something that is done with the lock. */
        interface Action {
            boolean run() throws Exception;
        }

        boolean locked(Action action) throws Exception {
            lock.lock();
            try {
                return action.run();
            } finally {
                if (lock.isHeldByCurrentThread()) {
                    lock.unlock();
                }
            }
        }

        @Override
        public void close() {
            lock.close();
        }
    }

    static List<Waiting<?>> all() {
        return List.of(
                lock(),
                condition(),
                reading(),
                writing(),
                semaphore(),
                semaphore(BOUNDED),
                barrier(),
                event(),
                latch(),
                struct(),
                map(),
                pool());
    }

    private static Waiting<?> lock() {
        return Waiting.in(SharedLock.class, () -> pair(SharedLock.anonymous(), SharedLock::lock))
                .call("lockInterruptibly()", pair -> pair.handle().lockInterruptibly())
                .timed("tryLock(Duration)", (pair, time) -> pair.handle().tryLock(time))
                .timed(
                        "tryLock" + TIME_AND_UNIT,
                        (pair, time) -> pair.handle().tryLock(nanos(time), TimeUnit.NANOSECONDS))
                .letGo(pair -> pair.handle().unlock())
                .close(Fixture.closing());
    }

    private static Waiting<?> reading() {
        return Waiting.in(
                        SharedReadLock.class,
                        () ->
                                pair(
                                        SharedReadWriteLock.anonymous(),
                                        lock -> lock.writeLock().lock()))
                .call("lockInterruptibly()", pair -> pair.handle().readLock().lockInterruptibly())
                .timed("tryLock(Duration)", (pair, time) -> pair.handle().readLock().tryLock(time))
                .timed(
                        "tryLock" + TIME_AND_UNIT,
                        (pair, time) ->
                                pair.handle().readLock().tryLock(nanos(time), TimeUnit.NANOSECONDS))
                .letGo(pair -> pair.handle().writeLock().unlock())
                .close(Fixture.closing());
    }

    private static Waiting<?> writing() {
        return Waiting.in(
                        SharedWriteLock.class,
                        () -> pair(SharedReadWriteLock.anonymous(), lock -> lock.readLock().lock()))
                .call("lockInterruptibly()", pair -> pair.handle().writeLock().lockInterruptibly())
                .timed("tryLock(Duration)", (pair, time) -> pair.handle().writeLock().tryLock(time))
                .timed(
                        "tryLock" + TIME_AND_UNIT,
                        (pair, time) ->
                                pair.handle()
                                        .writeLock()
                                        .tryLock(nanos(time), TimeUnit.NANOSECONDS))
                .letGo(pair -> pair.handle().readLock().unlock())
                .close(Fixture.closing());
    }

    private static Waiting<?> condition() {
        return Waiting.in(SharedCondition.class, SharedCalls::newCondition)
                .call(
                        "await()",
                        of ->
                                of.locked(() -> {
                                    of.condition().await();
                                    return true;
                                }))
                .timed("await(Duration)", (of, time) -> of.locked(() -> of.condition().await(time)))
                .timed(
                        "await" + TIME_AND_UNIT,
                        (of, time) ->
                                of.locked(() ->
                                        of.condition().await(nanos(time), TimeUnit.NANOSECONDS)))
                .timed(
                        "awaitNanos(long)",
                        (of, time) -> of.locked(() -> of.condition().awaitNanos(nanos(time)) > 0))
                .timed(
                        "awaitUntil(Date)",
                        (of, time) -> of.locked(() -> of.condition().awaitUntil(date(time))))
                .letGo(of ->
                        of.locked(() -> {
                            of.condition().signalAll();
                            return true;
                        }))
                .close(OfLock::close);
    }

    private static Waiting<?> semaphore(SemaphoreOption... options) {
        return Waiting.in(
                        SharedSemaphore.class,
                        () ->
                                pair(
                                        SharedSemaphore.anonymous(2, options),
                                        made -> made.tryAcquire(2)))
                .call("acquire()", pair -> pair.handle().acquire())
                .call("acquire(int)", pair -> pair.handle().acquire(2))
                .timed("tryAcquire(Duration)", (pair, time) -> pair.handle().tryAcquire(time))
                .timed(
                        "tryAcquire(int, Duration)",
                        (pair, time) -> pair.handle().tryAcquire(2, time))
                .letGo(pair -> pair.handle().release(2))
                .close(Fixture.closing());
    }

    private static Waiting<?> barrier() {
        return Waiting.in(SharedBarrier.class, () -> pair(SharedBarrier.anonymous(128), _ -> {}))
                .call("await()", pair -> whole(pair.handle()).await())
                .timed(
                        "await(Duration)",
                        (pair, time) -> whole(pair.handle()).await(time).isPresent())
                .letGo(pair -> {
                    for (int i = pair.handle().waiting(); i < 128; i++) {
                        Thread.ofVirtual().start(() -> await(pair.handle()));
                    }
                })
                .close(Fixture.closing());
    }

    /** Who gave up before has broken it. */
    private static SharedBarrier whole(SharedBarrier barrier) {
        if (barrier.isBroken()) {
            barrier.reset();
        }
        return barrier;
    }

    private static void await(SharedBarrier barrier) {
        try {
            barrier.await();
        } catch (Closed ended) {
            // The test was over before this thread.
        } catch (InterruptedException | BrokenBarrierException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static Waiting<?> event() {
        return Waiting.in(SharedEvent.class, () -> pair(SharedEvent.anonymous(), _ -> {}))
                .call("await()", pair -> pair.handle().await())
                .timed("await(Duration)", (pair, time) -> pair.handle().await(time))
                .letGo(pair -> pair.handle().set())
                .close(Fixture.closing());
    }

    private static Waiting<?> latch() {
        return Waiting.in(SharedLatch.class, () -> pair(SharedLatch.anonymous(1), _ -> {}))
                .call("await()", pair -> pair.handle().await())
                .timed("await(Duration)", (pair, time) -> pair.handle().await(time))
                .letGo(pair -> pair.handle().countDown())
                .close(Fixture.closing());
    }

    private static Waiting<?> struct() {
        return Waiting.in(SharedStruct.class, Updated::begin)
                .timed(
                        "tryUpdate(UnaryOperator, Duration)",
                        (of, time) -> of.struct().tryUpdate(now -> now, time))
                .letGo(of -> of.end().countDown())
                .close(of -> of.struct().close());
    }

    private static Waiting<?> map() {
        return Waiting.in(SharedMap.class, HeldMap::begin)
                .timed(
                        "tryPut(Object, Object, Duration)",
                        (of, time) -> of.map().tryPut(1L, 2L, time))
                .letGo(HeldMap::letGo)
                .close(HeldMap::close);
    }

    private static Waiting<?> pool() {
        return Waiting.in(MemoryPool.class, Emptied::begin)
                .call("allocate()", of -> of.pool().allocate())
                .timed(
                        "tryAllocate(Duration)",
                        (of, time) -> of.pool().tryAllocate(time).isPresent())
                .letGo(of -> of.block().close())
                .close(of -> of.pool().close());
    }

    /** A pool whose only block is held. */
    record Emptied(MemoryPool pool, PoolBlock block) implements AutoCloseable {
        static Emptied begin() throws Exception {
            MemoryPool pool = MemoryPool.anonymous(1, 64);
            return new Emptied(pool, pool.allocate());
        }

        @Override
        public void close() {
            pool.close();
        }
    }

    /** A struct, and a thread that is updating it until the end. */
    record Updated(SharedStruct<Point> struct, CountDownLatch end) implements AutoCloseable {
        record Point(int x, int y) {}

        static Updated begin() {
            Updated of =
                    new Updated(SharedStruct.anonymous(new Point(1, 2)), new CountDownLatch(1));
            CountDownLatch begun = new CountDownLatch(1);
            Thread.ofPlatform()
                    .start(() ->
                            of.struct.updateAndGet(now -> {
                                begun.countDown();
                                await(of.end);
                                return now;
                            }));
            await(begun);
            return of;
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public void close() {
            end.countDown();
            struct.close();
        }
    }

    private static OfLock newCondition() {
        SharedLock lock = SharedLock.anonymous();
        return new OfLock(lock, lock.newCondition());
    }

    /** What the calls wait at; prepared by the thread of the test. */
    private static <T extends SharedObject> Fixture<T, Void> pair(T object, Consumer<T> prepare) {
        prepare.accept(object);
        return new Fixture<>(object, null, object);
    }

    private static long nanos(Duration time) {
        return time.toNanos();
    }

    /** No earlier than that, as a date has milliseconds. */
    private static Date date(Duration time) {
        return new Date(System.currentTimeMillis() + time.toMillis() + 1);
    }
}
