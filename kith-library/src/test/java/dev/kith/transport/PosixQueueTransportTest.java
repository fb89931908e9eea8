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
import dev.kith.channel.Receiver;
import dev.kith.channel.SendOption;
import dev.kith.channel.Sender;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import dev.kith.posix.MessageQueue;
import dev.kith.posix.QueueAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code mq:} has beyond the contract. */
@Timeout(30)
class PosixQueueTransportTest {
    private final Transport transport = Transports.of(Address.parse("mq:"));
    private final Address address = transport.create(Address.parse("mq:?capacity=4&size=64"));

    @AfterEach
    void remove() {
        transport.remove(address);
    }

    @Test
    void shouldMakeAQueueAsTheOptionsSay() {
        assertThat(address.toString()).matches("mq:/mq-[0-9a-f]+");
        Address other = address.withPath(address.path() + "-o");
        Address made =
                transport.create(
                        other.withOption("capacity", "2")
                                .withOption("size", "100")
                                .withOption("mode", "640"));
        assertThat(made).isEqualTo(other);
        try (MessageQueue queue = MessageQueue.open(made.path())) {
            assertThat(queue.attributes()).isEqualTo(new QueueAttributes(2, 100, 0));
            assertThat(queue.status().mode()).isEqualTo(0640);
            assertThat(transport.maxMessageBytes(made)).isEqualTo(100);
        } finally {
            transport.remove(made);
        }
    }

    @Test
    void shouldMakeTheUsualQueueWithoutOptions() {
        Address made = transport.create(transport.fresh(null));
        try (MessageQueue queue = MessageQueue.open(made.path())) {
            assertThat(queue.capacity()).isEqualTo(10);
            assertThat(queue.maxMessageBytes()).isEqualTo(8192);
            assertThat(queue.status().mode()).isEqualTo(0600);
        } finally {
            transport.remove(made);
        }
    }

    @Test
    void shouldRefuseOptionsThatTheQueueDoesNotHave() {
        open(address.withOption("capacity", "4").withOption("size", "64").withOption("mode", "600"))
                .close();
        assertThatThrownBy(() -> open(address.withOption("capacity", "5")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "%1$s?capacity=5: capacity of the queue that exists is 4: leave the option"
                                + " out, or remove the queue with: kith rm %1$s",
                        address);
        assertThatThrownBy(() -> open(address.withOption("size", "65")))
                .hasMessageContaining("size of the queue that exists is 64");
        assertThatThrownBy(() -> open(address.withOption("mode", "660")))
                .hasMessageContaining("mode of the queue that exists is 0600");
        assertThatThrownBy(() -> open(address.withOption("size", "none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("size=none: not a whole number from 1 to");
    }

    @Test
    void shouldReceiveByPriority() throws Exception {
        try (Channel<String> channel = open(address)) {
            channel.send("low");
            channel.send("high", SendOption.priority(9));
            channel.trySend("middle", SendOption.priority(3));
            Message<String> first = channel.receiveMessage();
            assertThat(first.value()).isEqualTo("high");
            assertThat(first.priority()).isEqualTo(9);
            assertThat(first.lengthBytes()).isEqualTo(4);
            assertThat(channel.receive()).isEqualTo("middle");
            assertThat(channel.receive()).isEqualTo("low");
            assertThatThrownBy(() -> channel.send("x", SendOption.priority(32768)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("priority=32768, lowest=0, highest=32767");
        }
    }

    @Test
    void shouldNameTheLimitOfAMessage() throws Exception {
        try (Channel<String> channel = open(address)) {
            assertThatThrownBy(() -> channel.send("x".repeat(65)))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining(
                            "message too large: length=65, limit=64 (msgsize of %s), set when",
                            address.path());
            assertThat(channel.tryReceive()).isEmpty();
        }
    }

    @Test
    void shouldEndAfterEverythingThatWasSentBefore() throws Exception {
        try (Sender<String> sender = Sender.open(address.toString(), Codec.utf8());
                Receiver<String> receiver = Receiver.open(address.toString(), Codec.utf8())) {
            sender.send("low");
            sender.send("high", SendOption.priority(9));
            sender.end();
            List<String> got = new ArrayList<>();
            receiver.forEach(got::add);
            assertThat(got).containsExactly("high", "low");
            assertThatThrownBy(receiver::receive)
                    .isInstanceOf(Closed.class)
                    .hasMessage("%s: the stream has ended", address);
            assertThat(receiver.isReady()).isTrue();
            assertThat(receiver.unwrap(MessageQueue.class).attributes().messages()).isZero();
        }
    }

    @Test
    void shouldEndForSeveralConsumers() throws Exception {
        try (Channel<String> first = open(address);
                Channel<String> second = open(address)) {
            first.end(2);
            assertThatThrownBy(first::receive).isInstanceOf(Closed.class);
            assertThatThrownBy(second::receive).isInstanceOf(Closed.class);
            assertThat(first.unwrap(MessageQueue.class).attributes().messages()).isZero();
        }
    }

    @Test
    void shouldWakeAllThreadsOfAnEndWhenOneMeetsTheMark() throws Exception {
        try (Channel<String> channel = open(address);
                Channel<String> other = open(address)) {
            List<Throwable> ends = Collections.synchronizedList(new ArrayList<>());
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean timed = i < 2;
                Runnable receive =
                        () -> {
                            try {
                                if (timed) {
                                    channel.tryReceive(Duration.ofSeconds(20));
                                } else {
                                    channel.receive();
                                }
                            } catch (InterruptedException | RuntimeException end) {
                                ends.add(end);
                            }
                        };
                threads.add(
                        i % 2 == 0
                                ? Thread.ofVirtual().start(receive)
                                : Thread.ofPlatform().daemon().start(receive));
            }
            Thread.sleep(60);
            other.end();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(ends)
                    .hasSize(4)
                    .allSatisfy(end ->
                            assertThat(end)
                                    .isInstanceOf(Closed.class)
                                    .hasMessageEndingWith("the stream has ended"));
            // It still sends.
            channel.send("x");
            assertThat(other.receive()).isEqualTo("x");
        }
    }

    @Test
    void shouldRefuseTheMarkAsAMessageAndAnEndThatDoesNotFit() throws Exception {
        byte[] mark = HexFormat.of().parseHex("4b495448a92f1de6730cb855d8e94f1b");
        try (Channel<byte[]> channel = Channel.open(address.toString(), Codec.bytes())) {
            assertThatThrownBy(() -> channel.send(mark))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("are the mark that ends a stream");
        }
        Address small = transport.create(Address.parse("mq:?size=15"));
        try (Channel<byte[]> channel = Channel.open(small.toString(), Codec.bytes())) {
            assertThatThrownBy(channel::end)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage(
                            "%s: mq: does not end a stream whose messages are so short: size=15,"
                                    + " least=16 for end()",
                            small);
        } finally {
            transport.remove(small);
        }
    }

    @Test
    void shouldOpenAnEndInOneDirection() throws Exception {
        try (Sender<String> sender = Sender.open(address.toString(), Codec.utf8());
                Receiver<String> receiver = Receiver.open(address.toString(), Codec.utf8())) {
            sender.send("x");
            assertThat(receiver.receive()).isEqualTo("x");
            MessageQueue sending = sender.unwrap(MessageQueue.class);
            assertThatThrownBy(sending::tryReceive)
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void shouldWakeAWaitSetWhenItIsClosedOrEnds() throws Exception {
        for (boolean end : new boolean[] {false, true}) {
            Channel<String> channel = open(address);
            BlockingQueue<List<Waitable>> ready = new LinkedBlockingQueue<>();
            WaitSet set = new WaitSet(channel);
            Thread waiting =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> {
                                try {
                                    ready.add(set.await());
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            Thread.sleep(50);
            if (end) {
                channel.end();
            } else {
                channel.close();
            }
            assertThat(ready.poll(20, TimeUnit.SECONDS)).containsExactly(channel);
            waiting.join();
            assertThatThrownBy(channel::receive).isInstanceOf(Closed.class);
            channel.close();
        }
    }

    @Test
    void shouldTravelByItsAddress() throws Exception {
        try (Channel<String> channel = open(address)) {
            java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
            try (var out = new java.io.ObjectOutputStream(bytes)) {
                out.writeObject(channel);
            }
            try (var in =
                            new java.io.ObjectInputStream(
                                    new java.io.ByteArrayInputStream(bytes.toByteArray()));
                    Channel<?> arrived = (Channel<?>) in.readObject()) {
                channel.send("x");
                assertThat(arrived.receive()).isEqualTo("x");
            }
        }
    }

    @Test
    void shouldSayWhatToDo() {
        assertThatThrownBy(() -> transport.create(address))
                .isInstanceOf(AlreadyExists.class)
                .hasMessageContaining("remove it with: kith rm " + address);
        assertThatThrownBy(() -> open(Address.parse("mq:/no-such")))
                .isInstanceOf(NotFound.class)
                .hasMessageEndingWith("make it with: kith create mq:/no-such");
        assertThatThrownBy(() -> open(Address.parse("mq:no-slash")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a name");
        assertThatThrownBy(() -> open(Address.parse("mq:")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mq:: a name is missing, as in mq:/jobs");
        assertThatThrownBy(() -> transport.peek(address, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("mq: does not peek");
        assertThatThrownBy(() -> transport.create(Address.parse("mq:?capacity=0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Channel<String> open(Address address) {
        return Channel.open(address.toString(), Codec.utf8());
    }
}
