// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.NotFound;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.SendOption;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import dev.kith.sysv.Key;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.QueueLimits;
import dev.kith.sysv.Types;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code sysvmq:} has beyond the contract. */
@Timeout(30)
class SysvQueueTransportTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Transport transport = Transports.of(Address.parse("sysvmq:"));
    private final Address address = transport.create(Address.parse("sysvmq:"));

    @AfterEach
    void remove() {
        try {
            transport.remove(address);
        } catch (NotFound already) {
            // by the test
        }
    }

    @Test
    void shouldPickAFreeKeyAndSayWhich() {
        assertThat(address.toString()).matches("sysvmq:0x[0-9a-f]{8}");
        Address spent = transport.create(Address.parse("sysvmq:?bytes=4096&mode=640&type=3"));
        try (MessageQueue queue = MessageQueue.open(Key.parse(spent.path()))) {
            // What was for the making is done with; the type is for who opens it.
            assertThat(spent.options()).containsExactly(java.util.Map.entry("type", "3"));
            assertThat(queue.capacityBytes()).isEqualTo(4096);
            assertThat(queue.stat().permissions().mode()).isEqualTo(0640);
            assertThat(transport.maxMessageBytes(spent)).isEqualTo(4096);
        } finally {
            transport.remove(spent);
        }
    }

    @Test
    void shouldTakeEveryFormOfAKey(@TempDir Path directory) throws Exception {
        Key random = Key.random();
        for (String path :
                List.of(
                        random.toString(),
                        Integer.toString(random.number()),
                        "ftok(" + directory + ",65)")) {
            Address made = transport.create(Address.parse("sysvmq:" + path + "?mode=600"));
            assertThat(made).hasToString("sysvmq:" + path);
            try (var channel = Channel.open(made.toString(), Codec.utf8())) {
                channel.send("hello");
                assertThat(channel.receive()).isEqualTo("hello");
            }
            transport.remove(made);
        }
        Address hidden = transport.create(Address.parse("sysvmq:private"));
        assertThat(hidden.toString()).matches("sysvmq:id=\\d+");
        try (var channel = Channel.open(hidden.toString(), Codec.utf8())) {
            assertThat(channel.unwrap(MessageQueue.class).key()).isEqualTo(Key.PRIVATE);
        }
        transport.remove(hidden);
    }

    @Test
    void shouldUseTheTypeAsALane() throws Exception {
        try (var one = open("?type=1");
                var two = open("?type=2");
                var any = open("")) {
            two.send("b");
            one.send("a");
            any.send("c");
            any.send("d", SendOption.type(9));
            assertThat(one.receive()).isEqualTo("a");
            Message<String> second = one.receiveMessage();
            assertThat(second.value()).isEqualTo("c");
            assertThat(second.type()).isEqualTo(1);
            assertThat(second.lengthBytes()).isEqualTo(1);
            assertThat(one.tryReceive()).isEmpty();
            assertThat(one.isReady()).isFalse();
            assertThat(any.isReady()).isTrue();
            assertThat(two.isReady()).isTrue();
            assertThat(any.receive()).isEqualTo("b");
            assertThat(any.receiveMessage().type()).isEqualTo(9);
        }
    }

    @Test
    void shouldEndOneLaneAlone() throws Exception {
        try (var one = open("?type=1");
                var two = open("?type=2")) {
            one.send("a");
            one.end();
            two.send("b");
            assertThat(one.receive()).isEqualTo("a");
            assertThatThrownBy(one::receive)
                    .isInstanceOf(Closed.class)
                    .hasMessage("%s?type=1: the stream has ended", address);
            assertThat(one.isEnded()).isTrue();
            assertThat(one.isReady()).isTrue();
            assertThat(two.receive()).isEqualTo("b");
            assertThat(two.tryReceive()).isEmpty();
        }
    }

    @Test
    void shouldWakeAllThreadsOfAnEndWhenOneMeetsTheMark() throws Exception {
        try (var channel = open("")) {
            List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Runnable receive =
                        () -> {
                            try {
                                channel.receive();
                            } catch (InterruptedException | RuntimeException end) {
                                ends.add(end);
                            }
                        };
                threads.add(i % 2 == 0 ? Thread.ofVirtual().start(receive) : new Thread(receive));
            }
            threads.stream().filter(each -> !each.isVirtual()).forEach(Thread::start);
            Thread.sleep(100);
            channel.end();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(ends)
                    .hasSize(4)
                    .allSatisfy(
                            end -> assertThat(end).hasMessage("%s: the stream has ended", address));
        }
    }

    @Test
    void shouldTellWhoWaitsWhenAnotherThreadMeetsTheMark() throws Exception {
        try (var channel = open("")) {
            CountDownLatch told = new CountDownLatch(2);
            channel.whenReady(told::countDown);
            channel.end();
            assertThatThrownBy(channel::receive).isInstanceOf(Closed.class);
            channel.whenReady(told::countDown);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shouldPutAMarkForEachConsumer() throws Exception {
        try (var sender = open("")) {
            sender.end(2);
            for (int i = 0; i < 2; i++) {
                try (var consumer = open("")) {
                    assertThatThrownBy(consumer::receive).isInstanceOf(Closed.class);
                    assertThat(consumer.isEnded()).isTrue();
                }
            }
            assertThat(transport.peek(address, 10)).isEmpty();
        }
    }

    @Test
    void shouldRefuseToSendTheMark() {
        byte[] marker = HexFormat.of().parseHex("4b495448a92f1de6730cb855d8e94f1b");
        try (var channel = Channel.open(address.toString(), Codec.bytes())) {
            assertThatThrownBy(() -> channel.send(marker))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "%s: these 16 bytes (4b495448a92f1de6730cb855d8e94f1b) are the mark"
                                    + " that ends a stream, not a message; end() sends it",
                            address);
            assertThat(channel.tryReceive()).isEmpty();
        }
    }

    @Test
    void shouldRefuseOneByteTooManyByNameOfTheLimit() throws Exception {
        int most = (int) transport.maxMessageBytes(address);
        try (var channel = Channel.open(address.toString(), Codec.bytes())) {
            channel.send(new byte[most]);
            assertThat(channel.receive()).hasSize(most);
            for (int length : new int[] {most + 1, 10_000_000}) {
                assertThatThrownBy(() -> channel.send(new byte[length]))
                        .isInstanceOf(IpcException.class)
                        .hasMessage(
                                "msgsnd(%s, type=1, length=%d): EINVAL (Invalid argument); message"
                                    + " too large: length=%d, limit=%d (/proc/sys/kernel/msgmax;"
                                    + " root may raise it)",
                                address.path(), length, length, most);
            }
            assertThat(channel.tryReceive()).isEmpty();
        }
    }

    @Test
    void shouldWaitForSeveralQueuesAtOnce() throws Exception {
        Address second = transport.create(Address.parse("sysvmq:"));
        try (var one = open("?type=4");
                var two = Channel.open(second.toString(), Codec.utf8())) {
            WaitSet waits = new WaitSet(one, two);
            assertThat(waits.await(Duration.ofMillis(60))).isEmpty();
            later(() -> {
                one.unwrap(MessageQueue.class).send(3, "not for one".getBytes());
                two.send("hello");
            });
            assertThat(waits.await(LONG)).containsExactly(two);
            assertThat(two.receive()).isEqualTo("hello");
            later(() -> one.send("for one"));
            assertThat(waits.await(LONG)).containsExactly(one);
            assertThat(one.receive()).isEqualTo("for one");
            later(() -> MessageQueue.open(Key.parse(second.path())).unlink());
            assertThat(waits.await(LONG)).containsExactly(two);
            assertThatThrownBy(two::receive).isInstanceOf(NotFound.class);
        }
    }

    @Test
    void shouldReceiveAnEmptyMessageThatAWaitSetSawFirst() throws Exception {
        try (var channel = open("")) {
            WaitSet waits = new WaitSet(channel);
            later(() -> {
                channel.send("");
                channel.send("next");
            });
            assertThat(waits.await(LONG)).containsExactly(channel);
            assertThat(channel.receive()).isEmpty();
            assertThat(waits.await(LONG)).containsExactly(channel);
            assertThat(channel.receive()).isEqualTo("next");
        }
    }

    @Test
    void shouldGiveAnEmptyMessageToWhoeverWaitsOnTheSameEnd() throws Exception {
        try (var channel = open("")) {
            try (Waitable.Registration registration = channel.whenReady(() -> {})) {
                Thread.sleep(80);
                List<String> received = new ArrayList<>();
                Thread receiver =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        received.add(channel.receive());
                                    } catch (InterruptedException e) {
                                        received.add("interrupted");
                                    }
                                });
                Thread.sleep(80);
                channel.send("");
                receiver.join();
                assertThat(received).containsExactly("");
            }
        }
    }

    @Test
    void shouldLeaveAnEmptyMessageThatAWaitSetSawToWhoeverReceives() throws Exception {
        try (var other = open("");
                var channel = open("")) {
            CountDownLatch told = new CountDownLatch(1);
            Waitable.Registration registration = channel.whenReady(told::countDown);
            Thread.sleep(80);
            channel.send("", SendOption.type(5));
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            registration.close();
            registration.close();
            assertThat(channel.isReady()).isTrue();
            assertThat(channel.unwrap(MessageQueue.class).stat().lastReceive()).isEmpty();
            assertThat(other.receiveMessage().type()).isEqualTo(5);
            assertThat(channel.isReady()).isFalse();
        }
    }

    @Test
    void shouldTellNobodyWhoTookTheRequestBack() throws Exception {
        try (var channel = open("")) {
            CountDownLatch told = new CountDownLatch(1);
            channel.whenReady(told::countDown).close();
            channel.send("x");
            assertThat(told.await(100, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(channel.receive()).isEqualTo("x");
        }
    }

    @Test
    void shouldTellWhoWaitsWhenItIsClosed() throws Exception {
        CountDownLatch told = new CountDownLatch(3);
        var channel = open("");
        channel.whenReady(told::countDown);
        channel.whenReady(told::countDown);
        channel.close();
        channel.whenReady(told::countDown);
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(channel.isReady()).isTrue();
    }

    @Test
    void shouldPeekByType() throws Exception {
        try (var channel = open("")) {
            channel.send("a", SendOption.type(2));
            channel.send("b", SendOption.type(3));
            channel.send("c", SendOption.type(2));
            assertThat(transport.peek(address, 2))
                    .extracting(m -> new String(m.value()))
                    .containsExactly("a", "b");
            assertThat(transport.peek(address.withOption("type", "2"), 9))
                    .extracting(m -> new String(m.value()))
                    .containsExactly("a", "c");
            assertThat(channel.unwrap(MessageQueue.class).peek(Types.any(), 9)).hasSize(3);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAnAddress() {
        refused(
                () -> open(Address.parse("sysvmq:")),
                "sysvmq:: a key is missing, as in sysvmq:0x1234");
        refused(
                () -> open(Address.parse("sysvmq:jobs")),
                "not a key: \"jobs\": it is a number of 32 bits, as in 4660 or 0x1234, or"
                        + " ftok(/path,id), or private");
        refused(() -> open(Address.parse("sysvmq:id=x")), "not an id: \"id=x\": as in id=5");
        refused(
                () -> open(Address.parse("sysvmq:private")),
                "a private queue has no key to open it by: use MessageQueue.openId");
        refused(
                () -> open(Address.parse("sysvmq:5?type=0")),
                "sysvmq:5?type=0: type=0: not a whole number from 1 to 9223372036854775807");
        refused(
                () -> transport.create(Address.parse("sysvmq:?bytes=0")),
                "sysvmq:?bytes=0: bytes=0: not a whole number from 1 to 9223372036854775807");
        refused(
                () -> transport.create(Address.parse("sysvmq:?mode=9")),
                "sysvmq:?mode=9: mode=9: three octal digits, as in 660");
        refused(
                () -> transport.create(Address.parse("sysvmq:id=3")),
                "sysvmq:id=3: the kernel picks the id of a new queue: leave the key out, or give"
                        + " one");
        refused(
                () -> open(Address.parse("sysvmq:5?capacity=3")),
                "sysvmq:5?capacity=3: no option capacity on sysvmq: known are bytes mode type");
        refused(
                () -> open("").trySend("x", SendOption.priority(3)),
                address
                        + ": messages have no priority on sysvmq: (System V message queue, messages"
                        + " with a type)");
    }

    @Test
    void shouldSayWhatToDoWhenItIsThereOrNot() {
        assertThatThrownBy(() -> transport.create(address))
                .isInstanceOf(AlreadyExists.class)
                .hasMessageEndingWith("or remove it with: kith rm %s", address);
        transport.remove(address);
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(() -> open(address), () -> transport.peek(address, 1))) {
            assertThatThrownBy(call)
                    .isInstanceOf(NotFound.class)
                    .hasMessageEndingWith("or with: kith create %s", address);
        }
        assertThatThrownBy(() -> transport.remove(address))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "msgget(%s, 0): ENOENT (No such file or directory); there is nothing to"
                                + " remove: kith ls --kind sysvmq shows what there is",
                        address.path());
        QueueLimits limits = QueueLimits.current();
        assertThat(transport.maxMessageBytes(address))
                .isEqualTo(Math.min(limits.msgmax(), limits.msgmnb()));
        assertThat(transport.maxMessageBytes(Address.parse("sysvmq:?bytes=70"))).isEqualTo(70);
    }

    @Test
    void shouldNotLeaveAQueueWhoseCapacityIsRefused() {
        Key key = Key.random();
        // More than an int: the kernel or its limit may refuse it; if not, it is made.
        Address large = Address.parse("sysvmq:" + key + "?bytes=" + Long.MAX_VALUE);
        try {
            transport.create(large);
            transport.remove(large);
        } catch (IpcException refused) {
            assertThatThrownBy(() -> MessageQueue.open(key)).isInstanceOf(NotFound.class);
        }
    }

    private Channel<String> open(String options) {
        return open(Address.parse(address + options));
    }

    private static Channel<String> open(Address where) {
        return Channel.open(where.toString(), Codec.utf8());
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Does something in another thread when this one has had the time to wait. */
    private static void later(Step step) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        Thread.sleep(100);
                        step.run();
                    } catch (Exception failed) {
                        throw new IllegalStateException(failed);
                    }
                });
    }
}
