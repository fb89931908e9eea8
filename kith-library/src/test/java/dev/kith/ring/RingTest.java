// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.IpcException;
import dev.kith.codec.Codec;
import dev.kith.test.Background;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What both flavours do alike with two ends of one ring. */
@Timeout(60)
@ParameterizedClass
@ValueSource(ints = {RingLayout.KIND_SPSC, RingLayout.KIND_MPSC})
class RingTest {
    @Parameter int kind;
    private Rings rings;
    private RingProducer out;
    private RingConsumer in;

    @BeforeEach
    void open() {
        rings = Rings.create(kind, 1024);
        out = rings.ring.producer(Waiter.BLOCK);
        in = rings.ring.consumer(Waiter.BLOCK);
    }

    @AfterEach
    void close() {
        in.close();
        out.close();
        rings.close();
    }

    @Test
    void shouldHandOutWhatWasPublishedInOrderOverManyLaps() {
        Random random = new Random(7);
        List<Long> received = new ArrayList<>();
        for (long i = 0; i < 20_000; i++) {
            MemorySegment message = Rings.message(i, 8 + random.nextInt(out.maxMessageBytes() - 7));
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

    @Test
    void shouldReturnRoomWhenClaimIsClosedUnpublished() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Claim claim = out.claim(200)) {
                claim.segment().fill((byte) 0xff);
            }
            assertThat(in.drain((_, _, _) -> {}, 9)).isZero();
        }
        out.put(Rings.message(5, 20));
        assertThat(Rings.drained(in)).containsExactly(5L);
    }

    @Test
    void shouldPublishLessThanWasClaimed() throws Exception {
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

    @Test
    void shouldKeepOneClaimOpenAtATime() throws Exception {
        Claim claim = out.claim(8);
        assertThatThrownBy(() -> out.claim(8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("publish or close it");
        claim.publish();
        assertThatThrownBy(claim::publish).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(claim::segment).isInstanceOf(IllegalStateException.class);
        claim.close();
    }

    @Test
    void shouldRefuseWhatIsTooLongAndNameTheKnob() {
        assertThatThrownBy(() -> out.claim(249))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("message too large: length=249, limit=248")
                .hasMessageContaining("?capacity=1024");
        assertThatThrownBy(() -> out.tryClaim(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length=-1, least=0");
    }

    @Test
    void shouldWaitForRoomForTheTimeGiven() throws Exception {
        long sent = Rings.fill(out);
        long start = System.nanoTime();
        assertThat(out.tryClaim(100, Duration.ofMillis(50)).isOpen()).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
        Background waiting = Background.run(() -> out.put(Rings.message(sent, 100)));
        waiting.awaitBlocked();
        List<Long> got = Rings.drained(in); // maybe with what finds room meanwhile
        waiting.join();
        got.addAll(Rings.drained(in));
        assertThat(got).isEqualTo(LongStream.rangeClosed(0, sent).boxed().toList());
    }

    @Test
    void shouldDeliverAgainWhatAHandlerThrewAt() throws Exception {
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

    @Test
    void shouldEncodeValuesIntoTheRing() throws Exception {
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
        Rings.fill(out);
        assertThat(out.offer("x".repeat(99), Codec.utf8(), Duration.ZERO)).isFalse();
    }

    @Test
    void shouldShowWhatWaitsWithoutTakingIt() throws Exception {
        for (long i = 0; i < 4; i++) {
            out.put(Rings.message(i, 8));
        }
        in.drain((_, _, _) -> {}, 1);
        assertThat(rings.ring.peek(2)).hasSize(2);
        assertThat(rings.ring.peek(9))
                .extracting(bytes -> MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_BYTE, 0))
                .containsExactly((byte) 1, (byte) 2, (byte) 3);
        assertThat(Rings.drained(in)).containsExactly(1L, 2L, 3L);
        assertThat(rings.ring.peek(9)).isEmpty();
    }

    @Test
    void shouldTellWhoWaitsForIt() throws Exception {
        assertThat(in.isReady()).isFalse();
        CountDownLatch told = new CountDownLatch(1);
        try (var _ = in.whenReady(told::countDown)) {
            out.put(Rings.message(1, 8));
            told.await();
        }
        assertThat(in.isReady()).isTrue();
    }
}
