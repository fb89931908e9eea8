// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.codec.Codec;
import dev.kith.test.Background;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both flavours do alike. */
@Timeout(60)
class RingTest {
    private static final int SPSC = RingLayout.KIND_SPSC;
    private static final int MPSC = RingLayout.KIND_MPSC;

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldHandOutWhatWasPublishedInOrderOverManyLaps(int kind) {
        Random random = new Random(7);
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            List<Long> received = new ArrayList<>();
            for (long i = 0; i < 20_000; i++) {
                MemorySegment message =
                        Rings.message(i, 8 + random.nextInt(out.maxMessageBytes() - 7));
                while (!out.offer(message)) {
                    received.addAll(Rings.drained(in));
                }
            }
            received.addAll(Rings.drained(in));
            assertThat(received).isEqualTo(LongStream.range(0, 20_000).boxed().toList());
            assertThat(in.isEmpty()).isTrue();
            assertThat(in.backlogBytes()).isZero();
            assertThat(in.lostClaims()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldReturnRoomWhenClaimIsClosedUnpublished(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            for (int i = 0; i < 100; i++) {
                try (Claim claim = out.claim(200)) {
                    claim.segment().fill((byte) 0xff);
                }
                assertThat(in.drain((_, _, _) -> {}, 9)).isZero();
            }
            out.put(Rings.message(5, 20));
            assertThat(Rings.drained(in)).containsExactly(5L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldPublishLessThanWasClaimed(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            List<Integer> lengths = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                Claim claim = out.claim(100);
                assertThatThrownBy(() -> claim.publish(101))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("publish: length=101, claimed=100");
                claim.publish(i);
                in.drain((_, _, length) -> lengths.add(length), 9);
            }
            assertThat(lengths).isEqualTo(IntStream.range(0, 100).boxed().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldKeepOneClaimOpenAtATime(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK)) {
            Claim claim = out.claim(8);
            assertThatThrownBy(() -> out.claim(8))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("publish or close it");
            claim.publish();
            assertThatThrownBy(claim::publish).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(claim::segment).isInstanceOf(IllegalStateException.class);
            claim.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldRefuseWhatIsTooLongAndNameTheKnob(int kind) {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK)) {
            assertThatThrownBy(() -> out.claim(249))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("message too large: length=249, limit=248")
                    .hasMessageContaining("?capacity=1024");
            assertThatThrownBy(() -> out.tryClaim(-1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("length=-1, least=0");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldWaitForRoomForTheTimeGiven(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            long sent = fill(out);
            long start = System.nanoTime();
            assertThat(out.tryClaim(100, Duration.ofMillis(50)).isOpen()).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
            Background waiting = Background.run(() -> out.put(Rings.message(sent, 100)));
            waiting.awaitBlocked();
            assertThat(Rings.drained(in)).hasSize((int) sent);
            waiting.join();
            assertThat(Rings.drained(in)).containsExactly(sent);
        }
    }

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
            fill(out);
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

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldDeliverAgainWhatAHandlerThrewAt(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            out.put(Rings.message(1, 8));
            out.put(Rings.message(2, 8));
            assertThatThrownBy(() ->
                            in.drain(
                                    (_, _, _) -> {
                                        throw new IllegalStateException("mine");
                                    },
                                    9))
                    .hasMessage("mine");
            assertThat(Rings.drained(in)).containsExactly(1L, 2L);
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
            long sent = fill(out);
            assertThat(out.tryClaim(100, Duration.ofMillis(1)).isOpen()).isFalse();
            assertThat(Rings.drained(in)).as("published when it was full").hasSize((int) sent);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldEncodeValuesIntoTheRing(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            List<Object> got = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String text = "x".repeat(i % 249);
                out.put(text, Codec.utf8());
                assertThat(out.offer((long) i, Codec.longs(), Duration.ZERO)).isTrue();
                in.drain((m, at, n) -> got.add(Codec.utf8().decode(m.asSlice(at, n))), 1);
                in.drain((m, at, n) -> got.add(Codec.longs().decode(m.asSlice(at, n))), 1);
                assertThat(got).containsExactly(text, (long) i);
                got.clear();
            }
            assertThatThrownBy(() -> out.put("x".repeat(249), Codec.utf8()))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("message too large: length=249, limit=248");
            fill(out);
            assertThat(out.offer("x".repeat(99), Codec.utf8(), Duration.ZERO)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldShowWhatWaitsWithoutTakingIt(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            for (long i = 0; i < 4; i++) {
                out.put(Rings.message(i, 8));
            }
            in.drain((_, _, _) -> {}, 1);
            assertThat(test.ring.peek(2)).hasSize(2);
            assertThat(test.ring.peek(9))
                    .extracting(bytes -> MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_BYTE, 0))
                    .containsExactly((byte) 1, (byte) 2, (byte) 3);
            assertThat(Rings.drained(in)).containsExactly(1L, 2L, 3L);
            assertThat(test.ring.peek(9)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldTellWhoWaitsForIt(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            assertThat(in.isReady()).isFalse();
            CountDownLatch told = new CountDownLatch(1);
            try (var _ = in.whenReady(told::countDown)) {
                out.put(Rings.message(1, 8));
                told.await();
            }
            assertThat(in.isReady()).isTrue();
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
                SpscRing other = (SpscRing) copied(ring)) {
            assertThat(other.name()).isEqualTo(ring.name()).isEqualTo(name);
            ring.unlink();
            assertThatThrownBy(() -> SpscRing.open(name)).isInstanceOf(NotFound.class);
        }
        Path path = folder.resolve("ring");
        try (MpscRing ring = MpscRing.openOrCreate(path, 1024);
                MpscRing other = (MpscRing) copied(ring);
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

    private static Object copied(Object value) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }

    /** Fills the ring with messages of 100 bytes; how many. */
    private static long fill(RingProducer out) {
        long sent = 0;
        while (out.offer(Rings.message(sent, 100))) {
            sent++;
        }
        assertThat(sent).isPositive();
        return sent;
    }
}
