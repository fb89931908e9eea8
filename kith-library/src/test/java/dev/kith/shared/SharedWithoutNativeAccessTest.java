// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shared objects of two processes of which one was started without a flag: it says nothing on
 * stderr, which comes among its lines, and both notice the death of the other.
 */
@LeavesNothingBehind
@Timeout(60)
class SharedWithoutNativeAccessTest {
    private final String name = Regions.name().name();

    @TempDir private Path directory;

    @Test
    void shouldWakeAndBeWoken() throws Exception {
        try (SharedEvent event = SharedEvent.create(name)) {
            try (ChildJvm bare = ChildJvm.bare(SyncPeer.class, "event-await", name)) {
                assertThat(bare.line()).isEqualTo("ready");
                while (event.waiters().isEmpty()) {
                    Thread.sleep(1);
                }
                event.set();
                assertThat(bare.line()).isEqualTo("set");
                assertThat(bare.line()).isNull();
            }
            event.clear();
            Background waiting = Background.run(event::await);
            while (event.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            try (ChildJvm bare = ChildJvm.bare(SyncPeer.class, "event-set", name)) {
                waiting.join();
                assertThat(bare.line()).isNull();
            }
            event.unlink();
        }
    }

    @Test
    void shouldHaveTheLockOfTheDead() throws Exception {
        try (SharedLock lock = SharedLock.create(name);
                ChildJvm bare = ChildJvm.bare(LockPeer.class, "hold", name)) {
            assertThat(bare.line()).startsWith("held");
            assertThat(lock.tryLock(Duration.ofMillis(20))).isFalse();
            bare.kill();
            try (ChildJvm other = ChildJvm.start(LockPeer.class, "hold", name)) {
                assertThat(other.line()).startsWith("held");
                try (ChildJvm waiter = ChildJvm.bare(LockPeer.class, "wait", name)) {
                    assertThat(waiter.line()).isEqualTo("ready");
                    while (lock.waiters().isEmpty()) {
                        Thread.sleep(1);
                    }
                    other.kill();
                    assertThat(waiter.line()).isEqualTo("locked true");
                    assertThat(waiter.line()).isNull();
                }
            }
            lock.unlink();
        }
    }

    @Test
    void shouldHaveThePermitsOfTheDead() throws Exception {
        try (SharedSemaphore semaphore = SharedSemaphore.create(name, 2, SemaphoreOption.BOUNDED);
                ChildJvm bare = ChildJvm.bare(SyncPeer.class, "semaphore-hold", name, "2")) {
            assertThat(bare.line()).isEqualTo("held");
            Background waiting = Background.run(semaphore::acquire);
            while (semaphore.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            bare.kill();
            waiting.join();
            try (ChildJvm other = ChildJvm.start(SyncPeer.class, "semaphore-hold", name, "1");
                    ChildJvm waiter = ChildJvm.bare(SyncPeer.class, "semaphore-take", name, "1")) {
                assertThat(other.line()).isEqualTo("held");
                assertThat(waiter.line()).isIn("ready", "acquired");
                other.kill();
                semaphore.release();
                String line = waiter.line();
                assertThat(line == null || line.equals("acquired")).isTrue();
                assertThat(waiter.waitFor()).isZero();
            }
            semaphore.unlink();
        }
    }

    @Test
    void shouldKeepReadersAndWritersApart() throws Exception {
        Path file = directory.resolve("words");
        MemorySegment words = LockPeer.counter(file);
        try (SharedReadWriteLock lock = SharedReadWriteLock.create(name)) {
            try (ChildJvm bare = ChildJvm.bare(ReadWritePeer.class, "mix", name, file.toString())) {
                ReadWritePeer.mix(lock, words, 4, 3000);
                assertThat(bare.line()).isEqualTo("end");
            }
            assertThat(words.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(6000);
            assertThat(words.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(6000);
            for (String verb : new String[] {"read", "write"}) {
                try (ChildJvm bare = ChildJvm.bare(ReadWritePeer.class, verb, name)) {
                    assertThat(bare.line()).isEqualTo(verb + "s");
                    Background writing = Background.run(() -> ReadWritePeer.write(lock, words));
                    while (lock.waiters().isEmpty()) {
                        Thread.sleep(1);
                    }
                    bare.kill();
                    writing.join();
                }
            }
            lock.unlink();
        }
    }

    @Test
    void shouldBreakTheBarrierOfTheDead() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(name, 3);
                ChildJvm bare = ChildJvm.bare(BarrierPeer.class, "await", name)) {
            assertThat(bare.line()).isEqualTo("ready");
            while (barrier.waiting() < 1) {
                Thread.sleep(1);
            }
            try (ChildJvm other = ChildJvm.start(BarrierPeer.class, "open", name)) {
                assertThat(other.line()).isEqualTo("ready");
                other.kill();
                assertThat(bare.line()).contains("process " + other.pid() + " has died");
                assertThat(bare.line()).isNull();
            }
            barrier.reset();
            Background waiting = Background.run(barrier::await);
            try (ChildJvm dying = ChildJvm.bare(BarrierPeer.class, "open", name)) {
                assertThat(dying.line()).isEqualTo("ready");
                dying.kill();
                assertThat(waiting.failure())
                        .isInstanceOf(BrokenBarrierException.class)
                        .hasMessageContaining("process " + dying.pid() + " has died");
            }
            barrier.unlink();
        }
    }

    @Test
    void shouldSayWhatAnAnonymousObjectTakes() throws Exception {
        try (ChildJvm bare = ChildJvm.bare(SyncPeer.class, "anonymous", name)) {
            assertThat(bare.line())
                    .contains("kith-latch")
                    .contains("--enable-native-access=ALL-UNNAMED");
        }
    }
}
