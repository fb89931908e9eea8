// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.codec.Codec;
import dev.kith.test.Background;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BroadcastTest {
    private Broadcast broadcast;

    @BeforeEach
    void create() {
        broadcast = Broadcast.create(Rings.freshName(), 1024);
    }

    @AfterEach
    void remove() {
        broadcast.unlink();
        broadcast.close();
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void shouldGiveEverythingToWhoKeepsUp(Policy policy) throws Exception {
        Random random = new Random(3);
        try (RingProducer out = broadcast.producer();
                RingProducer another = broadcast.producer();
                Subscriber in = broadcast.subscribe(policy)) {
            List<Long> got = new ArrayList<>();
            for (long i = 0; i < 5000; i++) {
                int length = 8 + random.nextInt(out.maxMessageBytes() - 7);
                (i % 3 == 0 ? another : out).put(Rings.message(i, length));
                got.addAll(drained(in));
            }
            assertThat(got).isEqualTo(upTo(0, 5000));
            assertThat(in.lost()).isZero();
            assertThat(in.taken()).isEqualTo(5000);
            assertThat(in.isEmpty()).isTrue();
            assertThat(in.lagMessages()).isZero();
            assertThat(in.lagBytes()).isZero();
        }
    }

    @Test
    void shouldKeepTheNewestOfWhatAnOverwrittenSubscriberMissed() throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.DROP_OLDEST)) {
            send(out, 0, 1000);
            assertThat(in.lagMessages() + in.lost()).isEqualTo(1000);
            assertThat(in.lagBytes()).isPositive().isLessThanOrEqualTo(1024);
            List<Long> got = drained(in);
            assertThat(in.lost()).isPositive();
            assertThat(got).isEqualTo(upTo(in.lost(), 1000));
            send(out, 1000, 1003);
            assertThat(drained(in)).containsExactly(1000L, 1001L, 1002L);
            assertThat(in.taken() + in.lost()).isEqualTo(1003);
        }
    }

    @Test
    void shouldKeepTheOldestOfWhatASubscriberThatKeepsItHas() throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.DROP_NEWEST)) {
            List<Long> got = new ArrayList<>();
            send(out, 0, 10);
            long[] next = {10};
            in.drain(
                    (memory, at, length) -> {
                        got.add(Rings.checked(memory, at, length));
                        for (int i = 0; i < 8; i++) { // it is slow: 8 come while it handles one
                            out.offer(Rings.message(next[0]++, 8 + i));
                        }
                    },
                    20);
            assertThat(got).isEqualTo(upTo(0, 20));
            long came = next[0];
            got.addAll(drained(in));
            assertThat(got.subList(0, 40)).isEqualTo(upTo(0, 40));
            assertThat(in.lost()).isPositive();
            assertThat(in.taken() + in.lost()).isEqualTo(came);
            assertThat(got).doesNotContain(came - 1);
            send(out, came, came + 2);
            assertThat(drained(in)).containsExactly(came, came + 1);
        }
    }

    @Test
    void shouldGiveTheLastAloneToWhoWantsNoOther() throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.LATEST)) {
            send(out, 0, 7);
            assertThat(drained(in)).containsExactly(6L);
            assertThat(in.lost()).isEqualTo(6);
            send(out, 7, 1000);
            assertThat(drained(in)).containsExactly(999L);
            assertThat(in.taken()).isEqualTo(2);
            assertThat(in.lost()).isEqualTo(998);
            try (Subscriber late = broadcast.subscribe(Policy.LATEST)) {
                assertThat(drained(late)).as("the last before it joined").containsExactly(999L);
                assertThat(late.lost()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BLOCK", "DROP_OLDEST", "DROP_NEWEST"})
    void shouldBeginWithWhatComesAfterItHasJoined(Policy policy) throws Exception {
        try (RingProducer out = broadcast.producer()) {
            send(out, 0, 777);
            out.claim(50).close();
            Claim claim = out.claim(8);
            try (Subscriber in = broadcast.subscribe(policy)) {
                assertThat(in.isEmpty()).isTrue();
                claim.segment().set(ValueLayout.JAVA_LONG, 0, 777);
                claim.publish();
                out.claim(50).close();
                send(out, 778, 780);
                assertThat(drained(in)).containsExactly(777L, 778L, 779L);
                assertThat(in.taken()).isEqualTo(3);
                assertThat(in.lost()).isZero();
            }
        }
    }

    @Test
    void shouldCountNoClaimThatWasGivenBackAsLost() throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.DROP_OLDEST)) {
            for (int i = 0; i < 500; i++) {
                out.claim(i % 200).close();
                out.put(Rings.message(i, 8));
                out.claim(0).close();
            }
            List<Long> got = drained(in);
            assertThat(in.lost() + got.size()).isEqualTo(500);
        }
    }

    @Test
    void shouldMakeProducersWaitForWhoBlocksAndForNobodyElse() throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.BLOCK);
                Subscriber slow = broadcast.subscribe(Policy.DROP_OLDEST)) {
            long sent = 0;
            while (out.offer(Rings.message(sent, 100))) {
                sent++;
            }
            long start = System.nanoTime();
            assertThat(out.tryClaim(100, Duration.ofMillis(50)).isOpen()).isFalse();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
            long next = sent;
            Background waiting = Background.run(() -> out.put(Rings.message(next, 100)));
            waiting.awaitBlocked();
            assertThat(waiting.isAlive()).isTrue();
            assertThat(drained(in)).isEqualTo(upTo(0, sent));
            waiting.join();
            assertThat(drained(in)).containsExactly(sent);
            while (out.offer(Rings.message(0, 100))) {}
            Background leaving = Background.run(() -> out.put(Rings.message(0, 100)));
            leaving.awaitBlocked();
            in.close();
            leaving.join();
            assertThat(drained(slow).size() + slow.lost()).isGreaterThan(sent);
        }
    }

    @Test
    void shouldWakeAProducerThatHasComeAroundToTheClaimOfAnother() throws Exception {
        try (RingProducer slow = broadcast.producer();
                RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.DROP_OLDEST)) {
            Claim claim = slow.claim(8);
            long sent = 0;
            while (out.offer(Rings.message(sent, 100))) {
                sent++;
            }
            Background waiting = Background.run(() -> out.put(Rings.message(-1, 100)));
            waiting.awaitBlocked();
            assertThat(waiting.isAlive()).isTrue();
            assertThat(in.isEmpty()).as("what is not published holds back what follows").isTrue();
            claim.segment().set(ValueLayout.JAVA_LONG, 0, -2);
            claim.publish();
            waiting.join();
            assertThat(drained(in).size() + in.lost()).isEqualTo(sent + 2);
        }
    }

    @Test
    void shouldWakeAllWhoSleep() throws Exception {
        try (RingProducer out = broadcast.producer()) {
            List<Background> sleeping = new ArrayList<>();
            for (Waiter waiter : Waiter.values()) {
                Subscriber in = broadcast.subscribe(Policy.BLOCK, waiter);
                sleeping.add(Background.run(waiter == Waiter.BLOCK, () -> in.await()));
            }
            Subscriber in = broadcast.subscribe(Policy.LATEST);
            assertThat(in.isReady()).isFalse();
            assertThat(in.await(Duration.ofMillis(5))).isFalse();
            CountDownLatch told = new CountDownLatch(1);
            try (var _ = in.whenReady(told::countDown)) {
                Thread.sleep(60);
                out.put(Rings.message(1, 8));
                told.await();
            }
            assertThat(in.isReady()).isTrue();
            for (Background each : sleeping) {
                each.join();
            }
        }
    }

    @Test
    void shouldEndAWaitByCloseAndByInterrupt() throws Exception {
        Subscriber in = broadcast.subscribe(Policy.DROP_NEWEST);
        Background interrupted = Background.run(() -> in.await());
        interrupted.awaitBlocked();
        interrupted.thread().interrupt();
        assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
        Background closed = Background.run(() -> in.await());
        closed.awaitBlocked();
        in.close();
        assertThat(closed.failure()).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> in.drain((_, _, _) -> {}, 1)).isInstanceOf(Closed.class);
        assertThatThrownBy(in::lagMessages).isInstanceOf(Closed.class);
        assertThat(in.isReady()).isTrue();
        Subscriber woken = broadcast.subscribe(Policy.BLOCK);
        Background waiting = Background.run(() -> woken.await(Duration.ofDays(1)));
        waiting.awaitBlocked();
        woken.wakeup();
        waiting.join();
    }

    @Test
    void shouldShowWhoHasJoinedToAnybody() throws Exception {
        try (Broadcast other = Broadcast.open(broadcast.name());
                RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.LATEST)) {
            send(out, 0, 5);
            Subscription behind = other.subscriptions().getFirst();
            assertThat(behind.peer().pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(behind.policy()).isEqualTo(Policy.LATEST);
            assertThat(behind.behind()).isEqualTo(5);
            drained(in);
            Subscription now = other.subscriptions().getFirst();
            assertThat(now.taken()).isEqualTo(1);
            assertThat(now.lost()).isEqualTo(4);
            assertThat(now.behind()).isZero();
            in.close();
            assertThat(other.subscriptions()).isEmpty();
            assertThat(other.lostClaims()).isZero();
            assertThat(other.capacityBytes()).isEqualTo(1024);
            assertThat(other.maxMessageBytes()).isEqualTo(248);
        }
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void shouldDeliverAgainWhatAHandlerThrewAt(Policy policy) throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(policy)) {
            send(out, 5, 6);
            assertThatThrownBy(() ->
                            in.drain(
                                    (_, _, _) -> {
                                        throw new IllegalStateException("mine");
                                    },
                                    9))
                    .hasMessage("mine");
            assertThat(drained(in)).containsExactly(5L);
            assertThat(in.taken()).isEqualTo(1);
        }
    }

    @Test
    void shouldTravelByItsName() throws Exception {
        try (Broadcast other = (Broadcast) Rings.copied(broadcast);
                RingProducer out = other.producer();
                Subscriber mine = broadcast.subscribe(Policy.BLOCK)) {
            out.put(9L, Codec.longs());
            assertThat(drained(mine)).containsExactly(9L);
        }
    }

    @Test
    void shouldLiveInAFile(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("ticks");
        try (Broadcast made = Broadcast.openOrCreate(path, 1 << 16);
                RingProducer out = made.producer()) {
            send(out, 0, 3);
        }
        try (Broadcast again = Broadcast.open(path);
                Subscriber in = again.subscribe(Policy.LATEST)) {
            assertThat(drained(in)).containsExactly(2L);
            assertThat(again.name()).isEqualTo(path.toString());
        }
    }

    @Test
    void shouldRefuseWhatIsNoBroadcast() {
        assertThatThrownBy(() -> Broadcast.create("kith-none", 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=1000 bytes: expected a power of two");
        assertThatThrownBy(() -> MpscRing.open(broadcast.name()))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("expected=MPSC ring, found=broadcast");
        try (Rings ring = Rings.create(RingLayout.KIND_MPSC, 1024)) {
            assertThatThrownBy(() -> Broadcast.open(ring.ring.name())).isInstanceOf(Broken.class);
        }
    }

    /** Whatever is written over it: an answer or Broken, no crash and no endless loop. */
    @Test
    void shouldSurviveAnyWordsWrittenOverIt() throws Exception {
        Random random = new Random(11);
        int broken = 0;
        for (int round = 0; round < 300; round++) {
            try (Broadcast test = Broadcast.create(Rings.freshName(), 512)) {
                test.unlink();
                RingProducer out = test.producer();
                List<Subscriber> subscribers = new ArrayList<>();
                for (Policy policy : Policy.values()) {
                    subscribers.add(test.subscribe(policy));
                }
                MemorySegment all = test.memory().words.segment();
                long from = RingLayout.TABLE;
                for (int step = 0; step < 40; step++) {
                    if (random.nextInt(4) == 0) {
                        long at = from + 8 * random.nextLong((all.byteSize() - from) / 8);
                        boolean state = at < RingLayout.cursors(64) && at % 128 == 0;
                        if (!state) { // who lives is another test's
                            long bit = 1L << random.nextInt(64);
                            long was = all.get(ValueLayout.JAVA_LONG, at);
                            long word = random.nextBoolean() ? was ^ bit : random.nextLong();
                            all.set(ValueLayout.JAVA_LONG, at, word);
                        }
                    }
                    try {
                        out.offer(MemorySegment.ofArray(new byte[random.nextInt(120)]));
                        for (Subscriber each : subscribers) {
                            each.isReady();
                            each.drain(
                                    (memory, at, n) ->
                                            memory.asSlice(at, n).toArray(ValueLayout.JAVA_BYTE),
                                    50);
                            each.isEmpty();
                            each.lagMessages();
                            each.lagBytes();
                        }
                        test.subscriptions();
                    } catch (Broken expected) {
                        broken++;
                    }
                }
            }
        }
        assertThat(broken).isPositive();
    }

    private static void send(RingProducer out, long from, long to) throws InterruptedException {
        for (long i = from; i < to; i++) {
            out.put(Rings.message(i, 8 + (int) (i % 50)));
        }
    }

    private static List<Long> drained(Subscriber in) {
        List<Long> numbers = new ArrayList<>();
        in.drain((memory, at, n) -> numbers.add(Rings.checked(memory, at, n)), 1 << 20);
        return numbers;
    }

    private static List<Long> upTo(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
