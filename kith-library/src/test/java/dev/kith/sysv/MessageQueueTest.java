// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.NotFound;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MessageQueueTest {
    private final MessageQueue queue = MessageQueue.create();

    @AfterEach
    void remove() {
        try {
            queue.unlink();
        } catch (NotFound already) {
            // by the test
        }
        queue.close();
    }

    @Test
    void shouldKeepTheOrderOfAllTypesTogether() throws Exception {
        queue.send(2, bytes("a"));
        queue.send(1, bytes("b"));
        queue.send(2, bytes(""));
        assertThat(received(queue.receive())).isEqualTo("2:a");
        assertThat(received(queue.receive())).isEqualTo("1:b");
        assertThat(received(queue.receive())).isEqualTo("2:");
        assertThat(queue.tryReceive(Types.any())).isEmpty();
    }

    @Test
    void shouldChooseByType() throws Exception {
        for (long type : new long[] {3, 5, 1, 4, 5}) {
            queue.send(type, bytes("m"));
        }
        assertThat(queue.receive(Types.of(5)).type()).isEqualTo(5);
        assertThat(queue.receive(Types.upTo(4)).type()).isEqualTo(1);
        assertThat(queue.receive(Types.except(3)).type()).isEqualTo(4);
        assertThat(queue.tryReceive(Types.upTo(2))).isEmpty();
        assertThat(queue.tryReceive(Types.of(9))).isEmpty();
        assertThat(queue.receive(Types.any()).type()).isEqualTo(3);
        assertThat(queue.tryReceive(Types.except(5))).isEmpty();
        assertThat(queue.receive(Types.of(5)).lengthBytes()).isEqualTo(1);
    }

    @Test
    void shouldTakeTypesAsLargeAsALong() throws Exception {
        queue.send(Long.MAX_VALUE, bytes("m"));
        assertThat(queue.receive(Types.upTo(Long.MAX_VALUE)).type()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseTypesBelowOne() {
        assertThatThrownBy(() -> queue.trySend(0, bytes("m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("type=0, lowest=1");
        assertThatThrownBy(() -> Types.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Types.upTo(-3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Types.except(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldPeekWithoutTaking() throws Exception {
        queue.send(2, bytes("a"));
        queue.send(1, bytes(""));
        queue.send(2, new byte[8192]);
        assertThat(queue.peek(Types.any(), 10).stream().map(Message::lengthBytes))
                .containsExactly(1L, 0L, 8192L);
        assertThat(queue.peek(Types.of(2), 1).stream().map(MessageQueueTest::received))
                .containsExactly("2:a");
        assertThat(queue.hasMessage(Types.of(1))).isTrue();
        assertThat(queue.hasMessage(Types.upTo(9))).isTrue();
        assertThat(queue.hasMessage(Types.of(3))).isFalse();
        assertThat(queue.stat().messages()).isEqualTo(3);
    }

    @Test
    void shouldCutAMessageWhenAsked() throws Exception {
        queue.send(1, bytes("hello"));
        queue.send(1, bytes("world"));
        assertThat(
                        queue.tryReceiveCut(Types.any(), 4, Duration.ZERO)
                                .map(MessageQueueTest::received))
                .contains("1:hell");
        assertThat(
                        queue.tryReceiveCut(Types.any(), 0, Duration.ZERO)
                                .map(MessageQueueTest::received))
                .contains("1:");
        assertThat(queue.tryReceiveCut(Types.any(), 4, Duration.ofMillis(20))).isEmpty();
        assertThatThrownBy(() -> queue.tryReceiveCut(Types.any(), -1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostBytes=-1, lowest=0");
    }

    @Test
    void shouldRefuseAMessageOverTheLimitByName() {
        QueueLimits limits = QueueLimits.current();
        assertThat(queue.maxMessageBytes()).isEqualTo(Math.min(limits.msgmax(), limits.msgmnb()));
        int most = (int) queue.maxMessageBytes();
        assertThat(queue.trySend(1, new byte[most])).isTrue();
        assertThatThrownBy(() -> queue.trySend(7, new byte[most + 1]))
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "msgsnd(%s, type=7, length=%d): EINVAL (Invalid argument); message too"
                            + " large: length=%d, limit=%d (/proc/sys/kernel/msgmax; root may raise"
                            + " it)",
                        queue.name(), most + 1, most + 1, most);
    }

    @Test
    void shouldRefuseAMessageThatTheCapacityCanNeverHold() throws Exception {
        queue.capacityBytes(100);
        assertThat(queue.capacityBytes()).isEqualTo(100);
        assertThat(queue.maxMessageBytes()).isEqualTo(100);
        assertThatThrownBy(() -> queue.send(1, new byte[101]))
                .isInstanceOf(IpcException.class)
                .hasMessageEndingWith(
                        "message too large: length=101, limit=100 (capacity of %s;"
                                + " MessageQueue.capacityBytes changes it)",
                        queue.name());
        assertThat(queue.trySend(1, new byte[60])).isTrue();
        assertThat(queue.trySend(1, new byte[60])).isFalse();
        try (MessageQueue other = MessageQueue.open(queue.key())) {
            other.capacityBytes(50);
        }
        // This handle knows of 100 bytes; what would wait for ever is refused all the same.
        assertThatThrownBy(() -> queue.send(1, new byte[60]))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("length=60, limit=50");
        assertThatThrownBy(() -> queue.capacityBytes(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldTellItsState() throws Exception {
        QueueStat fresh = queue.stat();
        assertThat(fresh.permissions().key()).isEqualTo(queue.key());
        assertThat(fresh.permissions().mode()).isEqualTo(0600);
        assertThat(fresh.lastSend()).isEmpty();
        assertThat(fresh.lastReceiver()).isZero();
        assertThat(fresh.capacityBytes()).isEqualTo(QueueLimits.current().msgmnb());
        queue.send(1, new byte[5]);
        queue.send(1, new byte[6]);
        queue.receive();
        QueueStat used = queue.stat();
        assertThat(used.messages()).isEqualTo(1);
        assertThat(used.usedBytes()).isEqualTo(6);
        assertThat(used.lastSender()).isEqualTo(ProcessHandle.current().pid());
        assertThat(used.lastReceiver()).isEqualTo(ProcessHandle.current().pid());
        assertThat(used.lastSend()).hasValueSatisfying(MessageQueueTest::isAboutNow);
        assertThat(used.lastReceive()).hasValueSatisfying(MessageQueueTest::isAboutNow);
        isAboutNow(used.changed());
    }

    @Test
    void shouldChangeItsModeAndOwner() {
        queue.mode(0640);
        Permissions permissions = queue.stat().permissions();
        assertThat(permissions.mode()).isEqualTo(0640);
        queue.owner(permissions.uid(), permissions.gid());
        assertThat(queue.stat().permissions()).isEqualTo(permissions);
        assertThatThrownBy(() -> queue.mode(01640))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mode=01640, highest=0777, usual=0600");
        assertThatThrownBy(() -> queue.owner(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayWhatToDoWhenTheKeyIsTakenOrFree() {
        assertThatThrownBy(() -> MessageQueue.create(queue.key()))
                .isInstanceOf(AlreadyExists.class)
                .hasMessage(
                        "msgget(%1$s, IPC_CREAT|IPC_EXCL|0600): EEXIST (File exists); open it with"
                                + " MessageQueue.open, or remove it with: kith rm sysvmq:%1$s",
                        queue.name());
        queue.unlink();
        assertThatThrownBy(() -> MessageQueue.open(queue.key()))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "msgget(%1$s, 0): ENOENT (No such file or directory); create it with"
                                + " MessageQueue.create, or with: kith create sysvmq:%1$s",
                        queue.name());
        try (MessageQueue again = MessageQueue.openOrCreate(queue.key(), 0660);
                MessageQueue same = MessageQueue.openOrCreate(queue.key())) {
            assertThat(same.id()).isEqualTo(again.id()).isNotEqualTo(queue.id());
            assertThat(same.stat().permissions().mode()).isEqualTo(0660);
            again.unlink();
        }
    }

    @Test
    void shouldReachAPrivateQueueByItsIdAlone() throws Exception {
        try (MessageQueue hidden = MessageQueue.create(Key.PRIVATE);
                MessageQueue same = MessageQueue.openId(hidden.id())) {
            assertThat(hidden).hasToString("sysvmq:id=" + hidden.id());
            hidden.send(1, bytes("m"));
            assertThat(received(same.receive())).isEqualTo("1:m");
            hidden.unlink();
            assertThatThrownBy(() -> MessageQueue.openId(hidden.id()))
                    .isInstanceOf(NotFound.class)
                    .hasMessage(
                            "msgctl(id=%d, IPC_STAT): EINVAL (Invalid argument); there is no queue"
                                    + " of this id",
                            hidden.id());
        }
        assertThatThrownBy(() -> MessageQueue.open(Key.PRIVATE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a private queue has no key to open it by: use MessageQueue.openId");
    }

    @Test
    void shouldNameTheRemovedQueueInEveryCall() {
        queue.unlink();
        String removed = "EINVAL (Invalid argument); the queue was removed";
        List<ThrowingCallable> calls =
                List.of(
                        () -> queue.trySend(1, bytes("m")),
                        () -> queue.send(1, bytes("m")),
                        () -> queue.tryReceive(Types.any()),
                        queue::receive,
                        () -> queue.peek(Types.any(), 1),
                        queue::stat,
                        () -> queue.mode(0600),
                        queue::unlink);
        for (var call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOf(NotFound.class)
                    .hasMessageContaining(queue.name())
                    .hasMessageEndingWith(removed);
        }
    }

    @Test
    void shouldRefuseEveryCallWhenClosed() {
        queue.close();
        queue.close();
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        () -> queue.trySend(1, bytes("m")),
                        queue::receive,
                        () -> queue.peek(Types.any(), 1),
                        queue::stat,
                        () -> queue.capacityBytes(10),
                        () -> queue.owner(0, 0))) {
            assertThatThrownBy(call)
                    .isInstanceOf(Closed.class)
                    .hasMessage("sysvmq:%s is closed", queue.name());
        }
    }

    @Test
    void shouldSendAndReceiveWithoutArrays() throws Exception {
        try (MessageBuffer buffer = queue.buffer()) {
            buffer.room().set(ValueLayout.JAVA_LONG, 0, 42);
            buffer.type(3);
            buffer.lengthBytes(8);
            buffer.send();
            assertThat(buffer.trySend(Duration.ofMillis(10))).isTrue();
        }
        try (MessageBuffer buffer = queue.buffer()) {
            buffer.receive(Types.any());
            assertThat(buffer.text().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
            assertThat(buffer.type()).isEqualTo(3);
            assertThat(buffer.tryReceive(Types.any(), Duration.ZERO)).isTrue();
            assertThat(buffer.lengthBytes()).isEqualTo(8);
            assertThat(buffer.tryReceive(Types.any(), Duration.ZERO)).isFalse();
        }
    }

    @Test
    void shouldLendABufferToOneAtATime() {
        MessageBuffer first = queue.buffer();
        MessageBuffer second = queue.buffer();
        assertThat(first).isNotSameAs(second);
        second.type(9);
        second.lengthBytes(5);
        second.close();
        second.close();
        assertThat(queue.buffer()).isSameAs(second);
        assertThat(second.type()).isEqualTo(1);
        assertThat(second.lengthBytes()).isZero();
        assertThat(queue.buffer()).isNotSameAs(second);
    }

    @Test
    void shouldRefuseABufferLongerThanTheQueueTakes() {
        try (MessageBuffer buffer = queue.buffer()) {
            MemorySegment room = buffer.room();
            assertThatThrownBy(() -> buffer.grow(1 << 30))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("message too large: length=1073741824, limit=");
            assertThat(buffer.room()).isSameAs(room);
            assertThatThrownBy(() -> buffer.lengthBytes(room.byteSize() + 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("length=%d, room=%d", room.byteSize() + 1, room.byteSize());
            assertThatThrownBy(() -> buffer.type(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static void isAboutNow(Instant time) {
        assertThat(time).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String received(Message<byte[]> message) {
        return message.type() + ":" + new String(message.value());
    }

    private static Optional<String> received(Optional<Message<byte[]>> message) {
        return message.map(MessageQueueTest::received);
    }
}
