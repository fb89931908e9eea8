// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.codec.Codec;
import dev.kith.test.Background;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An end that is closed while a thread is in the middle of a call on it is nobody else's before.
 */
@Timeout(60)
class RingCloseTest {
    private static final int SPSC = RingLayout.KIND_SPSC;
    private static final int MPSC = RingLayout.KIND_MPSC;

    @ParameterizedTest
    @CsvSource({"1, false, false", "2, false, false", "1, true, false", "1, false, true"})
    void shouldBeTheNextConsumersWhenTheHandlerHasReturned(int kind, boolean whole, boolean virtual)
            throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch handled = new CountDownLatch(1);
        AtomicBoolean returned = new AtomicBoolean();
        try (Rings test = Rings.create(kind, 1024);
                SharedRing mine = test.reopened();
                RingProducer out = test.ring.producer(Waiter.BLOCK)) {
            RingConsumer in = mine.consumer(Waiter.BLOCK);
            out.put(Rings.message(1, 100));
            Background draining =
                    Background.run(
                            virtual,
                            () ->
                                    in.drain(
                                            (memory, at, length) -> {
                                                handling.countDown();
                                                await(handled);
                                                Rings.checked(memory, at, length);
                                                returned.set(true);
                                            },
                                            9));
            handling.await();
            Background closing = Background.run(whole ? mine::close : in::close);
            awaitClosed(in);
            try (ChildJvm child = peer("consume", kind, test.ring.name())) {
                for (int i = 0; i < 5; i++) {
                    assertThat(child.line()).isEqualTo("refused");
                }
                assertThat(closing.isAlive()).isTrue();
                assertThat(returned).isFalse();
                handled.countDown();
                draining.join();
                closing.join();
                String line = child.line();
                while (line.equals("refused")) {
                    line = child.line();
                }
                assertThat(line).isEqualTo("mine");
                assertThat(child.line()).as("taken by the one before").isEqualTo("got []");
                assertThat(child.waitFor()).isZero();
            }
            assertThatThrownBy(() -> in.drain((_, _, _) -> {}, 1)).isInstanceOf(Closed.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeTheNextProducersWhenTheClaimIsPublished(boolean whole) throws Exception {
        CountDownLatch claimed = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        try (Rings test = Rings.create(SPSC, 1024);
                SharedRing mine = test.reopened();
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            RingProducer out = mine.producer(Waiter.BLOCK);
            Background sending =
                    Background.run(() -> {
                        MemorySegment message = Rings.message(3, 40);
                        try (Claim claim = out.claim(40)) {
                            claimed.countDown();
                            written.await();
                            claim.segment().copyFrom(message);
                            claim.publish();
                        }
                    });
            claimed.await();
            Background closing = Background.run(whole ? mine::close : out::close);
            try (ChildJvm child = peer("produce", SPSC, test.ring.name())) {
                for (int i = 0; i < 5; i++) {
                    assertThat(child.line()).isEqualTo("refused");
                }
                assertThat(closing.isAlive()).isTrue();
                assertThat(in.isEmpty()).isTrue();
                written.countDown();
                sending.join();
                closing.join();
                assertThat(child.waitFor()).isZero();
            }
            assertThat(Rings.drained(in)).containsExactly(3L, 7L);
            assertThatThrownBy(() -> out.claim(1)).isInstanceOf(Closed.class);
            assertThatThrownBy(out::flush).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldKeepTheMessageInTheHandOfASubscriberThatIsClosed() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch handled = new CountDownLatch(1);
        try (Broadcast broadcast = Broadcast.create(Rings.freshName(), 1024)) {
            Subscriber in = broadcast.subscribe(Policy.BLOCK);
            try (RingProducer out = broadcast.producer()) {
                out.put(Rings.message(1, 100));
            }
            Background draining =
                    Background.run(() ->
                            in.drain(
                                    (memory, at, length) -> {
                                        handling.countDown();
                                        await(handled);
                                        assertThat(Rings.checked(memory, at, length)).isEqualTo(1);
                                    },
                                    1));
            handling.await();
            Background closing = Background.run(in::close);
            awaitClosed(in);
            try (ChildJvm child = peer("flood", BroadcastLayout.KIND, broadcast.name())) {
                assertThat(child.line()).startsWith("full ");
                assertThat(closing.isAlive()).isTrue();
                handled.countDown();
                draining.join();
                closing.join();
                assertThat(child.line()).isEqualTo("room");
                assertThat(child.waitFor()).isZero();
            }
            broadcast.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldCloseInItsOwnHandler(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                SharedRing mine = test.reopened();
                RingProducer out = test.ring.producer(Waiter.BLOCK)) {
            for (boolean whole : new boolean[] {false, true}) {
                RingConsumer in = mine.consumer(Waiter.BLOCK);
                AutoCloseable closing = whole ? mine : in;
                out.put(Rings.message(1, 8));
                List<Throwable> refused = new ArrayList<>();
                int count =
                        in.drain(
                                (_, _, _) -> {
                                    refused.add(thrown(closing::close));
                                    refused.add(thrown(() -> test.ring.consumer(Waiter.BLOCK)));
                                    refused.add(thrown(in::isEmpty));
                                },
                                9);
                assertThat(count).isEqualTo(1);
                assertThat(refused.get(0)).isNull();
                assertThat(refused.get(1)).hasMessageContaining("a second consumer");
                assertThat(refused.get(2)).isInstanceOf(Closed.class);
                test.ring.consumer(Waiter.BLOCK).close();
            }
            assertThatThrownBy(() -> mine.consumer(Waiter.BLOCK)).isInstanceOf(Exception.class);
        }
    }

    @Test
    void shouldRefuseADrainInItsOwnHandler() throws Exception {
        try (Rings test = Rings.create(SPSC, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            out.put(Rings.message(1, 8));
            assertThatThrownBy(() -> in.drain((_, _, _) -> in.drain((_, _, _) -> {}, 1), 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("drain: called by the handler");
            assertThat(Rings.drained(in)).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldGiveBackAClaimOfItsOwn(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            RingProducer out = test.ring.producer(Waiter.BLOCK);
            Claim claim = out.claim(100);
            out.close();
            assertThat(claim.isOpen()).isFalse();
            assertThatThrownBy(claim::publish).isInstanceOf(IllegalStateException.class);
            try (RingProducer next = test.ring.producer(Waiter.BLOCK)) {
                next.put(Rings.message(2, 8));
            }
            assertThat(Rings.drained(in)).containsExactly(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SPSC, MPSC})
    void shouldSendWhatACodecWritesThatClosesTheEnd(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            RingProducer out = test.ring.producer(Waiter.BLOCK);
            Codec<Long> closing =
                    new Codec<>() {
                        @Override
                        public long encode(Long value, MemorySegment target) {
                            out.close();
                            assertThatThrownBy(
                                            () -> {
                                                if (kind == SPSC) {
                                                    test.ring.producer(Waiter.BLOCK);
                                                } else {
                                                    out.claim(8);
                                                }
                                            })
                                    .isInstanceOf(RuntimeException.class);
                            target.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
                            return Long.BYTES;
                        }

                        @Override
                        public Long decode(MemorySegment source) {
                            return Codec.longs().decode(source);
                        }

                        @Override
                        public long fixedBytes() {
                            return Long.BYTES;
                        }
                    };
            out.put(5L, closing);
            assertThat(Rings.drained(in)).containsExactly(5L);
            assertThatThrownBy(() -> out.put(6L, Codec.longs())).isInstanceOf(Closed.class);
            test.ring.producer(Waiter.BLOCK).close();
        }
    }

    private static ChildJvm peer(String what, int kind, String name) throws Exception {
        return ChildJvm.start(SuccessorPeer.class, what, "" + kind, name);
    }

    private static void awaitClosed(RingReceiver end) throws InterruptedException {
        while (!end.isClosed()) {
            Thread.sleep(1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Throwable thrown(ThrowingCallable call) {
        return catchThrowable(call);
    }
}
