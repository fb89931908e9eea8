// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.test.Background;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ends a ring can have, one after another and at once, and how they wait. */
@Timeout(60)
class RingEndsTest {
    private static final int SPSC = RingLayout.KIND_SPSC;
    private static final int MPSC = RingLayout.KIND_MPSC;

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldWaitForAMessageInEveryWay(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.SPIN)) {
            for (Waiter waiter : Waiter.values()) {
                for (boolean virtual : new boolean[] {false, true}) {
                    try (RingConsumer in = test.ring.consumer(waiter)) {
                        long start = System.nanoTime();
                        assertThat(in.await(Duration.ofMillis(30))).isFalse();
                        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
                        Background waiting = Background.run(virtual, () -> in.await());
                        Thread.sleep(10);
                        out.put(Rings.message(1, 8));
                        waiting.join();
                        assertThat(Rings.drained(in)).containsExactly(1L);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldEndAWaitByCloseAndByInterrupt(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024)) {
            for (Waiter waiter : Waiter.values()) {
                RingConsumer in = test.ring.consumer(waiter);
                Background interrupted = Background.run(() -> in.await());
                Thread.sleep(5);
                interrupted.thread().interrupt();
                assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
                Background closed = Background.run(() -> in.await());
                Thread.sleep(5);
                in.close();
                assertThat(closed.failure()).isInstanceOf(Closed.class);
                assertThatThrownBy(() -> in.drain((_, _, _) -> {}, 1)).isInstanceOf(Closed.class);
                assertThatThrownBy(() -> in.isEmpty()).isInstanceOf(Closed.class);
            }
            RingProducer out = test.ring.producer(Waiter.BLOCK);
            Rings.fill(out);
            Background full = Background.run(() -> out.claim(100));
            full.awaitBlocked();
            out.close();
            assertThat(full.failure()).isInstanceOf(Closed.class);
            assertThatThrownBy(() -> out.tryClaim(1)).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldHaveOneConsumerAtATime(int kind) {
        try (Rings test = Rings.create(kind, 1024);
                SharedRing other = test.reopened()) {
            RingConsumer in = test.ring.consumer(Waiter.BLOCK);
            assertThatThrownBy(() -> other.consumer(Waiter.BLOCK))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("a second consumer")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            in.close();
            other.consumer(Waiter.BLOCK).close();
        }
    }

    @Test
    void shouldHaveOneProducerOfAnSpscRing() {
        try (Rings test = Rings.create(SPSC, 1024)) {
            RingProducer out = test.ring.producer(Waiter.BLOCK);
            assertThatThrownBy(() -> test.ring.producer(Waiter.BLOCK))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("MpscRing");
            out.close();
            test.ring.producer(Waiter.BLOCK).close();
        }
    }

    @Test
    void shouldGoOnWhereThePredecessorsStopped() throws Exception {
        for (int kind : new int[] {SPSC, MPSC}) {
            try (Rings test = Rings.create(kind, 1024)) {
                for (long i = 0; i < 500; i++) {
                    try (RingProducer out = test.ring.producer(Waiter.BLOCK)) {
                        out.put(Rings.message(2 * i, 50));
                        out.put(Rings.message(2 * i + 1, 60));
                    }
                    if (i == 0) {
                        continue;
                    }
                    try (RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
                        List<Long> got = new ArrayList<>();
                        in.drain((m, at, n) -> got.add(Rings.checked(m, at, n)), 2);
                        assertThat(got).containsExactly(2 * i - 2, 2 * i - 1);
                    }
                }
            }
        }
    }

    @Test
    void shouldMakeABatchVisibleAtOnce() throws Exception {
        try (Rings test = Rings.create(SPSC, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            for (long i = 0; i < 300; i += 3) {
                out.hold();
                for (long each = i; each < i + 3; each++) {
                    out.put(Rings.message(each, 100));
                }
                assertThat(in.isEmpty()).isTrue();
                out.flush();
                assertThat(Rings.drained(in)).containsExactly(i, i + 1, i + 2);
            }
            out.hold();
            long sent = Rings.fill(out);
            assertThat(out.tryClaim(100, Duration.ofMillis(1)).isOpen()).isFalse();
            assertThat(Rings.drained(in)).as("published when it was full").hasSize((int) sent);
        }
    }

    @Test
    void shouldKeepTheOrderOfEachOfManyProducers() throws Exception {
        try (Rings test = Rings.create(MPSC, 2048);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            int producers = 4;
            int each = 50_000;
            List<Background> threads = new ArrayList<>();
            for (int p = 0; p < producers; p++) {
                long base = (long) p << 32;
                threads.add(
                        Background.run(() -> {
                            try (RingProducer out = test.ring.producer(Waiter.BLOCK)) {
                                for (int i = 0; i < each; i++) {
                                    out.put(Rings.message(base + i, 8 + i % 300));
                                }
                            }
                        }));
            }
            int[] next = new int[producers];
            for (int count = 0; count < producers * each; ) {
                in.await();
                for (long value : Rings.drained(in)) {
                    assertThat((int) value).isEqualTo(next[(int) (value >>> 32)]++);
                    count++;
                }
            }
            for (Background thread : threads) {
                thread.join();
            }
            assertThat(in.isEmpty()).isTrue();
            assertThat(in.lostClaims()).isZero();
        }
    }

    @Test
    void shouldRefuseMoreEndsThanThereAreSlots() {
        try (Rings test = Rings.create(MPSC, 1024)) {
            for (int i = 0; i < 64; i++) {
                test.ring.producer(Waiter.BLOCK);
            }
            assertThatThrownBy(() -> test.ring.producer(Waiter.BLOCK))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("no slot is free");
        }
    }

    @Test
    void shouldRefuseACapacityThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> SpscRing.create(Rings.freshName(), 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=1000")
                .hasMessageContaining("a power of two from 256");
    }

    @Test
    void shouldTravelByItsName(@TempDir Path folder) throws Exception {
        String name = Rings.freshName();
        try (SpscRing ring = SpscRing.create("/" + name, 1024);
                SpscRing other = (SpscRing) Rings.copied(ring)) {
            assertThat(other.name()).isEqualTo(ring.name()).isEqualTo(name);
            ring.unlink();
            assertThatThrownBy(() -> SpscRing.open(name)).isInstanceOf(NotFound.class);
        }
        Path path = folder.resolve("ring");
        try (MpscRing ring = MpscRing.openOrCreate(path, 1024);
                MpscRing other = (MpscRing) Rings.copied(ring);
                MpscRing third = MpscRing.openOrCreate(path, 4096)) {
            assertThat(other.name()).isEqualTo(path.toString());
            assertThat(third.capacityBytes()).isEqualTo(1024);
            assertThat(third.maxMessageBytes()).isEqualTo(248);
            assertThatThrownBy(() -> MpscRing.create(path, 1024)).isInstanceOf(AlreadyExists.class);
            assertThatThrownBy(() -> SpscRing.open(path))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("expected=SPSC ring, found=MPSC ring");
        }
        Files.delete(path);
    }

    @Test
    void shouldTakeNoMoreThan64KiBByDefault() {
        try (Rings test = Rings.create(MPSC, 32768)) {
            assertThat(Path.of("/dev/shm", test.ring.name()))
                    .satisfies(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(65536));
        }
    }
}
