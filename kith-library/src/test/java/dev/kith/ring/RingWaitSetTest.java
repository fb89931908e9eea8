// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.Waitable;
import dev.kith.channel.WaitSet;
import dev.kith.linux.SocketType;
import dev.kith.linux.TimerFd;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import dev.kith.test.LeavesNothingBehind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@LeavesNothingBehind
class RingWaitSetTest {
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration INSTANT = Duration.ofMillis(1);
    private static final int WAITS = 1_000;

    @Test
    void shouldWaitForARingASocketAndATimerAtOnce() throws Exception {
        try (MpscRing ring = ring();
                RingConsumer in = ring.consumer();
                RingProducer out = ring.producer();
                UnixSocketPair pair = UnixSocket.pair(SocketType.STREAM);
                TimerFd timer = TimerFd.create()) {
            WaitSet all = new WaitSet(in, pair.first(), timer);
            assertThat(all.await(SHORT)).isEmpty();

            CompletableFuture<List<Waitable>> ready = waiting(all);
            out.put(message());
            assertThat(ready.get()).containsExactly(in);
            Rings.drained(in);

            ready = waiting(all);
            pair.second().write(message());
            assertThat(ready.get()).containsExactly(pair.first());
            pair.first().read(message());

            ready = waiting(all);
            timer.schedule(SHORT);
            assertThat(ready.get()).containsExactly(timer);

            timer.await();
            out.put(message());
            pair.second().write(message());
            assertThat(all.await()).containsExactly(in, pair.first());
        }
    }

    @Test
    void shouldWakeWhenAnotherProcessPublishes() throws Exception {
        try (MpscRing ring = ring("publishes");
                RingConsumer in = ring.consumer();
                ChildJvm child = ChildJvm.start(WaitSetPeer.class, ring.name(), "publish")) {
            assertThat(child.line()).isEqualTo("ready");
            ring.unlink();
            for (long i = 0; i < 20; i++) {
                CompletableFuture<List<Waitable>> ready = waiting(new WaitSet(in));
                child.write(1);
                assertThat(ready.get()).containsExactly(in);
                assertThat(Rings.drained(in)).containsExactly(i);
            }
        }
    }

    /**
     * What was published behind the claim of a living producer becomes visible when it dies, also
     * when it was the first of all.
     */
    @Test
    void shouldWakeWhenAnotherProcessDiesThatWasInTheWay() throws Exception {
        try (MpscRing ring = ring("dies");
                RingConsumer in = ring.consumer();
                RingProducer out = ring.producer();
                ChildJvm child = ChildJvm.start(WaitSetPeer.class, ring.name(), "claim")) {
            assertThat(child.line()).isEqualTo("ready");
            ring.unlink();
            out.put(message());
            WaitSet all = new WaitSet(in);
            assertThat(all.await(SHORT)).as("it may still publish").isEmpty();
            CompletableFuture<List<Waitable>> ready = waiting(all);
            child.kill();
            assertThat(ready.get()).containsExactly(in);
            in.await(); // skips what is left
            assertThat(Rings.drained(in)).hasSize(1);
            assertThat(in.lostClaims()).isEqualTo(1);
        }
    }

    @Test
    void shouldWakeWhenItsEndIsClosed() throws Exception {
        try (MpscRing ring = ring();
                RingConsumer in = ring.consumer()) {
            CompletableFuture<List<Waitable>> ready = waiting(new WaitSet(in));
            in.close();
            assertThat(ready.get()).containsExactly(in);
        }
    }

    @Test
    void shouldLeaveNoThreadsAndNoDescriptorsBehindAfterManyWaits() throws Exception {
        try (MpscRing ring = ring();
                RingConsumer in = ring.consumer();
                RingProducer out = ring.producer();
                Broadcast broadcast = Broadcast.create(Rings.freshName(), 1024);
                Subscriber subscriber = broadcast.subscribe(Policy.DROP_OLDEST);
                UnixSocketPair pair = UnixSocket.pair(SocketType.STREAM)) {
            broadcast.unlink();
            WaitSet all = new WaitSet(in, subscriber, pair.first());
            for (int i = 0; i < 10; i++) {
                assertThat(all.await(INSTANT)).isEmpty();
            }
            Set<String> threads = threads();
            long descriptors = descriptors();
            for (int i = 0; i < WAITS; i++) {
                if (i % 2 == 0) {
                    assertThat(all.await(INSTANT)).isEmpty();
                } else {
                    CompletableFuture<List<Waitable>> ready = i % 50 == 1 ? waiting(all) : null;
                    out.put(message());
                    assertThat(ready == null ? all.await() : ready.get()).containsExactly(in);
                    Rings.drained(in);
                }
            }
            // One that sleeps has room for 127 places: were they kept, there would be several.
            assertThat(threads()).isSubsetOf(threads);
            // Not the same: the collector closes what other tests have left.
            assertThat(descriptors()).isLessThan(descriptors + WAITS / 10);
        }
    }

    private static MpscRing ring() {
        MpscRing ring = ring("own");
        ring.unlink();
        return ring;
    }

    private static MpscRing ring(String what) {
        return MpscRing.create(Rings.freshName() + what, 1024);
    }

    private static CompletableFuture<List<Waitable>> waiting(WaitSet all) throws Exception {
        CompletableFuture<List<Waitable>> ready = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        ready.complete(all.await());
                    } catch (Throwable thrown) {
                        ready.completeExceptionally(thrown);
                    }
                });
        Thread.sleep(SHORT);
        return ready;
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kith-"))
                .collect(Collectors.toSet());
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static MemorySegment message() {
        return Arena.ofAuto().allocate(8);
    }
}
