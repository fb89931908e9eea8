// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.NotFound;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import dev.kith.shared.SharedLock;
import dev.kith.shared.SharedQueue;
import dev.kith.test.Background;
import dev.kith.test.LeavesNothingBehind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@LeavesNothingBehind
@Timeout(60)
class SharedQueueTransportTest {
    private final SharedQueueTransport transport = new SharedQueueTransport();
    private final Address address = transport.create(transport.fresh(Path.of("/")));
    private final String uri = address.toString();

    @AfterEach
    void remove() {
        transport.remove(address);
    }

    @Test
    void shouldDeliverAgainWhatAChildHadNotAcknowledgedThatWasKilled() throws Exception {
        String uri = this.uri;
        try (Channel<String> channel = Channel.open(uri, Codec.utf8());
                Worker child = Worker.start()) {
            channel.send("one");
            channel.send("two");
            String got =
                    child.run(() -> {
                        // Not closed: it is killed as it is.
                        Receiver<String> in = Receiver.open(uri, Codec.utf8());
                        in.receiveMessage().acknowledge();
                        return in.receiveMessage().value();
                    });
            assertThat(got).isEqualTo("two");
            child.kill();
            child.join();
            Message<String> again = channel.receiveMessage();
            assertThat(again.value()).isEqualTo("two");
            assertThat(again.lengthBytes()).isEqualTo(3);
            assertThat(again.redelivered()).isTrue();
            again.reject(true);
            again.reject(true);
            Message<String> third = channel.receiveMessage();
            assertThat(third.value()).isEqualTo("two");
            third.reject(false);
            assertThat(channel.tryReceive(Duration.ofMillis(10))).isEmpty();
        }
    }

    @Test
    void shouldDeliverAgainWhatAnActionThrewAt() throws Exception {
        try (Channel<String> channel = Channel.open(uri, Codec.utf8())) {
            channel.send("x");
            assertThatThrownBy(() -> channel.forEach(Integer::parseInt))
                    .isInstanceOf(NumberFormatException.class);
            assertThat(channel.receive()).isEqualTo("x");
        }
    }

    @Test
    void shouldKeepWhatIsNotAcknowledgedWhenTheEndComes() throws Exception {
        try (Sender<String> out = Sender.open(uri, Codec.utf8());
                Receiver<String> in = Receiver.open(uri, Codec.utf8())) {
            out.send("one");
            Message<String> one = in.receiveMessage();
            Background other =
                    Background.run(() ->
                            assertThatThrownBy(in::receive)
                                    .isInstanceOf(Closed.class)
                                    .hasMessageContaining("ended"));
            Background another =
                    Background.run(() ->
                            assertThatThrownBy(in::receiveMessage)
                                    .isInstanceOf(Closed.class)
                                    .hasMessageContaining("ended"));
            while (in.unwrap(SharedQueue.class).waiters().size() < 2) {
                Thread.sleep(1);
            }
            out.end();
            while (!in.isEnded()) {
                Thread.sleep(1);
            }
            one.acknowledge();
            other.join();
            another.join();
            assertThat(transport.peek(address, 9)).isEmpty();
        }
    }

    @Test
    void shouldShowWhatWaits() throws Exception {
        try (Channel<String> channel = Channel.open(uri, Codec.utf8())) {
            channel.send("one");
            channel.send("two");
            List<String> seen = new ArrayList<>();
            for (Message<byte[]> each : transport.peek(address, 9)) {
                seen.add(new String(each.value(), StandardCharsets.UTF_8));
            }
            assertThat(seen).containsExactly("one", "two");
            assertThat(transport.peek(address, 1)).hasSize(1);
            assertThat(channel.receive()).isEqualTo("one");
        }
    }

    @Test
    void shouldBeMadeAsItsOptionsSay() throws Exception {
        Address made = transport.create(Address.parse("squeue:?capacity=2&bytes=1000"));
        try (Channel<String> channel =
                Channel.open(made + "?capacity=2&bytes=1024", Codec.utf8())) {
            assertThat(channel.trySend("1")).isTrue();
            assertThat(channel.trySend("2")).isTrue();
            assertThat(channel.trySend("3")).isFalse();
            assertThat(transport.maxMessageBytes(made)).isEqualTo(1000);
            assertThatThrownBy(() -> Channel.open(made + "?capacity=3", Codec.utf8()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("capacity of the queue that exists is 2");
            assertThatThrownBy(() -> Channel.open(made + "?bytes=4096", Codec.utf8()))
                    .hasMessageContaining("bytes of the queue that exists is 1024");
            assertThatThrownBy(() -> Channel.open(uri + "?capacity=3", Codec.utf8()))
                    .hasMessageContaining("is not limited");
        } finally {
            transport.remove(made);
        }
    }

    @Test
    void shouldRefuseWhatIsNoQueue() {
        assertThatThrownBy(() -> Channel.open("squeue:kith-no-queue", Codec.utf8()))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> transport.remove(Address.parse("squeue:kith-no-queue")))
                .isInstanceOf(NotFound.class);
        assertThatThrownBy(() -> Channel.open("squeue:", Codec.utf8()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a name is missing");
        assertThatThrownBy(() -> transport.create(Address.parse("squeue:x?capacity=0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity=0");
        assertThatThrownBy(() -> transport.create(Address.parse("squeue:x?bytes=1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bytes=1");
        Address lock = transport.fresh(Path.of("/"));
        try (SharedLock made = SharedLock.create(lock.path())) {
            assertThatThrownBy(() -> Channel.open(lock.toString(), Codec.utf8()))
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("expected=queue, found=lock");
            made.unlink();
        }
    }
}
