// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class MessageQueueTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final MessageQueue queue = MessageQueue.create(4, 64);

    @AfterEach
    void remove() {
        queue.unlink();
        queue.close();
    }

    @Test
    void shouldReceiveByPriorityAndThenByAge() throws Exception {
        queue.send(bytes("low"), 0);
        queue.send(bytes("high 1"), MessageQueue.HIGHEST_PRIORITY);
        queue.send(bytes("middle"), 5);
        queue.send(bytes("high 2"), MessageQueue.HIGHEST_PRIORITY);
        PriorityMessage<byte[]> first = queue.receive();
        assertThat(text(first)).isEqualTo("high 1");
        assertThat(first.priority()).isEqualTo(32767);
        assertThat(first.lengthBytes()).isEqualTo(6);
        assertThat(text(queue.receive())).isEqualTo("high 2");
        assertThat(text(queue.receive())).isEqualTo("middle");
        assertThat(text(queue.receive())).isEqualTo("low");
    }

    @Test
    void shouldCarryTheEmptyMessage() throws Exception {
        queue.send(new byte[0], 3);
        PriorityMessage<byte[]> message = queue.receive();
        assertThat(message.value()).isEmpty();
        assertThat(message.priority()).isEqualTo(3);
    }

    @Test
    void shouldWriteAndReadInPlace() throws Exception {
        queue.send(
                target -> {
                    assertThat(target.byteSize()).isEqualTo(64);
                    target.setString(0, "in place");
                    return 9;
                },
                1);
        assertThat(queue.<String>receive((message, priority) -> message.getString(0) + priority))
                .isEqualTo("in place1");
        assertThat(queue.trySend(target -> 64, 0, SHORT)).isTrue();
        Optional<Long> length =
                queue.tryReceive((message, priority) -> message.byteSize(), Duration.ZERO);
        assertThat(length).contains(64L);
    }

    @Test
    void shouldRefuseAMessageThatIsTooLargeAndSendNothing() {
        assertThatThrownBy(() -> queue.send(new byte[65], 0))
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "mq_send(\"%s\", 65 bytes, priority 0): EMSGSIZE (Message too long);"
                            + " message too large: length=65, limit=64 (msgsize of %<s), set when a"
                            + " queue is made: kith create 'mq:/NAME?size=65'",
                        queue.name());
        assertThat(queue.attributes().messages()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 32768})
    void shouldRefuseAPriorityThatThereIsNot(int priority) {
        assertThatThrownBy(() -> queue.trySend(bytes("x"), priority))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority=" + priority + ", lowest=0, highest=32767");
    }

    @Test
    void shouldTellItsAttributes() throws Exception {
        queue.send(bytes("one"), 0);
        assertThat(queue.attributes()).isEqualTo(new QueueAttributes(4, 64, 1));
        assertThat(queue.capacity()).isEqualTo(4);
        assertThat(queue.maxMessageBytes()).isEqualTo(64);
    }

    @Test
    void shouldNotWaitWhenItTries() {
        assertThat(queue.tryReceive()).isEmpty();
        for (int i = 0; i < 4; i++) {
            assertThat(queue.trySend(bytes("x"), 0)).isTrue();
        }
        assertThat(queue.trySend(bytes("x"), 0)).isFalse();
        assertThat(queue.attributes().messages()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForTheTimeGiven(boolean virtual) throws Exception {
        long waited =
                BlockedCall.start(
                                virtual,
                                () -> {
                                    long start = System.nanoTime();
                                    assertThat(queue.tryReceive(SHORT)).isEmpty();
                                    return System.nanoTime() - start;
                                })
                        .value();
        assertThat(waited).isGreaterThanOrEqualTo(SHORT.toNanos());
        fill();
        long start = System.nanoTime();
        assertThat(queue.trySend(bytes("x"), 0, SHORT)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWhoWaitsForAMessageOrForRoom(boolean virtual) throws Exception {
        BlockedCall<PriorityMessage<byte[]>> receive = BlockedCall.start(virtual, queue::receive);
        BlockedCall<Optional<PriorityMessage<byte[]>>> timed =
                BlockedCall.start(virtual, () -> queue.tryReceive(Duration.ofSeconds(20)));
        queue.send(bytes("x"), 0);
        queue.send(bytes("x"), 0);
        assertThat(text(receive.value())).isEqualTo("x");
        assertThat(timed.value()).isPresent();
        fill();
        BlockedCall<Boolean> send =
                BlockedCall.start(
                        virtual, () -> queue.trySend(bytes("last"), 9, Duration.ofSeconds(20)));
        assertThat(send.isDone()).isFalse();
        queue.receive();
        assertThat(send.value()).isTrue();
        assertThat(text(queue.receive())).isEqualTo("last");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndACallWhoseThreadIsInterrupted(boolean virtual) throws Exception {
        assertThat(BlockedCall.start(virtual, queue::receive).interrupt().failure())
                .isInstanceOf(InterruptedException.class);
        assertThat(
                        BlockedCall.start(virtual, () -> queue.tryReceive(Duration.ofSeconds(20)))
                                .interrupt()
                                .failure())
                .isInstanceOf(InterruptedException.class);
        fill();
        BlockedCall<Void> send =
                BlockedCall.start(
                        virtual,
                        () -> {
                            queue.send(bytes("never"), 9);
                            return null;
                        });
        assertThat(send.interrupt().failure()).isInstanceOf(InterruptedException.class);
        assertThat(text(queue.receive())).isEqualTo("x");
        assertThat(queue.attributes().messages()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAllCallsOfAHandleThatIsClosed(boolean virtual) throws Exception {
        try (MessageQueue second = MessageQueue.open(queue.name())) {
            List<BlockedCall<?>> calls = new ArrayList<>();
            calls.add(BlockedCall.start(virtual, second::receive));
            calls.add(BlockedCall.start(virtual, second::receive));
            calls.add(BlockedCall.start(virtual, () -> second.tryReceive(Duration.ofSeconds(20))));
            BlockedCall<PriorityMessage<byte[]>> others =
                    BlockedCall.start(virtual, queue::receive);
            second.close();
            for (BlockedCall<?> call : calls) {
                assertThat(call.failure())
                        .isInstanceOf(Closed.class)
                        .hasMessage("queue " + queue.name() + " is closed");
            }
            assertThatThrownBy(() -> second.trySend(bytes("x"), 0)).isInstanceOf(Closed.class);
            assertThatThrownBy(second::attributes).isInstanceOf(Closed.class);
            assertThat(others.isDone()).isFalse();
            queue.send(bytes("x"), 0);
            assertThat(text(others.value())).isEqualTo("x");
        }
    }

    @Test
    void shouldNotHoldTheCarriersOfVirtualThreadsThatWait() throws Exception {
        List<BlockedCall<PriorityMessage<byte[]>>> waiting = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            Thread.ofVirtual()
                    .start(() -> {
                        started.countDown();
                        try {
                            queue.receive();
                        } catch (InterruptedException | Closed ended) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        waiting.add(BlockedCall.start(true, queue::receive));
        CountDownLatch others = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            Thread.ofVirtual().start(others::countDown);
        }
        assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 101; i++) {
            queue.send(bytes("x"), 0);
        }
        assertThat(text(waiting.getFirst().value())).isEqualTo("x");
    }

    @Test
    void shouldTakeASignalThatComesWhileItWaits() throws Exception {
        BlockedCall<PriorityMessage<byte[]>> receive = BlockedCall.start(queue::receive);
        receive.signal(20);
        assertThat(receive.isDone()).isFalse();
        queue.send(bytes("x"), 0);
        assertThat(text(receive.value())).isEqualTo("x");
    }

    @Test
    void shouldDoOnlyWhatItWasOpenedFor() {
        try (MessageQueue sender = MessageQueue.open(queue.name(), MessageQueue.Access.SEND);
                MessageQueue receiver =
                        MessageQueue.open(queue.name(), MessageQueue.Access.RECEIVE)) {
            assertThat(sender.trySend(bytes("x"), 0)).isTrue();
            assertThat(receiver.tryReceive()).isPresent();
            assertThatThrownBy(sender::tryReceive)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageEndingWith("was opened with Access.SEND: it does not receive");
            assertThatThrownBy(() -> receiver.trySend(bytes("x"), 0))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageEndingWith("was opened with Access.RECEIVE: it does not send");
        }
    }

    @Test
    void shouldBeForItsUserAloneUnlessAMode() {
        assertThat(queue.status().mode()).isEqualTo(0600);
        String name = queue.name() + "-mode";
        try (MessageQueue open = MessageQueue.create(name, 1, 1, 0666)) {
            assertThat(open.status().mode()).isEqualTo(0666);
        } finally {
            MessageQueue.unlink(name);
        }
    }

    @Test
    void shouldSayWhatToDoWhereAQueueCannotBeMade() {
        String name = queue.name();
        assertThatThrownBy(() -> MessageQueue.create(name, 4, 64))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "mq_open(\"%s\", O_CREAT|O_EXCL, 0600, {maxmsg=4, msgsize=64}): EEXIST"
                            + " (File exists); open it with MessageQueue.open, or remove it with:"
                            + " kith rm mq:%s",
                        name, name);
        assertThatThrownBy(() -> MessageQueue.create("/none", 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity=0, least=1");
        assertThatThrownBy(() -> MessageQueue.create("/none", 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxMessageBytes=0, least=1");
        assertThatThrownBy(() -> MessageQueue.create("/none", 1, 1, 01777))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mode=01777");
    }

    @Test
    void shouldNameTheLimitThatIsInTheWay() {
        QueueLimits limits = QueueLimits.current();
        assertThat(limits.maxCapacity()).isPositive();
        assertThatThrownBy(() -> MessageQueue.create("/none", 70_000, 1 << 25))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("EINVAL (Invalid argument)")
                .hasMessageContaining(
                        "/proc/sys/fs/mqueue/msg_max is "
                                + limits.maxCapacity()
                                + "; raise it as root: sysctl fs.mqueue.msg_max=70000")
                .hasMessageContaining("msgsize_max is " + limits.maxMessageBytes());
    }

    @Test
    void shouldSayWhatToDoWhereThereIsNoQueue() {
        assertThatThrownBy(() -> MessageQueue.open("/no-such"))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "mq_open(\"/no-such\", O_RDWR): ENOENT (No such file or directory);"
                                + " make it with: kith create mq:/no-such");
        assertThatThrownBy(() -> MessageQueue.unlink("/no-such"))
                .isInstanceOf(NotFound.class)
                .hasMessageStartingWith("mq_unlink(\"/no-such\"): ENOENT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "", "/", "/a/b", "/.", "/.."})
    void shouldRefuseWhatIsNoName(String name) {
        assertThatThrownBy(() -> MessageQueue.open(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "mq_open(\"%s\"): not a name: it begins with the only slash that it has, as"
                                + " in /jobs",
                        name);
    }

    @Test
    void shouldRefuseANameThatIsTooLong() {
        String longest = "/" + "x".repeat(255);
        MessageQueue.create(longest, 1, 1).close();
        MessageQueue.unlink(longest);
        assertThatThrownBy(() -> MessageQueue.create(longest + "x", 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("name too long: length=256, limit=255 bytes after the slash");
    }

    @Test
    void shouldListWhatExists() {
        assertThat(MessageQueue.list()).contains(queue.name()).isSorted();
        String gone = queue.name() + "-gone";
        MessageQueue.create(gone, 1, 1).close();
        MessageQueue.unlink(gone);
        assertThat(MessageQueue.list()).doesNotContain(gone);
    }

    @Test
    void shouldStayUsableWhenItsNameIsGone() throws Exception {
        String name = queue.name() + "-unlinked";
        try (MessageQueue unlinked = MessageQueue.create(name, 1, 8)) {
            unlinked.unlink();
            unlinked.send(bytes("x"), 0);
            try (MessageQueue second = unlinked.duplicate()) {
                assertThat(text(second.receive())).isEqualTo("x");
            }
            assertThatThrownBy(unlinked::unlink).isInstanceOf(NotFound.class);
        }
    }

    @Test
    void shouldBeMadeOnceByOpenOrCreate() throws Exception {
        String name = queue.name() + "-twice";
        try (MessageQueue first = MessageQueue.openOrCreate(name, 2, 8);
                MessageQueue second = MessageQueue.openOrCreate(name, 1, 4)) {
            first.send(bytes("x"), 0);
            assertThat(second.capacity()).isEqualTo(2);
            assertThat(text(second.receive())).isEqualTo("x");
        } finally {
            MessageQueue.unlink(name);
        }
    }

    @Test
    void shouldTravelByItsName() throws Exception {
        try (MessageQueue sender = MessageQueue.open(queue.name(), MessageQueue.Access.SEND);
                MessageQueue arrived = Travel.travel(sender)) {
            arrived.send(bytes("x"), 0);
            assertThatThrownBy(arrived::receive).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThat(text(queue.receive())).isEqualTo("x");
    }

    @Test
    void shouldTellWhenItIsReadyOrClosed() throws Exception {
        assertThat(queue.isReady()).isFalse();
        CountDownLatch told = new CountDownLatch(1);
        try (var registration = queue.whenReady(told::countDown)) {
            assertThat(registration).isNotNull();
            queue.send(bytes("x"), 0);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(queue.isReady()).isTrue();
        }
        MessageQueue second = queue.duplicate();
        second.receive();
        CountDownLatch closed = new CountDownLatch(2);
        try (var before = second.whenReady(closed::countDown)) {
            second.close();
            try (var after = second.whenReady(closed::countDown)) {
                assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(before).isNotSameAs(after);
            }
        }
        assertThat(second.isReady()).isTrue();
    }

    @Test
    void shouldGiveBackItsDescriptors() throws Exception {
        String[] before = descriptors();
        for (int i = 0; i < 50; i++) {
            MessageQueue second = queue.duplicate();
            second.whenReady(() -> {}).close();
            second.notification().onMessage(() -> {}).close();
            second.close();
        }
        assertThat(descriptors().length).isLessThan(before.length + 20);
    }

    private static String[] descriptors() {
        return new File("/proc/self/fd").list();
    }

    private void fill() {
        while (queue.trySend(bytes("x"), 0)) {
            assertThat(queue.attributes().messages()).isLessThanOrEqualTo(4);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(PriorityMessage<byte[]> message) {
        return new String(message.value(), StandardCharsets.UTF_8);
    }
}
