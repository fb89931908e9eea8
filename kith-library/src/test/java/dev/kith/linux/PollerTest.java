// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.linux.Poller.Event.CLOSED;
import static dev.kith.linux.Poller.Event.EDGE_TRIGGERED;
import static dev.kith.linux.Poller.Event.ERR;
import static dev.kith.linux.Poller.Event.HUP;
import static dev.kith.linux.Poller.Event.IN;
import static dev.kith.linux.Poller.Event.ONE_SHOT;
import static dev.kith.linux.Poller.Event.OUT;
import static dev.kith.linux.Poller.Event.RDHUP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.Waitable;
import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.posix.Pipe;
import dev.kith.process.Worker;
import dev.kith.sysv.MessageQueue;
import dev.kith.test.Background;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PollerTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void shouldReportWhatIsReadyAndNothingElse() throws Exception {
        try (Poller<String> poller = Poller.open();
                Pipe pipe = Pipe.open();
                EventFd counter = EventFd.create();
                TimerFd timer = TimerFd.create();
                Arena arena = Arena.ofConfined()) {
            poller.add(pipe.reader(), Set.of(IN), "reader");
            poller.add(pipe.writer(), Set.of(OUT), "writer");
            poller.add(counter, Set.of(IN), "counter");
            poller.add(timer, Set.of(IN), "timer");
            assertThat(poller.await())
                    .containsExactly(new Poller.Ready<>(pipe.writer(), "writer", Set.of(OUT)));
            assertThat(poller.remove(pipe.writer())).isTrue();
            assertThat(poller.remove(pipe.writer())).isFalse();
            long start = System.nanoTime();
            assertThat(poller.await(SHORT)).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
            timer.schedule(SHORT);
            assertThat(names(poller.await())).containsExactly("timer");
            counter.add(1);
            pipe.writer().write(arena.allocate(1));
            assertThat(names(poller.await()))
                    .containsExactlyInAnyOrder("timer", "counter", "reader");
            counter.take();
            timer.await();
            assertThat(names(poller.await())).containsExactly("reader");
        }
    }

    @Test
    void shouldReportAgainOrNotAsTheMemberAsks() throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd level = EventFd.create(1);
                EventFd edge = EventFd.create(1);
                EventFd once = EventFd.create(1)) {
            poller.add(level, Set.of(IN), "level");
            poller.add(edge, Set.of(IN, EDGE_TRIGGERED), "edge");
            poller.add(once, Set.of(IN, ONE_SHOT), "once");
            assertThat(names(poller.await())).containsExactlyInAnyOrder("level", "edge", "once");
            assertThat(names(poller.await())).containsExactly("level");
            edge.add(1);
            once.add(1);
            assertThat(names(poller.await())).containsExactlyInAnyOrder("level", "edge");
            poller.modify(once, Set.of(IN, ONE_SHOT));
            poller.modify(level, Set.of());
            assertThat(names(poller.await())).containsExactly("once");
            assertThat(poller.await(NOW)).isEmpty();
        }
    }

    @Test
    void shouldTellThatTheOtherSideIsGone() throws Exception {
        try (Poller<String> poller = Poller.open();
                Pipe first = Pipe.open();
                Pipe second = Pipe.open()) {
            UnixSocketPair sockets = UnixSocket.pair();
            poller.add(first.reader(), Set.of(IN), "reader");
            first.writer().close();
            assertThat(poller.await().getFirst().events()).containsExactly(HUP);
            poller.remove(first.reader());
            poller.add(second.writer(), Set.of(), "writer");
            second.reader().close();
            assertThat(poller.await().getFirst().events()).containsExactly(ERR);
            poller.remove(second.writer());
            poller.add(sockets.first(), Set.of(RDHUP), "socket");
            sockets.second().close();
            assertThat(poller.await().getFirst().events()).contains(RDHUP, HUP);
            sockets.first().close();
        }
    }

    @Test
    void shouldTellThatTheProcessAtTheOtherSideWasKilled() throws Exception {
        Pipe pipe = Pipe.open();
        try (Poller<String> poller = Poller.open();
                Worker child = Worker.start()) {
            var writer = pipe.writer();
            child.run(() -> {
                Held.end = writer;
            });
            poller.add(pipe.reader(), Set.of(IN), "pipe");
            poller.add(child, "child");
            assertThat(poller.await(SHORT)).isEmpty();
            try (PidFd process = PidFd.open(child.pid())) {
                process.send(9);
            }
            List<String> told = new ArrayList<>();
            while (told.size() < 2) {
                for (var ready : poller.await()) {
                    told.add(ready.attachment() + " " + ready.events());
                    poller.remove(ready.member());
                }
            }
            assertThat(told).containsExactlyInAnyOrder("pipe [HUP]", "child [IN]");
        } finally {
            pipe.close();
        }
    }

    /** What a child keeps. */
    private static final class Held {
        static Object end;
    }

    @Test
    void shouldWaitForWhatHasNoDescriptor() throws Exception {
        MessageQueue queue = MessageQueue.create();
        try (Poller<String> poller = Poller.open();
                var pair = Channel.pair("pipe:", Codec.utf8());
                var typed = Channel.open(uri(queue), Codec.utf8())) {
            poller.add(pair.receiver(), "channel");
            poller.add(typed, "sysv");
            assertThat(poller.await(SHORT)).isEmpty();
            Background sending =
                    Background.run(() -> {
                        Thread.sleep(30);
                        typed.send("x");
                    });
            assertThat(names(poller.await())).containsExactly("sysv");
            assertThat(names(poller.await())).containsExactly("sysv");
            sending.join();
            pair.sender().send("1");
            pair.sender().send("2");
            assertThat(typed.receive()).isEqualTo("x");
            // The second one is in the channel's buffer, where no descriptor tells of it.
            for (String each : List.of("1", "2")) {
                assertThat(names(poller.await())).containsExactly("channel");
                assertThat(pair.receiver().receive()).isEqualTo(each);
            }
            assertThat(poller.await(NOW)).isEmpty();
            pair.receiver().close();
            var closed = poller.await();
            assertThat(names(closed)).containsExactly("channel");
            assertThat(closed.getFirst().events()).containsExactly(IN);
            assertThat(poller.remove(pair.receiver())).isTrue();
            assertThat(poller.await(NOW)).isEmpty();
        } finally {
            queue.unlink();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSeeWhatIsAddedAndRemovedWhileItWaits(boolean virtual) throws Exception {
        try (Poller<String> poller = Poller.open();
                EventFd first = EventFd.create();
                EventFd second = EventFd.create();
                Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            poller.add(first, Set.of(IN), "first");
            AtomicReference<List<String>> got = new AtomicReference<>();
            Background waiting = Background.run(virtual, () -> got.set(names(poller.await())));
            waiting.awaitBlocked();
            assertThat(poller.remove(first)).isTrue();
            first.add(1);
            poller.add(second, Set.of(IN), "second");
            poller.add((Waitable) pipe.reader(), "pipe");
            waiting.awaitBlocked();
            assertThat(waiting.thread().isAlive()).isTrue();
            pipe.writer().write(arena.allocate(1));
            waiting.join();
            assertThat(got.get()).containsExactly("pipe");
        }
    }

    @Test
    void shouldReportAMemberThatIsClosedOnceAndRemoveIt() throws Exception {
        try (Poller<String> poller = Poller.open();
                Pipe pipe = Pipe.open();
                EventFd other = EventFd.create();
                Arena arena = Arena.ofConfined()) {
            poller.add(pipe.writer(), Set.of(), "writer");
            poller.add(other, Set.of(IN), "other");
            AtomicReference<List<Poller.Ready<String>>> got = new AtomicReference<>();
            Background waiting = Background.run(() -> got.set(poller.await()));
            waiting.awaitBlocked();
            pipe.writer().close();
            waiting.join();
            assertThat(got.get())
                    .containsExactly(new Poller.Ready<>(pipe.writer(), "writer", Set.of(CLOSED)));
            assertThat(poller.remove(pipe.writer())).isFalse();
            assertThat(poller.await(NOW)).isEmpty();
            // The poller's copy does not keep the pipe open.
            assertThat(pipe.reader().read(arena.allocate(1))).isZero();
            assertThatThrownBy(() -> poller.add(pipe.writer(), Set.of(), "again"))
                    .isInstanceOf(Closed.class);
            assertThatThrownBy(() -> poller.modify(pipe.writer(), Set.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("is no member with a descriptor");
        }
    }

    @Test
    void shouldReturnNothingWhenWokenUp() throws Exception {
        try (Poller<String> poller = Poller.open()) {
            poller.wakeup();
            assertThat(poller.await()).isEmpty();
            AtomicReference<List<Poller.Ready<String>>> got = new AtomicReference<>();
            Background waiting = Background.run(() -> got.set(poller.await()));
            waiting.awaitBlocked();
            assertThat(waiting.thread().isAlive()).isTrue();
            poller.wakeup();
            waiting.join();
            assertThat(got.get()).isEmpty();
        }
    }

    @Test
    void shouldTellEachEventToOneOfSeveralThreads() throws Exception {
        int count = 300;
        try (Poller<Integer> poller = Poller.open()) {
            List<EventFd> counters = new ArrayList<>();
            ConcurrentLinkedQueue<Integer> told = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < count; i++) {
                EventFd counter = EventFd.create();
                counters.add(counter);
                poller.add(counter, Set.of(IN, ONE_SHOT), i);
            }
            List<Background> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiting.add(
                        Background.run(
                                i % 2 == 0,
                                () -> {
                                    while (told.size() < count) {
                                        poller.await(SHORT)
                                                .forEach(ready -> told.add(ready.attachment()));
                                    }
                                }));
            }
            for (EventFd counter : counters) {
                counter.add(1);
            }
            for (Background each : waiting) {
                each.join();
            }
            assertThat(told).doesNotHaveDuplicates().hasSize(count);
            counters.forEach(EventFd::close);
        }
    }

    @Test
    void shouldTellEveryThreadOfWhatStaysReadyWithoutADescriptor() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (Poller<String> poller = Poller.open();
                    Pipe pipe = Pipe.open();
                    Arena arena = Arena.ofConfined()) {
                poller.add((Waitable) pipe.reader(), "pipe");
                List<Background> waiting = new ArrayList<>();
                for (int j = 0; j < 3; j++) {
                    waiting.add(
                            Background.run(
                                    () -> assertThat(names(poller.await())).contains("pipe")));
                }
                for (Background each : waiting) {
                    each.awaitBlocked();
                }
                pipe.writer().write(arena.allocate(1));
                for (Background each : waiting) {
                    each.join();
                }
            }
        }
    }

    @Test
    void shouldBeAMemberItself() throws Exception {
        try (Poller<String> outer = Poller.open();
                Poller<String> inner = Poller.open();
                EventFd counter = EventFd.create()) {
            outer.add(inner, Set.of(IN), "inner");
            inner.add(counter, Set.of(IN), "counter");
            assertThat(outer.await(NOW)).isEmpty();
            counter.add(1);
            assertThat(names(outer.await())).containsExactly("inner");
            assertThat(names(inner.await())).containsExactly("counter");
            inner.close();
            assertThat(outer.await().getFirst().events()).containsExactly(CLOSED);
        }
    }

    @Test
    void shouldRefuseWhatCannotBeAMember(@TempDir Path directory) throws Exception {
        Poller<String> poller = Poller.open();
        try (Fd file = Fd.open(directory);
                EventFd counter = EventFd.create();
                var self = Receiver.open("signal:", Codec.longs());
                var sender = Sender.open(self.address().toString(), Codec.longs())) {
            assertThatThrownBy(() -> poller.add(file, Set.of(IN), ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("is always ready, which no poller can wait for: a file");
            assertThatThrownBy(() -> poller.add(counter, Set.of(CLOSED), ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("CLOSED is told without being asked for");
            assertThatThrownBy(() -> poller.add((Waitable) sender, ""))
                    .isInstanceOf(UnsupportedOperationException.class);
            poller.add(counter, Set.of(IN), "");
            assertThatThrownBy(() -> poller.add(counter, Set.of(OUT), ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("eventfd is a member already: modify it");
            poller.close();
            assertThatThrownBy(() -> poller.add(counter, Set.of(IN), ""))
                    .isInstanceOf(Closed.class);
            assertThatThrownBy(poller::wakeup).isInstanceOf(Closed.class);
            counter.add(1);
            assertThat(counter.take()).isEqualTo(1);
        }
    }

    private static String uri(MessageQueue queue) {
        return "sysvmq:" + queue.key();
    }

    private static List<String> names(List<Poller.Ready<String>> ready) {
        return ready.stream().map(Poller.Ready::attachment).toList();
    }
}
