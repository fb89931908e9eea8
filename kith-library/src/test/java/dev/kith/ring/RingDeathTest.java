// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kith.ChildJvm;
import dev.kith.PeerDied;
import dev.kith.memory.Place;
import dev.kith.test.Background;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes killed (SIGKILL) after each store, and at any time; every number is accounted for. */
@Timeout(120)
class RingDeathTest {
    private static final int SPSC = RingLayout.KIND_SPSC;
    private static final int MPSC = RingLayout.KIND_MPSC;
    private static final int CHILD = 1;
    private static final int MINE = 2;

    @ParameterizedTest
    @CsvSource({
        "1, spsc.publish.cleared",
        "1, spsc.publish.wrapped",
        "1, spsc.publish.held",
        "1, spsc.publish.published",
        "1, spsc.publish.ahead",
        "1, spsc.flush.published",
        "1, spsc.abandon",
        "2, mpsc.claim.cleared",
        "2, mpsc.claim.sized",
        "2, mpsc.claim.noted",
        "2, mpsc.claim.won",
        "2, mpsc.publish.cut",
        "2, mpsc.publish.wrapped",
        "2, mpsc.publish.published"
    })
    void shouldLoseNothingOfAProducerThatDies(int kind, String point) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
            List<String> got = new ArrayList<>();
            int acknowledged = -1;
            AtomicBoolean over = new AtomicBoolean();
            try (ChildJvm child = peer("produce", test, CHILD, 1_000_000, point, 9)) {
                Background reading =
                        Background.run(() -> {
                            while (!over.get()) {
                                in.await(Duration.ofMillis(1));
                                drain(in, got);
                            }
                        });
                if (kind == MPSC) {
                    try (RingProducer out = test.ring.producer(Waiter.BLOCK)) {
                        send(out, 200);
                    }
                }
                for (String line = child.line(); line != null; line = child.line()) {
                    if (line.startsWith("sent ")) {
                        acknowledged = Integer.parseInt(line.substring(5));
                    }
                }
                assertThat(child.waitFor()).isEqualTo(137);
                over.set(true);
                reading.join();
            }
            boolean gap =
                    point.equals("mpsc.claim.won")
                            || point.equals("mpsc.publish.cut")
                            || point.equals("mpsc.publish.wrapped");
            await(() -> in.isEmpty() && (!gap || in.lostClaims() == 1));
            drain(in, got);
            List<Integer> ofChild = numbers(got, CHILD);
            assertThat(ofChild).isEqualTo(IntStream.range(0, ofChild.size()).boxed().toList());
            assertThat(ofChild.size()).isGreaterThan(acknowledged);
            assertThat(in.lostClaims()).isEqualTo(gap ? 1 : 0);
            if (kind == MPSC) {
                assertThat(numbers(got, MINE)).isEqualTo(IntStream.range(0, 200).boxed().toList());
            }
            got.clear();
            try (RingProducer successor = test.ring.producer(Waiter.BLOCK)) {
                for (int i = 0; i < 100; i++) {
                    successor.put(message(MINE, i));
                    drain(in, got);
                }
            }
            assertThat(numbers(got, MINE)).isEqualTo(IntStream.range(0, 100).boxed().toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, drain.handled",
        "1, drain.taken",
        "1, drain.released",
        "2, drain.handled",
        "2, drain.taken",
        "2, drain.zeroed",
        "2, drain.released"
    })
    void shouldLeaveToItsSuccessorWhatAConsumerHadNotTaken(int kind, String point)
            throws Exception {
        int count = 500;
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK)) {
            List<String> got = new ArrayList<>();
            try (ChildJvm child = peer("consume", test, CHILD, count, point, 30)) {
                assertThat(child.line()).isEqualTo("ready");
                Background sending = Background.run(() -> sendToTheNext(out, count));
                for (String line = child.line(); line != null; line = child.line()) {
                    got.add(line.substring(4));
                }
                assertThat(child.waitFor()).isEqualTo(137);
                try (RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
                    if (point.equals("drain.handled")) {
                        got.removeLast(); // in its hand: comes again
                    }
                    while (numbers(got, MINE).size() < count) {
                        in.await();
                        drain(in, got);
                    }
                    assertThat(in.isEmpty()).isTrue();
                }
                sending.join();
            }
            assertThat(numbers(got, MINE)).isEqualTo(IntStream.range(0, count).boxed().toList());
        }
    }

    @Test
    void shouldSkipAGapOnceThoughAConsumerDiesOverIt() throws Exception {
        try (Rings test = Rings.create(MPSC, 1024)) {
            try (ChildJvm child = peer("produce", test, CHILD, 100, "mpsc.claim.won", 3)) {
                assertThat(child.waitFor()).isEqualTo(137);
            }
            try (RingProducer out = test.ring.producer(Waiter.BLOCK)) {
                out.put(message(MINE, 0));
            }
            try (ChildJvm child = peer("consume", test, CHILD, 100, "gap.taken", 1)) {
                assertThat(child.waitFor()).isEqualTo(137);
            }
            try (RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
                List<String> got = new ArrayList<>();
                while (numbers(got, MINE).isEmpty()) {
                    in.await();
                    drain(in, got);
                }
                assertThat(numbers(got, MINE)).containsExactly(0);
                assertThat(in.isEmpty()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void shouldSayThatTheConsumerOfAFullRingIsDead(int kind) throws Exception {
        try (Rings test = Rings.create(kind, 1024);
                RingProducer out = test.ring.producer(Waiter.BLOCK)) {
            long pid;
            try (ChildJvm child = peer("consume", test, CHILD, 2, "-", 1)) {
                pid = child.pid();
                assertThat(child.line()).isEqualTo("ready");
                out.put(message(MINE, 0));
                assertThat(child.line()).isEqualTo("got 2 0");
                child.signal("STOP"); // it must not take the second, and end in peace
                Background waiting = Background.run(() -> send(out, 1000));
                waiting.awaitBlocked();
                assertThat(waiting.isAlive()).isTrue();
                child.kill();
                Throwable thrown = waiting.failure();
                assertThat(thrown).isInstanceOf(PeerDied.class).hasMessageContaining("is full");
                assertThat(((PeerDied) thrown).peer().orElseThrow().pid()).isEqualTo(pid);
            }
            assertThatThrownBy(() -> out.claim(200)).isInstanceOf(PeerDied.class);
            assertThatThrownBy(() -> out.tryClaim(200, Duration.ofSeconds(9)))
                    .isInstanceOf(PeerDied.class);
            Throwable thrown = null;
            while (thrown == null) {
                thrown = catchThrowable(() -> out.tryClaim(200));
            }
            assertThat(thrown).isInstanceOf(PeerDied.class);
            try (RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
                assertThat(in.drain((_, _, _) -> {}, 1000)).isPositive();
                out.put(message(MINE, 1));
            }
        }
    }

    /** Of each kind; in /dev/shm and in a file; with native access, and without any flag. */
    @ParameterizedTest
    @CsvSource({"1, true, true", "2, true, true", "1, false, false", "2, false, false"})
    void shouldLoseNothingWhoeverIsKilledWhenever(
            int kind, boolean inMemory, boolean nativeAccess, @TempDir Path folder)
            throws Exception {
        Random random = new Random();
        int rounds = 8;
        Map<Integer, List<Integer>> received = new HashMap<>();
        Place place = inMemory ? Place.shm(Rings.freshName()) : Place.file(folder.resolve("ring"));
        try (Rings test = Rings.create(kind, 4096, place)) {
            ChildJvm producer = anyPeer(nativeAccess, "produce", test, 100);
            ChildJvm consumer = anyPeer(nativeAccess, "consume", test, CHILD);
            List<String> got = Collections.synchronizedList(new ArrayList<>());
            Background collecting = collect(consumer, got);
            int killed = 0;
            for (int round = 1; round <= rounds; round++) {
                Thread.sleep(400 + random.nextInt(200));
                if (random.nextBoolean()) {
                    kill(producer);
                    producer = anyPeer(nativeAccess, "produce", test, 100 + round);
                } else {
                    kill(consumer);
                    collecting.join();
                    killed++;
                    consumer = anyPeer(nativeAccess, "consume", test, CHILD);
                    collecting = collect(consumer, got);
                }
            }
            await(() -> !got.isEmpty()); // a slow machine has started neither till now
            kill(producer);
            kill(consumer);
            collecting.join();
            try (RingConsumer in = test.ring.consumer(Waiter.BLOCK)) {
                await(() -> {
                    drain(in, got);
                    return in.isEmpty() && in.backlogBytes() == 0;
                });
            }
            for (String each : got) {
                String[] words = each.split(" ");
                received.computeIfAbsent(Integer.parseInt(words[0]), _ -> new ArrayList<>())
                        .add(Integer.parseInt(words[1]));
            }
            int twice = 0;
            for (List<Integer> numbers : received.values()) {
                List<Integer> once = numbers.stream().distinct().toList();
                twice += numbers.size() - once.size();
                assertThat(once).isEqualTo(IntStream.range(0, once.size()).boxed().toList());
            }
            assertThat(received).isNotEmpty();
            assertThat(twice).isLessThanOrEqualTo(killed + 1);
        }
    }

    /** Unlike Process.destroyForcibly, leaves to be read what it has printed. */
    private static void kill(ChildJvm child) throws InterruptedException {
        ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
        child.waitFor();
    }

    /** Reads its lines until it has ended; a last one without an end is not one. */
    private static Background collect(ChildJvm consumer, List<String> got) {
        return Background.run(() -> {
            for (String line = consumer.line(); line != null; line = consumer.line()) {
                if (line.matches("got \\d+ \\d+")) {
                    got.add(line.substring(4));
                }
            }
        });
    }

    private static ChildJvm anyPeer(boolean nativeAccess, String verb, Rings test, int who)
            throws Exception {
        return nativeAccess
                ? peer(verb, test, who, 1_000_000, "-", 1)
                : ChildJvm.bare(
                        RingPeer.class,
                        verb,
                        "" + test.kind,
                        test.ring.name(),
                        "" + who,
                        "1000000",
                        "-",
                        "1");
    }

    private static ChildJvm peer(
            String verb, Rings test, int who, int count, String point, int pass) throws Exception {
        return ChildJvm.start(
                RingPeer.class,
                verb,
                "" + test.kind,
                test.ring.name(),
                "" + who,
                "" + count,
                point,
                "" + pass);
    }

    private static void send(RingProducer out, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            out.put(message(MINE, i));
        }
    }

    /** Goes on when there is another consumer. */
    private static void sendToTheNext(RingProducer out, int count) throws InterruptedException {
        for (int i = 0; i < count; ) {
            try {
                out.put(message(MINE, i));
                i++;
            } catch (PeerDied full) {
                Thread.sleep(1);
            }
        }
    }

    private static MemorySegment message(int who, int number) {
        MemorySegment message = MemorySegment.ofArray(new byte[8]);
        message.set(ValueLayout.JAVA_INT_UNALIGNED, 0, who);
        message.set(ValueLayout.JAVA_INT_UNALIGNED, 4, number);
        return message;
    }

    private static int drain(RingConsumer in, List<String> got) {
        return in.drain((memory, at, n) -> got.add(RingPeer.text(memory, at, n)), 1 << 20);
    }

    private static List<Integer> numbers(List<String> got, int who) {
        return got.stream()
                .filter(each -> each.startsWith(who + " "))
                .map(each -> Integer.parseInt(each.substring(each.indexOf(' ') + 1)))
                .toList();
    }

    private interface Condition {
        boolean isMet() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        while (!condition.isMet()) {
            Thread.sleep(1);
        }
    }
}
