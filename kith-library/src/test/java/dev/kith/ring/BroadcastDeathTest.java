// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.test.Background;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes killed (SIGKILL) after each store, and at any time; every number is accounted for. */
@Timeout(120)
class BroadcastDeathTest {
    private static final int MINE = 1;
    private static final int CHILD = 2;

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
    @ValueSource(
            strings = {
                "broadcast.claim.won",
                "broadcast.claim.passed",
                "broadcast.publish.described",
                "broadcast.publish.published",
                "broadcast.abandoned",
                "broadcast.evicted"
            })
    void shouldLoseNothingOfAProducerThatDies(String point) throws Exception {
        try (Subscriber in = broadcast.subscribe(Policy.BLOCK)) {
            List<Long> got = new CopyOnWriteArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            Background reading = Background.run(() -> collect(in, got, over));
            int acknowledged = -1;
            try (ChildJvm child = peer("produce", "" + CHILD, 1_000_000, point, 9)) {
                try (RingProducer out = broadcast.producer()) {
                    send(out, 200);
                }
                for (String line = child.line(); line != null; line = child.line()) {
                    if (line.startsWith("sent ")) {
                        acknowledged = Integer.parseInt(line.substring(5));
                    }
                }
                assertThat(child.waitFor()).isEqualTo(137);
            }
            try (RingProducer successor = broadcast.producer()) {
                successor.put(Rings.message(3 * BroadcastPeer.APART, 8));
            }
            while (numbers(got, 3).isEmpty()) {
                Thread.sleep(1);
            }
            over.set(true);
            reading.join();
            assertThat(numbers(got, MINE)).isEqualTo(upTo(200));
            List<Long> ofChild = numbers(got, CHILD);
            assertThat(ofChild).isEqualTo(upTo(ofChild.size()));
            assertThat(ofChild.size()).isGreaterThan(acknowledged);
            assertThat(in.lost()).isZero();
            assertThat(in.taken()).isEqualTo(got.size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "subscribe.placed",
                "subscribe.named",
                "subscribe.joined",
                "subscriber.handled",
                "subscriber.told"
            })
    void shouldNotWaitForASubscriberThatHasDied(String point) throws Exception {
        try (RingProducer out = broadcast.producer();
                Subscriber in = broadcast.subscribe(Policy.BLOCK)) {
            List<Long> got = new CopyOnWriteArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            Background reading = Background.run(() -> collect(in, got, over));
            try (ChildJvm child = peer("subscribe", "BLOCK", 1_000_000, point, 1)) {
                send(out, 500);
                while (ProcessHandle.of(child.pid()).isPresent()) {
                    send(out, 1);
                }
                assertThat(child.waitFor()).isEqualTo(137);
            }
            got.clear();
            send(out, 500);
            while (got.size() < 500) {
                Thread.sleep(1);
            }
            over.set(true);
            reading.join();
            assertThat(in.lost()).isZero();
        }
    }

    @Test
    void shouldMakeAClaimVoidOnceThoughWhoDoesItDies() throws Exception {
        try (Subscriber in = broadcast.subscribe(Policy.BLOCK)) {
            try (ChildJvm dies = peer("produce", "" + CHILD, 10, "broadcast.claim.won", 1)) {
                assertThat(dies.waitFor()).isEqualTo(137);
            }
            // It attaches in the same slot, and makes void what its predecessor has claimed.
            try (ChildJvm next = peer("produce", "" + CHILD, 10, "broadcast.settled", 1)) {
                assertThat(next.waitFor()).isEqualTo(137);
            }
            List<Long> got = new ArrayList<>();
            try (RingProducer out = broadcast.producer()) {
                for (int i = 0; i < 100; i++) {
                    send(out, 1);
                    in.drain((memory, at, n) -> got.add(Rings.checked(memory, at, n)), 100);
                }
            }
            assertThat(got).hasSize(100);
            assertThat(in.taken()).isEqualTo(100);
            assertThat(in.lost()).isZero();
        }
    }

    @Test
    void shouldWaitForABlockingSubscriberForAsLongAsItLives() throws Exception {
        try (RingProducer out = broadcast.producer();
                ChildJvm child =
                        peer("subscribe", "BLOCK", 1_000_000, "subscriber.handled", 1_000)) {
            assertThat(child.line()).isEqualTo("ready");
            child.signal("STOP");
            while (out.offer(Rings.message(1, 100), Duration.ofMillis(200))) {}
            assertThat(broadcast.subscriptions()).hasSize(1);
            Background waiting = Background.run(() -> out.put(Rings.message(2, 100)));
            waiting.awaitBlocked();
            assertThat(waiting.isAlive()).isTrue();
            child.kill();
            waiting.join();
            assertThat(broadcast.subscriptions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void shouldAccountForEveryNumberInAnotherProcess(Policy policy) throws Exception {
        int count = 3000;
        try (RingProducer out = broadcast.producer();
                ChildJvm child = peer("subscribe", policy.name(), count, "-", 1)) {
            assertThat(child.line()).isEqualTo("ready");
            send(out, count);
            long taken = 0;
            long last = -1;
            String line = child.line();
            for (; line.startsWith("got "); line = child.line()) {
                long number = Long.parseLong(line.substring(4)) % BroadcastPeer.APART;
                assertThat(number).isGreaterThan(last);
                last = number;
                taken++;
            }
            assertThat(line).isEqualTo("lost " + (count - taken));
            if (policy == Policy.BLOCK) {
                assertThat(taken).isEqualTo(count);
            }
            if (policy == Policy.LATEST || policy == Policy.DROP_OLDEST) {
                assertThat(last).isEqualTo(count - 1);
            }
            assertThat(child.line()).isEqualTo("end");
        }
    }

    /** In /dev/shm with native access, and in a file without any flag. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLoseNothingUncountedWhoeverIsKilledWhenever(
            boolean nativeAccess, @TempDir Path folder) throws Exception {
        if (!nativeAccess) {
            remove();
            broadcast = Broadcast.create(folder.resolve("broadcast"), 1024);
        }
        Random random = new Random();
        Map<Policy, Subscriber> subscribers = new EnumMap<>(Policy.class);
        Map<Policy, List<Long>> received = new EnumMap<>(Policy.class);
        List<Background> reading = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        for (Policy policy : Policy.values()) {
            subscribers.put(policy, broadcast.subscribe(policy));
            received.put(policy, Collections.synchronizedList(new ArrayList<>()));
            reading.add(
                    Background.run(
                            () -> collect(subscribers.get(policy), received.get(policy), over)));
        }
        String[][] roles = {
            {"produce", "10"}, {"produce", "40"}, {"subscribe", "BLOCK"}, {"subscribe", "LATEST"}
        };
        ChildJvm[] children = new ChildJvm[roles.length];
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < roles.length; i++) {
                if (children[i] == null) {
                    boolean produces = roles[i][0].equals("produce");
                    String who =
                            produces ? "" + (Integer.parseInt(roles[i][1]) + round) : roles[i][1];
                    children[i] =
                            nativeAccess
                                    ? peer(roles[i][0], who, 1_000_000, "-", 1)
                                    : ChildJvm.bare(
                                            BroadcastPeer.class,
                                            roles[i][0],
                                            who,
                                            broadcast.name(),
                                            "1000000",
                                            "-",
                                            "1");
                    Background.run(drain(children[i]));
                }
            }
            Thread.sleep(200 + random.nextInt(200));
            int victim = random.nextInt(roles.length);
            children[victim].kill();
            children[victim] = null;
        }
        for (ChildJvm child : children) {
            if (child != null) {
                child.kill();
            }
        }
        try (RingProducer out = broadcast.producer()) {
            out.put(Rings.message(BroadcastPeer.APART, 8));
        }
        while (numbers(received.get(Policy.BLOCK), MINE).isEmpty()) {
            Thread.sleep(1);
        }
        int count = received.get(Policy.BLOCK).size();
        for (Subscriber each : subscribers.values()) {
            while (each.taken() + each.lost() != count) {
                Thread.sleep(1);
            }
        }
        over.set(true);
        for (Background each : reading) {
            each.join();
        }
        List<Long> all = received.get(Policy.BLOCK);
        for (long who = 10; who < 60; who++) {
            List<Long> of = numbers(all, who);
            assertThat(of).isEqualTo(upTo(of.size()));
        }
        subscribers.forEach((policy, in) -> {
            assertThat(in.lagMessages()).as(policy + " lag").isZero();
            assertThat(in.taken() + in.lost()).as(policy + " all").isEqualTo(all.size());
            assertThat(in.taken()).as(policy + " taken").isEqualTo(received.get(policy).size());
            assertThat(all).as(policy + " whole").containsSubsequence(received.get(policy));
        });
        assertThat(subscribers.get(Policy.BLOCK).lost()).isZero();
    }

    private static Background.Step drain(ChildJvm child) {
        return () -> {
            while (child.line() != null) {}
        };
    }

    private static void collect(Subscriber in, List<Long> got, AtomicBoolean over)
            throws InterruptedException {
        while (!over.get()) {
            if (in.await(Duration.ofMillis(20))) {
                in.drain((memory, at, n) -> got.add(Rings.checked(memory, at, n)), 100);
            }
        }
    }

    private ChildJvm peer(String verb, String who, int count, String point, int pass)
            throws Exception {
        return ChildJvm.start(
                BroadcastPeer.class, verb, who, broadcast.name(), "" + count, point, "" + pass);
    }

    private static void send(RingProducer out, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            out.put(Rings.message(MINE * BroadcastPeer.APART + i, 8 + i % 100));
        }
    }

    private static List<Long> numbers(List<Long> got, long who) {
        return List.copyOf(got).stream()
                .filter(each -> each / BroadcastPeer.APART == who)
                .map(each -> each % BroadcastPeer.APART)
                .toList();
    }

    private static List<Long> upTo(long count) {
        return LongStream.range(0, count).boxed().toList();
    }
}
