// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import dev.kith.posix.SignalQueue;
import dev.kith.posix.SignalSender;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignalTransportTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void shouldCarryLongsAndDoubles() throws Exception {
        try (Ends<Long> longs = Ends.open(Codec.longs());
                Ends<Double> doubles = Ends.open(Codec.doubles())) {
            for (long value : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
                longs.sender().send(value);
                assertThat(longs.receiver().receive()).isEqualTo(value);
            }
            doubles.sender().send(Math.PI);
            assertThat(doubles.receiver().tryReceive(Duration.ofSeconds(10))).contains(Math.PI);
            assertThat(longs.receiver().tryReceive()).isEmpty();
        }
    }

    @Test
    void shouldSayWhatOthersUseAndWhoSent() throws Exception {
        try (Receiver<Long> receiver = Receiver.open("signal:", Codec.longs());
                Sender<Long> sender = Sender.open(receiver.address().toString(), Codec.longs())) {
            assertThat(receiver.address().toString())
                    .isEqualTo("signal:" + receiver.unwrap(SignalQueue.class).address());
            assertThat(sender.unwrap(SignalSender.class).receiver()).isEqualTo(Peer.current());
            sender.send(3L);
            var message = receiver.receiveMessage();
            assertThat(message.value()).isEqualTo(3);
            assertThat(message.lengthBytes()).isEqualTo(8);
            assertThat(message.peer()).contains(Peer.current());
        }
    }

    @Test
    void shouldEndForEveryThreadThatReceives() throws Exception {
        try (Ends<Long> pair = Ends.open(Codec.longs())) {
            List<FutureTask<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                FutureTask<Integer> count =
                        new FutureTask<>(() -> {
                            List<Long> got = new ArrayList<>();
                            pair.receiver().forEach(got::add);
                            return got.size();
                        });
                counts.add(count);
                Thread.ofVirtual().start(count);
            }
            for (long i = 0; i < 100; i++) {
                pair.sender().send(i);
            }
            pair.sender().end();
            int all = 0;
            for (FutureTask<Integer> count : counts) {
                all += count.get();
            }
            assertThat(all).isEqualTo(100);
            assertThat(pair.receiver().isEnded()).isTrue();
            assertThat(pair.receiver().isReady()).isTrue();
            assertThatThrownBy(() -> pair.receiver().receive())
                    .isInstanceOf(Closed.class)
                    .hasMessage(pair.receiver().address() + ": the stream has ended");
        }
    }

    @Test
    void shouldWakeAWaitSet() throws Exception {
        try (Ends<Long> pair = Ends.open(Codec.longs())) {
            WaitSet set = new WaitSet(pair.receiver());
            assertThat(set.await(Duration.ofMillis(50))).isEmpty();
            FutureTask<?> waiting = new FutureTask<>(() -> set.await());
            Thread.ofPlatform().start(waiting);
            Thread.sleep(50);
            pair.sender().send(1L);
            assertThat(waiting.get()).isEqualTo(List.of(pair.receiver()));
        }
    }

    @Test
    void shouldTellThatTheReceiverIsGone() throws Exception {
        Ends<Long> pair = Ends.open(Codec.longs());
        pair.receiver().close();
        assertThatThrownBy(() -> pair.sender().send(1L)).isInstanceOf(PeerDied.class);
        pair.sender().close();
        assertThatThrownBy(() -> pair.sender().send(1L)).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> pair.receiver().receive())
                .isInstanceOf(Closed.class)
                .hasMessageEndingWith("is closed");
    }

    @Test
    void shouldLetTheSenderTravelAndKeepTheReceiver() throws Exception {
        try (Ends<Long> pair = Ends.open(Codec.longs())) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(pair.sender());
            Object copy =
                    new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))
                            .readObject();
            try (Sender<?> sender = (Sender<?>) copy) {
                assertThat(sender.address()).isEqualTo(pair.receiver().address());
                sender.end();
            }
            assertThatThrownBy(() ->
                            new ObjectOutputStream(OutputStream.nullOutputStream())
                                    .writeObject(pair.receiver()))
                    .isInstanceOf(NotSerializableException.class)
                    .hasMessageContaining("let the other process open signal:");
            assertThatThrownBy(() -> pair.receiver().receive()).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldRefuseWhatIsWrong() {
        assertThatThrownBy(() -> Channel.open("signal:" + SELF, Codec.longs()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("signals have one direction");
        assertThatThrownBy(() -> Receiver.open("signal:1", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("this process is " + SELF);
        assertThatThrownBy(() -> Sender.open("signal:", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("who receives is missing");
        assertThatThrownBy(() -> Sender.open("signal:one", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PID or PID/TID");
        assertThatThrownBy(() -> Sender.open("signal:999999999", Codec.longs()))
                .isInstanceOf(NotFound.class)
                .hasMessage("signal:999999999: there is no process 999999999");
        assertThatThrownBy(() -> Channel.pair("signal:1", Codec.longs()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("signal: does not pair");
        assertThatThrownBy(() -> Sender.open("signal:" + SELF, Codec.bytes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Codec.longs()");
        assertThatThrownBy(() -> Sender.open("signal:1?priority=1", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("known are none");
    }

    /** Both ends in this process. */
    private record Ends<T>(Receiver<T> receiver, Sender<T> sender) implements AutoCloseable {
        static <T> Ends<T> open(Codec<T> codec) {
            Receiver<T> receiver = Receiver.open("signal:", codec);
            return new Ends<>(receiver, Sender.open(receiver.address().toString(), codec));
        }

        @Override
        public void close() {
            sender.close();
            receiver.close();
        }
    }
}
