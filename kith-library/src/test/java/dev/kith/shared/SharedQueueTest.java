// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import dev.kith.memory.Regions;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue in one process. */
@LeavesNothingBehind
@Timeout(60)
class SharedQueueTest {
    private final String name = Regions.name().name();
    private final List<SharedQueue<?>> made = new ArrayList<>();

    @TempDir private Path directory;

    @AfterEach
    void remove() {
        for (SharedQueue<?> each : made) {
            if (!each.name().isEmpty()) {
                each.unlink();
            }
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHandOutWhatWasPutInItsOrder(boolean byPriority) throws Exception {
        SharedQueue<String> queue = byPriority ? queue(QueueOption.byPriority()) : queue();
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < 100; i++) {
                queue.put("x".repeat(i * 7) + i);
            }
            assertThat(queue).hasSize(100);
            for (int i = 0; i < 100; i++) {
                assertThat(queue.take()).isEqualTo("x".repeat(i * 7) + i);
            }
        }
        assertThat(queue).isEmpty();
        assertThat(queue.remainingCapacity()).isEqualTo(1 << 14);
    }

    @Test
    void shouldCarryObjectsWithNullsInThem() throws Exception {
        SharedQueue<List<Object>> queue = keep(SharedQueue.create(name));
        queue.put(Arrays.asList(42, null, "hello"));
        assertThat(queue.peek()).isEqualTo(Arrays.asList(42, null, "hello"));
        assertThat(queue.take()).isEqualTo(Arrays.asList(42, null, "hello"));
        assertThat(queue.peek()).isNull();
        assertThat(queue.poll()).isNull();
    }

    @Test
    void shouldTakeTheHighestPriorityFirst() throws Exception {
        SharedQueue<String> queue = queue(QueueOption.byPriority());
        queue.put("usual");
        queue.put("urgent", 5);
        queue.put("some day", -5);
        queue.put("urgent too", 5);
        queue.end();
        assertThat(queue.offer("now", 9, Duration.ZERO)).isTrue();
        assertThat(queue).containsExactly("now", "urgent", "urgent too", "usual", "some day");
        List<String> taken = new ArrayList<>();
        queue.takeEach(taken::add);
        assertThat(taken).containsExactly("now", "urgent", "urgent too", "usual", "some day");
        SharedQueue<String> plain = keep(SharedQueue.anonymous(Codec.utf8()));
        assertThatThrownBy(() -> plain.put("x", 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("QueueOption.byPriority()");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldAsManyItemsAsWasSaid(boolean virtual) throws Exception {
        SharedQueue<String> queue = queue(QueueOption.capacity(3));
        for (int i = 0; i < 3; i++) {
            assertThat(queue.remainingCapacity()).isEqualTo(3 - i);
            assertThat(queue.offer("" + i)).isTrue();
        }
        assertThat(queue.offer("no")).isFalse();
        assertThat(queue.offer("no", 20, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(queue.offer("no", Duration.ofMillis(20))).isFalse();
        assertThat(queue.end(1, Duration.ofMillis(20))).isFalse();
        assertThatThrownBy(() -> queue.add("no")).isInstanceOf(IllegalStateException.class);
        Background putting = Background.run(virtual, () -> queue.put("3"));
        while (queue.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        assertThat(queue.take()).isEqualTo("0");
        putting.join();
        assertThat(queue).containsExactly("1", "2", "3");
        assertThat(queue.contains("2")).isTrue();
        assertThat(queue.peek(2)).containsExactly("1", "2");
        assertThatThrownBy(() -> queue.remove("2"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("take the items before it");
    }

    @Test
    void shouldLetAShortItemPassOneThatIsTooLongForTheRoomThereIs() throws Exception {
        SharedQueue<String> queue = queue(QueueOption.capacityBytes(256));
        for (int i = 0; i < 4; i++) {
            queue.put("" + i);
        }
        Background longer = Background.run(() -> queue.put("x".repeat(200)));
        while (queue.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        Background shorter = Background.run(() -> queue.put("y"));
        while (queue.waiters().size() < 2) {
            Thread.sleep(1);
        }
        assertThat(queue.take()).isEqualTo("0");
        shorter.join();
        assertThat(longer.isAlive()).isTrue();
        for (String each : List.of("1", "2", "3", "y")) {
            assertThat(queue.take()).isEqualTo(each);
        }
        longer.join();
        assertThat(queue.take()).hasSize(200);
    }

    @Test
    void shouldRefuseWhatIsLongerThanTheQueue() throws Exception {
        SharedQueue<String> queue = queue(QueueOption.capacityBytes(1000));
        assertThat(queue.maxItemBytes()).isEqualTo(1000);
        queue.put("x".repeat(1000));
        assertThat(queue.take()).hasSize(1000);
        assertThatThrownBy(() -> queue.put("x".repeat(1001)))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("message too large: length=1001, limit=1000")
                .hasMessageContaining("capacityBytes");
        assertThat(queue).isEmpty();
    }

    @Test
    void shouldRefuseNullAndNameTheEnd() {
        SharedQueue<String> queue = queue();
        assertThatThrownBy(() -> queue.put(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("end()");
        assertThatThrownBy(() -> queue.offer(null)).isInstanceOf(NullPointerException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndInOrderForAsManyTakersAsWasSaid(boolean byPriority) throws Exception {
        SharedQueue<String> queue = byPriority ? queue(QueueOption.byPriority()) : queue();
        queue.put("one");
        queue.end(2);
        queue.put("two");
        List<String> all = new ArrayList<>();
        if (byPriority) {
            assertThat(queue.drainTo(all)).isEqualTo(2);
        } else {
            assertThat(queue.drainTo(all)).isEqualTo(1);
        }
        assertThatThrownBy(queue::take).isInstanceOf(Ended.class).hasMessageContaining("ended");
        assertThatThrownBy(queue::poll).isInstanceOf(Ended.class);
        assertThat(queue.poll()).isEqualTo(byPriority ? null : "two");
        assertThatThrownBy(() -> queue.end(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takers=0");
        queue.end();
        assertThat(queue.peek()).isNull();
        assertThatThrownBy(() -> queue.drainTo(all)).isInstanceOf(Ended.class);
        queue.end();
        assertThatThrownBy(queue::lease).isInstanceOf(Ended.class);
        queue.end(3);
        queue.clear();
        assertThat(queue).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDeliverAgainInFrontWhatWasReleased(boolean byPriority) throws Exception {
        SharedQueue<String> queue = byPriority ? queue(QueueOption.byPriority()) : queue();
        queue.put("one");
        queue.put("two");
        try (Lease<String> lease = queue.lease()) {
            assertThat(lease.value()).isEqualTo("one");
            assertThat(lease.redeliveries()).isZero();
            assertThat(queue).hasSize(1);
        }
        Lease<String> again = queue.lease(Duration.ZERO).orElseThrow();
        assertThat(again.value()).isEqualTo("one");
        assertThat(again.redeliveries()).isEqualTo(1);
        again.acknowledge();
        again.close();
        assertThatThrownBy(again::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is acknowledged");
        Lease<String> second = queue.lease();
        second.release();
        assertThatThrownBy(second::acknowledge).hasMessageContaining("is released");
        assertThat(queue.take()).isEqualTo("two");
        assertThat(queue.lease(Duration.ofMillis(10))).isEmpty();
        assertThat(queue.remainingCapacity()).isEqualTo(1 << 14);
    }

    @Test
    void shouldGiveBackWhatAHandleHasOnLeaseWhenItIsClosed() throws Exception {
        SharedQueue<String> queue = queue();
        queue.put("one");
        queue.put("two");
        queue.put("three");
        SharedQueue<String> other = SharedQueue.open(name, Codec.utf8());
        Lease<String> lease = other.lease();
        assertThat(other.lease().value()).isEqualTo("two");
        Background joining = Background.run(() -> queue.join());
        assertThat(queue.take()).isEqualTo("three");
        other.close();
        lease.close();
        assertThatThrownBy(lease::acknowledge).isInstanceOf(IllegalStateException.class);
        assertThat(queue.take()).isEqualTo("one");
        assertThat(joining.isAlive()).isTrue();
        assertThat(queue.take()).isEqualTo("two");
        joining.join();
    }

    @Test
    void shouldGiveBackWhatAnActionThrewAt() throws Exception {
        SharedQueue<String> queue = queue();
        queue.put("one");
        assertThatThrownBy(() -> queue.takeEach(Integer::parseInt))
                .isInstanceOf(NumberFormatException.class);
        assertThat(queue.take()).isEqualTo("one");
    }

    @Test
    void shouldJoinWhenAllTasksAreDone() throws Exception {
        SharedQueue<String> queue = queue(QueueOption.joinable());
        assertThat(queue.join(Duration.ZERO)).isTrue();
        queue.put("one");
        queue.put("two");
        assertThat(queue.join(Duration.ofMillis(20))).isFalse();
        assertThat(queue.take()).isEqualTo("one");
        assertThat(queue.poll()).isEqualTo("two");
        assertThat(queue).isEmpty();
        assertThat(queue.join(Duration.ofMillis(20))).isFalse();
        Background joining = Background.run(true, () -> queue.join());
        queue.taskDone();
        assertThat(joining.isAlive()).isTrue();
        queue.taskDone();
        joining.join();
        assertThatThrownBy(queue::taskDone)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("called more often");
        SharedQueue<String> plain = keep(SharedQueue.anonymous(Codec.utf8()));
        assertThatThrownBy(plain::taskDone).hasMessageContaining("QueueOption.joinable()");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetTheRestBeTakenWhenItIsShutDown(boolean virtual) throws Exception {
        SharedQueue<String> queue = queue(QueueOption.capacity(2));
        queue.put("one");
        queue.put("two");
        Background putting = Background.run(virtual, () -> queue.put("three"));
        while (queue.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        queue.shutdown();
        assertThat(putting.failure()).isInstanceOf(ShutDown.class);
        assertThat(queue.isShutdown()).isTrue();
        assertThatThrownBy(() -> queue.offer("three")).isInstanceOf(ShutDown.class);
        assertThatThrownBy(queue::end).isInstanceOf(ShutDown.class);
        assertThat(queue.drainTo(new ArrayList<>())).isEqualTo(2);
        assertThatThrownBy(queue::take)
                .isInstanceOf(ShutDown.class)
                .hasMessageContaining("it was shut down");
        queue.takeEach(_ -> {});
        queue.join();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDropTheRestWhenItIsShutDownAtOnce(boolean byPriority) throws Exception {
        SharedQueue<String> queue = byPriority ? queue(QueueOption.byPriority()) : queue();
        queue.put("one");
        queue.put("two");
        Lease<String> lease = queue.lease();
        SharedQueue<String> other = keep(SharedQueue.anonymous(Codec.utf8()));
        Background taking = Background.run(other::take);
        while (other.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        other.shutdown(true);
        assertThat(taking.failure()).isInstanceOf(ShutDown.class);
        queue.shutdown(true);
        assertThat(queue).isEmpty();
        assertThatThrownBy(queue::poll).isInstanceOf(ShutDown.class);
        assertThat(queue.join(Duration.ofMillis(10))).isFalse();
        lease.release();
        assertThat(queue.join(Duration.ofSeconds(20))).isTrue();
        assertThat(queue).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveEachItemToOneOfManyThreads(boolean byPriority) throws Exception {
        SharedQueue<String> queue =
                byPriority
                        ? queue(QueueOption.byPriority(), QueueOption.capacity(50))
                        : queue(QueueOption.capacity(50));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        List<Background> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int from = t * 2000;
            all.add(
                    Background.run(
                            t % 2 == 0,
                            () -> {
                                for (int i = from; i < from + 2000; i++) {
                                    queue.put("" + i);
                                }
                            }));
            all.add(Background.run(t % 2 == 0, () -> queue.takeEach(seen::add)));
        }
        for (int i = 0; i < all.size(); i += 2) {
            all.get(i).join();
        }
        queue.end(4);
        for (Background each : all) {
            each.join();
        }
        assertThat(seen).hasSize(8000).doesNotHaveDuplicates();
        assertThat(queue.waiters()).isEmpty();
    }

    @Test
    void shouldWakeAWaitSet() throws Exception {
        SharedQueue<String> queue = queue();
        WaitSet set = new WaitSet(queue);
        assertThat(set.await(Duration.ofMillis(20))).isEmpty();
        Background waiting = Background.run(() -> assertThat(set.await()).containsExactly(queue));
        while (queue.waiters().isEmpty()) {
            Thread.sleep(1);
        }
        queue.put("one");
        waiting.join();
        assertThat(queue.isReady()).isTrue();
        assertThat(queue.take()).isEqualTo("one");
        assertThat(queue.isReady()).isFalse();
        queue.close();
        assertThat(queue.isReady()).isTrue();
        made.set(0, SharedQueue.open(name, Codec.utf8()));
    }

    @Test
    void shouldThrowClosedAfterItIsClosed() {
        SharedQueue<String> queue = queue();
        queue.close();
        assertThatThrownBy(queue::poll).isInstanceOf(Closed.class);
        assertThatThrownBy(queue::size).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> queue.offer("x")).isInstanceOf(Closed.class);
        made.set(0, SharedQueue.open(name, Codec.utf8()));
    }

    @Test
    void shouldBeFoundByItsNameOrPath() throws Exception {
        SharedQueue<String> queue = queue(QueueOption.capacity(5));
        assertThatThrownBy(() -> SharedQueue.create(name)).isInstanceOf(AlreadyExists.class);
        assertThatThrownBy(() -> SharedQueue.open(name + "-not")).isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> SharedQueue.openOrCreate(name))
                .isInstanceOf(AlreadyExists.class)
                .hasMessageContaining("found=1048576 bytes, 5 items");
        keep(SharedQueue.openOrCreate(directory.resolve("q"), Codec.utf8())).put("in a file");
        try (SharedQueue<String> same =
                        SharedQueue.openOrCreate(name, Codec.utf8(), QueueOption.capacity(5));
                SharedQueue<String> file = SharedQueue.open(directory.resolve("q"), Codec.utf8())) {
            same.put("x");
            assertThat(queue.take()).isEqualTo("x");
            assertThat(file.take()).isEqualTo("in a file");
        }
        assertThat(queue).hasToString("queue shm:/" + name);
        assertThatThrownBy(() -> SharedLock.open(name)).isInstanceOf(Broken.class);
    }

    @Test
    void shouldRefuseCapacitiesThatCannotBe() {
        assertThatThrownBy(() -> QueueOption.capacity(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=0 items, least=1");
        assertThatThrownBy(() -> QueueOption.capacityBytes(63))
                .hasMessageContaining("capacityBytes=63, least=64");
        assertThatThrownBy(() -> SharedQueue.create(name, QueueOption.capacity(1 << 26)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("most=33554432");
    }

    private SharedQueue<String> queue(QueueOption... options) {
        return keep(SharedQueue.create(name, Codec.utf8(), options));
    }

    private <T> SharedQueue<T> keep(SharedQueue<T> queue) {
        made.add(queue);
        return queue;
    }
}
