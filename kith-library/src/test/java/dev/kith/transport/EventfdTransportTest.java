// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.Python;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.linux.EventFd;
import dev.kith.linux.PidFd;
import dev.kith.process.Worker;
import dev.kith.test.Background;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventfdTransportTest {
    private static final String SHARED = "eventfd:?shared=true";

    @Test
    void shouldReceiveTheSum() throws Exception {
        try (ChannelPair<Long> pair = Channel.pair("eventfd:", Codec.longs())) {
            pair.sender().send(40L);
            pair.sender().send(2L);
            assertThat(pair.receiver().receiveMessage().lengthBytes()).isEqualTo(8);
            pair.sender().send(Long.MAX_VALUE);
            pair.sender().send(7L);
            assertThat(pair.receiver().receive()).isEqualTo(Long.MAX_VALUE);
            assertThat(pair.receiver().isReady()).isTrue();
            assertThat(pair.receiver().receive()).isEqualTo(7);
            assertThat(pair.receiver().tryReceive()).isEmpty();
        }
    }

    @Test
    void shouldReceiveUnitsFromASemaphore() throws Exception {
        try (ChannelPair<Long> pair = Channel.pair("eventfd:?semaphore=true", Codec.longs())) {
            pair.sender().send(2L);
            pair.sender().end();
            List<Long> got = new ArrayList<>();
            pair.receiver().forEach(got::add);
            assertThat(got).containsExactly(1L, 1L);
        }
    }

    @Test
    void shouldRefuseWhatCannotBeAdded() throws Exception {
        try (ChannelPair<Long> pair = Channel.pair("eventfd:", Codec.longs());
                ChannelPair<Double> doubles = Channel.pair("eventfd:", Codec.doubles())) {
            for (long value : new long[] {0, -1, Long.MIN_VALUE}) {
                assertThatThrownBy(() -> pair.sender().send(value))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "eventfd:: value="
                                        + value
                                        + ", least=1: 0 would wake nobody, and the counter has no"
                                        + " sign");
            }
            assertThat(pair.receiver().tryReceive()).isEmpty();
            assertThatThrownBy(() -> doubles.sender().send(1.5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("what is sent is added up")
                    .hasMessageEndingWith("use Codec.longs()");
        }
        assertThatThrownBy(() -> Channel.pair("eventfd:", Codec.utf8()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exactly 8 bytes a message: use Codec.longs(), not utf8");
        assertThatThrownBy(() -> Channel.pair("eventfd:name", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Channel.pair("eventfd:?semaphore=2", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("semaphore=2");
        assertThatThrownBy(() -> Receiver.open("eventfd:", Codec.longs()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Channel.pair(\"eventfd:\", Codec.longs())");
    }

    @Test
    void shouldAddWhatSeveralProcessesSendAlsoIfOneIsKilled() throws Exception {
        try (ChannelPair<Long> pair = Channel.pair(SHARED, Codec.longs());
                Worker victim = Worker.start()) {
            Sender<Long> end = pair.sender();
            CompletableFuture<Void> endless =
                    victim.async(() -> {
                        while (true) {
                            end.send(1_000_000L);
                        }
                    });
            assertThat(pair.receiver().receive()).isPositive();
            List<Worker> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                others.add(
                        Worker.start(() -> {
                            for (int n = 0; n < 1000; n++) {
                                end.send(1L);
                            }
                        }));
            }
            try (PidFd process = PidFd.open(victim.pid())) {
                process.send(9);
                process.join();
            }
            for (Worker other : others) {
                other.join();
                other.close();
            }
            end.end();
            long rest = 0;
            while (!pair.receiver().isEnded()) {
                try {
                    rest += pair.receiver().receive() % 1_000_000;
                } catch (Closed ended) {
                    assertThat(pair.receiver().isEnded()).isTrue();
                }
            }
            assertThat(rest).isEqualTo(3000);
            assertThat(endless).isCompletedExceptionally();
        }
    }

    @Test
    void shouldGiveEachUnitToOneOfSeveralProcessesAndEachItsEnd() throws Exception {
        int consumers = 3;
        int sent = 20_000;
        try (ChannelPair<Long> pair = Channel.pair(SHARED, Codec.longs())) {
            Receiver<Long> end = pair.receiver();
            List<Worker> workers = new ArrayList<>();
            List<CompletableFuture<Long>> sums = new ArrayList<>();
            for (int i = 0; i < consumers; i++) {
                Worker worker = Worker.start();
                workers.add(worker);
                sums.add(
                        worker.async(() -> {
                            long[] sum = {0};
                            end.forEach(number -> sum[0] += number);
                            return sum[0];
                        }));
            }
            for (int i = 0; i < sent; i++) {
                pair.sender().send(1L);
            }
            pair.sender().end(consumers);
            long total = 0;
            for (CompletableFuture<Long> sum : sums) {
                total += sum.get();
            }
            assertThat(total).isEqualTo(sent);
            // Every mark was taken.
            assertThat(end.isReady()).isFalse();
            workers.forEach(Worker::close);
        }
    }

    @Test
    void shouldEndEveryThreadThatWaitsInTheSameEnd() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (ChannelPair<Long> pair = Channel.pair("eventfd:", Codec.longs())) {
                List<Background> waiting = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    waiting.add(Background.run(virtual, () -> pair.receiver().receive()));
                }
                waiting.getLast().awaitBlocked();
                pair.sender().end();
                for (Background each : waiting) {
                    assertThat(each.failure())
                            .isInstanceOf(Closed.class)
                            .hasMessage("eventfd:: the stream has ended");
                }
                assertThat(pair.receiver().isReady()).isTrue();
            }
        }
    }

    @Test
    void shouldGoOnForAnotherReceiverWhenOneIsKilled() throws Exception {
        try (ChannelPair<Long> pair = Channel.pair(SHARED, Codec.longs());
                Worker child = Worker.start()) {
            Receiver<Long> end = pair.receiver();
            CompletableFuture<Long> waiting = child.async(() -> end.receive());
            pair.sender().send(1L);
            assertThat(waiting.get()).isEqualTo(1);
            child.async(() -> end.receive());
            child.kill();
            child.join();
            pair.sender().send(2L);
            assertThat(end.tryReceive(Duration.ofSeconds(20))).contains(2L);
        }
    }

    @Test
    void shouldKeepNoCopyUnlessShared() throws Exception {
        try (ChannelPair<Long> pair = Channel.pair("eventfd:", Codec.longs());
                Worker child = Worker.start()) {
            Sender<Long> end = pair.sender();
            child.run(() -> end.send(5L));
            assertThat(pair.receiver().receive()).isEqualTo(5);
            assertThatThrownBy(() -> end.send(1L)).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldReceiveWhatAPythonProgramAdds() throws Exception {
        Process python =
                Python.start(
                        """
                        import os
                        counter = os.eventfd(0)
                        print(counter, flush=True)
                        print(os.eventfd_read(counter), flush=True)
                        os.eventfd_write(counter, 5)
                        input()
                        """);
        try (ChannelPair<Long> pair = Channel.pair("eventfd:", Codec.longs());
                PidFd process = PidFd.open(python.pid())) {
            int there = Integer.parseInt(python.inputReader().readLine());
            assertThat(pair.receiver().unwrap(EventFd.class).isSemaphore()).isFalse();
            // The handle of a channel is an eventfd like any other.
            try (EventFd counter = EventFd.own(process.duplicate(there))) {
                counter.add(37);
                assertThat(python.inputReader().readLine()).isEqualTo("37");
                pair.sender().unwrap(EventFd.class).add(counter.take());
                assertThat(pair.receiver().receive()).isEqualTo(5);
            }
        } finally {
            python.destroyForcibly().waitFor();
        }
    }
}
