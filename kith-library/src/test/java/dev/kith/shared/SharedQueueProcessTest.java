// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.IpcException;
import dev.kith.codec.Codec;
import dev.kith.memory.Regions;
import dev.kith.memory.Shape;
import dev.kith.process.Worker;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue between processes, of which some are killed. K numbers are rows of CPython's pains. */
@LeavesNothingBehind
@Timeout(120)
class SharedQueueProcessTest {
    private static final int KILLED = 128 + 9;

    private final String name = Regions.name().name();

    @TempDir private Path directory;

    @Test
    void shouldGiveEachItemToOneOfManyProcesses() throws Exception {
        try (SharedQueue<String> queue = queue();
                ChildJvm one = peer("put", "3000", "a");
                ChildJvm two = peer("put", "3000", "b");
                ChildJvm three = peer("take")) {
            assertThat(three.line()).isEqualTo("ready");
            List<String> seen = new ArrayList<>();
            Background taking = Background.run(() -> queue.takeEach(seen::add));
            assertThat(one.line()).isEqualTo("put");
            assertThat(two.line()).isEqualTo("put");
            queue.end(2);
            taking.join();
            Set<String> all = new HashSet<>(seen);
            for (String line = three.line(); !line.equals("end"); line = three.line()) {
                seen.add(line);
                all.add(line);
            }
            assertThat(seen).hasSize(6000);
            assertThat(all).hasSize(6000);
            queue.unlink();
        }
    }

    /** K4: there, the others starve when a reader dies inside {@code Queue.get()}. */
    @Test
    void shouldFeedTheOthersWhenATakerIsKilledThatWaits() throws Exception {
        try (SharedQueue<String> queue = queue();
                ChildJvm dead = peer("wait");
                ChildJvm living = peer("take")) {
            assertThat(dead.line()).isEqualTo("ready");
            assertThat(living.line()).isEqualTo("ready");
            while (queue.waiters().size() < 2) {
                Thread.sleep(1);
            }
            dead.signal("STOP");
            queue.put("one");
            dead.kill();
            assertThat(living.line()).isEqualTo("one");
            queue.unlink();
        }
    }

    /** K5: there, items are lost; K6: there, a producer cannot end until its data is read. */
    @Test
    void shouldKeepWhatAProducerPutThatEndsAtOnce() throws Exception {
        try (SharedQueue<String> queue = queue();
                ChildJvm child = peer("halt", "10000")) {
            assertThat(child.waitFor()).isZero();
            assertThat(queue).hasSize(10_000);
            for (int i = 0; i < 10_000; i++) {
                assertThat(queue.poll()).isEqualTo("item " + i);
            }
            queue.unlink();
        }
    }

    /** K7: there, put succeeds and the item vanishes. */
    @Test
    void shouldThrowFromThePutOfWhatCannotBeEncoded() throws Exception {
        record Holder(Thread owner) implements Serializable {}
        try (SharedQueue<Object> queue = SharedQueue.create(name)) {
            assertThatThrownBy(() -> queue.put(List.of(1, new Holder(Thread.currentThread()))))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("value[1].owner");
            assertThat(queue).isEmpty();
            queue.put("fine");
            assertThat(queue.take()).isEqualTo("fine");
            queue.unlink();
        }
    }

    /**
     * K8: there, {@code empty()} is true right after {@code put()}; K9: there, no qsize on macOS.
     */
    @Test
    void shouldNotBeEmptyForAnybodyOnceAPutHasReturned() throws Exception {
        try (SharedQueue<String> queue = queue();
                SharedQueue<String> other = SharedQueue.open(name, Codec.utf8())) {
            for (int i = 0; i < 1000; i++) {
                queue.put("x");
                assertThat(other.isEmpty()).isFalse();
                assertThat(other).hasSize(1);
                assertThat(other.poll()).isEqualTo("x");
                assertThat(queue).hasSize(0);
            }
            try (ChildJvm child = peer("state")) {
                queue.put("y");
                assertThat(child.line()).startsWith("size").endsWith("false");
            }
            queue.unlink();
        }
    }

    /** K22: there, {@code JoinableQueue.join()} hangs when a consumer dies. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldJoinThoughAConsumerDied(boolean byPriority) throws Exception {
        try (SharedQueue<String> queue =
                        byPriority
                                ? queue(QueueOption.joinable(), QueueOption.byPriority())
                                : queue(QueueOption.joinable());
                ChildJvm child = peer("steal")) {
            queue.put("one");
            queue.put("two");
            assertThat(child.line()).isEqualTo("got one");
            Background joining = Background.run(() -> queue.join());
            assertThat(queue.take()).isEqualTo("two");
            queue.taskDone();
            Background taking = Background.run(() -> assertThat(queue.take()).isEqualTo("one"));
            while (queue.waiters().size() < 2) {
                Thread.sleep(1);
            }
            assertThat(joining.isAlive()).isTrue();
            child.kill();
            taking.join();
            assertThat(joining.isAlive()).isTrue();
            queue.taskDone();
            joining.join();
            queue.unlink();
        }
    }

    /** K33: there, no shutdown. */
    @Test
    void shouldBeShutDownByAnyProcess() throws Exception {
        try (SharedQueue<String> queue = queue()) {
            queue.put("dropped");
            Background taking =
                    Background.run(() -> {
                        queue.take();
                        queue.take();
                    });
            while (queue.waiters().isEmpty()) {
                Thread.sleep(1);
            }
            try (ChildJvm child = peer("stop")) {
                assertThat(child.waitFor()).isZero();
            }
            assertThat(taking.failure()).isInstanceOf(ShutDown.class);
            assertThatThrownBy(() -> queue.put("x")).isInstanceOf(ShutDown.class);
            try (ChildJvm child = peer("state")) {
                assertThat(child.line()).isEqualTo("size 0 shutdown true");
                assertThat(child.line()).isEqualTo("shut down");
            }
            queue.unlink();
        }
    }

    @Test
    void shouldDeliverAgainInFrontWhatADeadProcessHadOnLease() throws Exception {
        try (SharedQueue<String> queue = queue();
                ChildJvm child = peer("lease", "3")) {
            for (int i = 0; i < 5; i++) {
                queue.put("" + i);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(child.line()).isEqualTo("leased " + i);
            }
            assertThat(queue).containsExactly("3", "4");
            child.kill();
            queue.take(); // 3, or 0 if the death is known already
            List<String> rest = new ArrayList<>();
            while (rest.size() < 4) {
                Lease<String> lease = queue.lease();
                assertThat(lease.redeliveries())
                        .isEqualTo(lease.value().compareTo("3") < 0 ? 1 : 0);
                rest.add(lease.value());
                lease.acknowledge();
            }
            assertThat(rest).contains("1", "2", "4");
            assertThat(queue.join(Duration.ofSeconds(1))).isTrue();
            queue.unlink();
        }
    }

    /** The slot of a dead process goes to the next that comes: what it had must not go with it. */
    @Test
    void shouldDeliverAgainWhatADeadProcessHadOnLeaseWhenItsSlotIsTaken() throws Exception {
        SharedQueue<String> queue = queue();
        queue.put("one");
        try (ChildJvm child = peer("lease", "1")) {
            assertThat(child.line()).isEqualTo("leased one");
            queue.close();
            child.kill();
        }
        try (SharedQueue<String> again = SharedQueue.open(name, Codec.utf8());
                SharedQueue<String> other = SharedQueue.open(name, Codec.utf8())) {
            assertThat(other.lease().value()).isEqualTo("one");
            assertThat(again).isEmpty();
            again.unlink();
        }
    }

    @Test
    void shouldTravelToAChild() throws Exception {
        try (SharedQueue<List<Object>> queue = SharedQueue.anonymous(Codec.objects());
                Worker worker = Worker.start()) {
            worker.run(() -> {
                queue.put(Arrays.asList(42, null, "hello"));
                queue.end();
            });
            List<Object> taken = new ArrayList<>();
            queue.takeEach(taken::addAll);
            assertThat(taken).containsExactly(42, null, "hello");
            assertThatThrownBy(queue::unlink).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSurviveADeathAfterEachStore(boolean byPriority) throws Exception {
        QueueOption[] options =
                byPriority ? new QueueOption[] {QueueOption.byPriority()} : new QueueOption[0];
        int from;
        int to;
        try (SharedQueue<String> queue = filled(options);
                ChildJvm child = pointed(Integer.MAX_VALUE)) {
            List<String> said = QueuePeer.lines(child);
            from = Integer.parseInt(said.getFirst().substring("from ".length()));
            to = Integer.parseInt(said.getLast().substring("to ".length()));
            assertThat(child.waitFor()).isZero();
            queue.unlink();
        }
        assertThat(to - from).isGreaterThan(60);
        for (int point = from + 1; point <= to; point++) {
            try (SharedQueue<String> queue = filled(options);
                    ChildJvm child = pointed(point)) {
                List<String> said = QueuePeer.lines(child);
                assertThat(child.waitFor()).as("point %d", point).isEqualTo(KILLED);
                accountFor(queue, said, "point " + point);
                queue.unlink();
            }
        }
    }

    /** Kills at random; then every item must have been dealt with. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNothingWhoeverIsKilledAtRandom(boolean byPriority) throws Exception {
        String log = directory.resolve("log").toString();
        MemorySegment memory = QueuePeer.log(log);
        Random random = new Random(7);
        int producers = 0;
        int killedConsumers = 0;
        List<QueueOption> options = new ArrayList<>(List.of(QueueOption.capacity(100)));
        if (byPriority) {
            options.add(QueueOption.byPriority());
        }
        try (SharedQueue<String> queue = queue(options.toArray(QueueOption[]::new))) {
            List<ChildJvm> producing = new ArrayList<>();
            List<ChildJvm> consuming = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                producing.add(peer("produce", log, "" + producers++));
                consuming.add(peer("consume", log));
            }
            for (int round = 0; round < 24; round++) {
                List<ChildJvm> side = random.nextBoolean() ? producing : consuming;
                ChildJvm next =
                        side == producing
                                ? peer("produce", log, "" + producers++)
                                : peer("consume", log);
                ChildJvm victim = side.remove(random.nextInt(2));
                side.add(next);
                assertThat(victim.line()).isEqualTo("ready");
                Thread.sleep(random.nextInt(20));
                victim.kill();
                killedConsumers += side == consuming ? 1 : 0;
            }
            for (ChildJvm each : producing) {
                each.kill();
            }
            for (ChildJvm each : consuming) {
                each.kill();
                killedConsumers++;
            }
            queue.shutdown();
            queue.takeEach(item -> QueuePeer.done(item, memory));
            assertThat(queue.join(Duration.ofSeconds(20))).isTrue();
            assertThat(queue.remainingCapacity()).isEqualTo(100);
            queue.unlink();
        }
        int twice = 0;
        int once = 0;
        for (int producer = 0; producer < producers; producer++) {
            int put = memory.get(JAVA_INT, producer * 4L);
            for (int item = 0; item < QueuePeer.ITEMS; item++) {
                int done = memory.get(JAVA_BYTE, QueuePeer.doneAt(producer, item));
                if (item < put) {
                    assertThat(done).as("item %d of %d", item, producer).isPositive();
                } else if (item > put) {
                    assertThat(done).as("item %d of %d", item, producer).isZero();
                }
                once += done > 0 ? 1 : 0;
                twice += Math.max(0, done - 1);
            }
        }
        assertThat(once).isPositive();
        assertThat(twice).isLessThanOrEqualTo(killedConsumers);
    }

    @Test
    void shouldSayWhatIsWrongWithAnImageThatIsDamaged() throws Exception {
        Shape shape;
        try (SharedQueue<String> queue = queue()) {
            shape = queue.core().region().header().shape();
            queue.put("x");
        }
        long own = QueueCore.KIND.own(shape);
        damaged(own + QueueLayout.LIMIT, -1, "limit: expected=1 or more, found=-1");
        damaged(own + QueueLayout.TAKE, 77, "count: expected=0 to 16384");
        damaged(own + QueueLayout.ARRAYS + (1 << 16), 1 << 20, "cell: expected=0 to 16383");
        damaged(shape.dataOffset(), -5, "length: expected=0 to");
        try (SharedQueue<String> queue = SharedQueue.open(name, Codec.utf8())) {
            assertThat(queue.take()).isEqualTo("x");
            queue.unlink();
        }
    }

    /** Writes a number where it does not belong, and puts back what was there. */
    private void damaged(long at, int number, String sentence) throws Exception {
        try (FileChannel file =
                FileChannel.open(
                        Path.of("/dev/shm", name),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer before = ByteBuffer.allocate(4);
            file.read(before, at);
            file.write(
                    ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(number).flip(),
                    at);
            assertThatThrownBy(
                            () -> {
                                try (SharedQueue<String> queue =
                                        SharedQueue.open(name, Codec.utf8())) {
                                    queue.lease(Duration.ofMillis(10)).orElseThrow().release();
                                    queue.put("y");
                                }
                            })
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining(sentence);
            file.write(before.flip(), at);
        }
    }

    /** What was put must be there, or have been taken by the dead; and all room must come back. */
    private void accountFor(SharedQueue<String> queue, List<String> said, String point)
            throws InterruptedException {
        Set<String> expected = new HashSet<>(Set.of("p0", "p1", "p2", "p3"));
        Set<String> allowed = new HashSet<>(expected);
        for (String line : said) {
            if (line.startsWith("put ")) {
                allowed.add(line.substring(4));
            } else if (line.startsWith("done ")) {
                expected.add(line.substring(5));
            } else if (line.startsWith("took ") || line.startsWith("acknowledged ")) {
                allowed.remove(line.substring(line.indexOf(' ') + 1));
            }
        }
        expected.retainAll(allowed);
        String last = said.getLast();
        List<String> found = new ArrayList<>();
        for (boolean more = true; more; ) {
            try {
                more = queue.drainTo(found) > 0;
            } catch (Ended mark) {
                more = true;
            } catch (ShutDown down) {
                more = false;
            }
        }
        assertThat(found).as(point).doesNotHaveDuplicates();
        assertThat(allowed).as(point).containsAll(found);
        expected.removeAll(found);
        int lost = last.startsWith("take") || last.startsWith("acknowledge ") ? 1 : 0;
        if (!last.startsWith("shutdown at once")) {
            assertThat(expected.size())
                    .as("%s: %s, missing %s", point, said, expected)
                    .isLessThanOrEqualTo(lost);
        }
        assertThat(queue.join(Duration.ofSeconds(10))).as(point).isTrue();
        assertThat(queue.remainingCapacity()).as(point).isEqualTo(64);
        if (!queue.isShutdown()) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 16; i++) {
                    assertThat(queue.offer("x".repeat(200) + i)).as(point).isTrue();
                }
                assertThat(queue.offer("no")).as(point).isFalse();
                for (int i = 0; i < 16; i++) {
                    assertThat(queue.poll()).as(point).isEqualTo("x".repeat(200) + i);
                }
            }
        }
    }

    private SharedQueue<String> filled(QueueOption... options) throws InterruptedException {
        List<QueueOption> all = new ArrayList<>(List.of(options));
        all.add(QueueOption.capacityBytes(4096));
        SharedQueue<String> queue = queue(all.toArray(QueueOption[]::new));
        for (int i = 0; i < 4; i++) {
            queue.put("p" + i);
        }
        return queue;
    }

    private SharedQueue<String> queue(QueueOption... options) {
        return SharedQueue.create(name, Codec.utf8(), options);
    }

    private ChildJvm peer(String verb, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(verb, name));
        arguments.addAll(List.of(more));
        return ChildJvm.start(QueuePeer.class, arguments.toArray(String[]::new));
    }

    private ChildJvm pointed(int point) throws Exception {
        return ChildJvm.start(
                List.of(),
                List.of(
                        "-Dkith.kill.point=" + point,
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED"),
                QueuePeer.class,
                "points",
                name);
    }
}
