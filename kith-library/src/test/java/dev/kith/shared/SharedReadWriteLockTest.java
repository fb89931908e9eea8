// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeavesNothingBehind
@Timeout(60)
class SharedReadWriteLockTest {
    private final String name = Regions.name().name();
    private final SharedReadWriteLock lock = SharedReadWriteLock.create(name);
    private final SharedReadLock read = lock.readLock();
    private final SharedWriteLock write = lock.writeLock();

    @TempDir private Path directory;

    @AfterEach
    void remove() {
        lock.unlink();
        lock.close();
    }

    @Test
    void shouldKeepReadersAndWritersOfAllProcessesApart() throws Exception {
        Path file = directory.resolve("words");
        MemorySegment words = LockPeer.counter(file);
        try (ChildJvm one = peer("mix", file.toString());
                ChildJvm two = peer("mix", file.toString())) {
            ReadWritePeer.mix(lock, words, 4, 3000);
            assertThat(one.line()).isEqualTo("end");
            assertThat(two.line()).isEqualTo("end");
        }
        assertThat(words.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(9000);
        assertThat(words.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(9000);
        assertThat(lock.waiters()).isEmpty();
        assertThat(read.holders()).isEmpty();
        assertThat(write.holder()).isEmpty();
    }

    @Test
    void shouldLetManyReadAndOneWrite() throws Exception {
        read.lock();
        try (ChildJvm child = peer("read")) {
            assertThat(child.line()).isEqualTo("reads");
            assertThat(read.holders()).hasSize(2);
            read.unlock();
            assertThat(read.holders())
                    .singleElement()
                    .satisfies(peer -> assertThat(peer.pid()).isEqualTo(child.pid()));
            assertThat(write.tryLock()).isFalse();
            assertThat(write.tryLock(Duration.ofMillis(20))).isFalse();
            assertThat(write.tryLock(5, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(read.tryLock()).isTrue();
            read.unlock();
        }
        write.lock();
        assertThat(write.holder().orElseThrow().peer().pid())
                .isEqualTo(ProcessHandle.current().pid());
        Background.run(
                        () -> {
                            assertThat(read.tryLock()).isFalse();
                            assertThat(read.tryLock(Duration.ofMillis(20))).isFalse();
                            assertThat(write.tryLock()).isFalse();
                        })
                .join();
        write.unlock();
        assertThat(lock.recovered()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotBeHeldByADeadReader(boolean virtual) throws Exception {
        try (ChildJvm child = peer("read")) {
            assertThat(child.line()).isEqualTo("reads");
            Background writing =
                    Background.run(
                            virtual,
                            () -> {
                                write.lock();
                                assertThat(lock.recovered()).isFalse();
                                write.unlock();
                            });
            while (lock.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            child.kill();
            writing.join();
        }
        assertThat(read.holders()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellReadersAndWritersThatAWriterDied(boolean reads) throws Exception {
        try (ChildJvm child = peer("write")) {
            assertThat(child.line()).isEqualTo("writes");
            assertThat(write.holder().orElseThrow().peer().pid()).isEqualTo(child.pid());
            Background next =
                    Background.run(() -> {
                        (reads ? read : write).lock();
                        assertThat(lock.recovered()).isTrue();
                        (reads ? read : write).unlock();
                    });
            while (lock.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            child.kill();
            next.join();
        }
        assertThat(lock.recovered()).isTrue();
        assertThatThrownBy(lock::markConsistent)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("markConsistent of the write lock");
        write.lock();
        lock.markConsistent();
        write.unlock();
        assertThat(lock.recovered()).isFalse();
    }

    @Test
    void shouldTakeTurnsWhenBothWait() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        read.lock();
        Background writer = Background.run(() -> locked(write, "writer", order));
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        // A writer that waits keeps new readers out,
        Background.run(() -> assertThat(read.tryLock()).isFalse()).join();
        Background reader = Background.run(() -> locked(read, "reader", order));
        while (lock.waiters().size() < 2) {
            Thread.sleep(1);
        }
        read.lock(); // but none that reads already
        read.unlock();
        read.unlock();
        writer.join();
        reader.join();
        assertThat(order).containsExactly("writer", "reader");
        // and when it unlocks, readers that wait go before the next writer.
        order.clear();
        write.lock();
        List<Background> all = new ArrayList<>();
        all.add(Background.run(() -> locked(write, "writer", order)));
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        for (int i = 0; i < 6; i++) {
            all.add(Background.run(i % 2 == 0, () -> locked(read, "reader", order)));
            while (lock.waiters().size() < i + 2) {
                Thread.sleep(1);
            }
        }
        write.unlock();
        for (Background each : all) {
            each.join();
        }
        assertThat(order).hasSize(7).last().isEqualTo("writer");
    }

    @Test
    void shouldBeTakenAgainByWhoHoldsIt() throws Exception {
        write.lock();
        write.lock();
        read.lock();
        assertThat(write.holdCount()).isEqualTo(2);
        assertThat(read.holdCount()).isEqualTo(1);
        write.unlock();
        write.unlock();
        assertThat(write.isHeldByCurrentThread()).isFalse();
        Background.run(
                        () -> {
                            assertThat(read.tryLock()).isTrue(); // the other only reads now
                            read.unlock();
                            assertThat(write.tryLock()).isFalse();
                        })
                .join();
        assertThat(write.tryLock()).isFalse();
        assertThatThrownBy(write::lock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("write lock of read-write lock shm:/" + name)
                .hasMessageContaining("holds the read lock");
        read.unlock();
        assertThatThrownBy(read::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("unlock of the read lock");
        assertThatThrownBy(write::unlock)
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("held by nobody");
        assertThatThrownBy(read::newCondition).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(write::newCondition)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("use a SharedLock");
        assertThat(lock.readLock()).isSameAs(read);
        assertThat(write).hasToString("write lock of read-write lock shm:/" + name);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetOthersInWhenOneGivesUp(boolean virtual) throws Exception {
        read.lock();
        Background writer = Background.run(virtual, write::lockInterruptibly);
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        Background reader =
                Background.run(
                        virtual,
                        () -> {
                            read.lock();
                            read.unlock();
                        });
        while (lock.waiters().size() < 2) {
            Thread.sleep(1);
        }
        writer.thread().interrupt();
        assertThat(writer.failure()).isInstanceOf(InterruptedException.class);
        reader.join();
        read.unlock();
        assertThat(write.tryLock()).isTrue();
        reader = Background.run(virtual, read::lockInterruptibly);
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        reader.thread().interrupt();
        assertThat(reader.failure()).isInstanceOf(InterruptedException.class);
        write.unlock();
        assertThat(write.tryLock()).isTrue();
        write.unlock();
    }

    @Test
    void shouldNotBeHeldByAHandleThatIsClosed() throws Exception {
        SharedReadWriteLock other = SharedReadWriteLock.open(name);
        Background holding = Background.run(other.readLock()::lock);
        holding.join();
        Background writing = Background.run(write::lock);
        while (lock.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        other.close();
        writing.join();
        assertThatThrownBy(other.readLock()::lock).isInstanceOf(Closed.class);
        assertThatThrownBy(other.writeLock()::lock).isInstanceOf(Closed.class);
    }

    @Test
    void shouldSurviveADeathAfterEachStore() throws Exception {
        Path file = directory.resolve("words");
        MemorySegment words = LockPeer.counter(file);
        int points =
                EachPoint.die(
                        ReadWritePeer.class,
                        _ -> {},
                        _ -> new String[] {"points", name, file.toString()},
                        point -> {
                            assertThat(read.tryLock(Duration.ofSeconds(10)))
                                    .as("point %d", point)
                                    .isTrue();
                            read.unlock();
                            assertThat(write.tryLock(Duration.ofSeconds(10)))
                                    .as("point %d", point)
                                    .isTrue();
                            write.unlock();
                            ReadWritePeer.write(lock, words);
                            ReadWritePeer.read(lock, words);
                        });
        assertThat(points).isGreaterThan(50);
    }

    private static void locked(Lock side, String who, List<String> order) {
        side.lock();
        try {
            order.add(who);
        } finally {
            side.unlock();
        }
    }

    private ChildJvm peer(String verb, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(verb, name));
        arguments.addAll(List.of(more));
        return ChildJvm.start(ReadWritePeer.class, arguments.toArray(String[]::new));
    }
}
