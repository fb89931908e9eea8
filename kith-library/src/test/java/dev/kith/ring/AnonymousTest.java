// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Handover;
import dev.kith.PeerDied;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.codec.Codec;
import dev.kith.linux.MemFd;
import dev.kith.process.Worker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rings and broadcasts in a memfd. */
@Timeout(60)
class AnonymousTest {
    private static final int COUNT = 5000;

    static List<LongFunction<Ring>> rings() {
        return List.of(SpscRing::anonymous, MpscRing::anonymous);
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldCarryMessagesToAChildAndBack(LongFunction<Ring> anonymous) throws Exception {
        try (Ring there = anonymous.apply(1024);
                Ring back = anonymous.apply(1024);
                Worker child = Worker.start(() -> echo(there, back));
                RingProducer out = there.producer();
                RingConsumer in = back.consumer()) {
            for (long i = 0; i < COUNT; i++) {
                out.put(i, Codec.longs());
                in.await();
                assertThat(Rings.drained(in)).containsExactly(i + 1);
            }
            child.join();
        }
        assertThat(descriptors()).isEmpty();
    }

    @Test
    void shouldGiveEveryMessageToTwoChildren() throws Exception {
        try (Broadcast broadcast = Broadcast.anonymous(1024);
                Worker first = Worker.start();
                Worker second = Worker.start()) {
            Broadcast back = Broadcast.anonymous(1024);
            try (back;
                    Subscriber sums = back.subscribe(Policy.BLOCK)) {
                first.run(() -> Thread.ofPlatform().start(() -> sum(broadcast, back)).getName());
                second.run(() -> Thread.ofPlatform().start(() -> sum(broadcast, back)).getName());
                while (broadcast.subscriptions().size() < 2) {
                    Thread.sleep(1);
                }
                try (RingProducer out = broadcast.producer()) {
                    for (long i = 0; i < COUNT; i++) {
                        out.put(i, Codec.longs());
                    }
                }
                long[] got = new long[2];
                for (int taken = 0; taken < 2; ) {
                    sums.await();
                    int at = taken;
                    taken +=
                            sums.drain(
                                    (memory, from, length) ->
                                            got[at] = memory.get(ValueLayout.JAVA_LONG, from),
                                    1);
                }
                assertThat(got).containsOnly(COUNT * (COUNT - 1L) / 2);
            }
        }
        assertThat(descriptors()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldTravelThroughAUnixSocket(LongFunction<Ring> anonymous) throws Exception {
        try (ChannelPair<Object> pair = Channel.pair("socketpair:", Codec.objects());
                Worker child = Worker.start();
                Ring ring = anonymous.apply(1024)) {
            Channel<Object> theirs = pair.second();
            pair.first().send(ring);
            child.run(() -> {
                try (Ring arrived = (Ring) theirs.receive();
                        RingProducer out = arrived.producer()) {
                    out.put(7L, Codec.longs());
                }
            });
            try (RingConsumer in = ring.consumer()) {
                assertThat(Rings.drained(in)).containsExactly(7L);
            }
        }
    }

    @Test
    void shouldNotTravelWhereNoDescriptorCan() throws Exception {
        try (Ring ring = MpscRing.anonymous(1024);
                Broadcast broadcast = Broadcast.anonymous(1024);
                ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            for (Object each : List.of(ring, broadcast)) {
                assertThatThrownBy(() -> out.writeObject(each))
                        .isInstanceOf(NotSerializableException.class)
                        .hasMessageContaining("travels only as a descriptor")
                        .hasMessageContaining("Worker.start");
            }
        }
    }

    @Test
    void shouldHaveNoNameToUnlink() {
        try (Ring ring = SpscRing.anonymous(1024);
                Broadcast broadcast = Broadcast.anonymous(1024)) {
            assertThat(ring.name()).isEmpty();
            assertThat(broadcast.name()).isEmpty();
            assertThatThrownBy(ring::unlink)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("does not unlink");
            assertThatThrownBy(broadcast::unlink).isInstanceOf(UnsupportedOperationException.class);
        }
        assertThatThrownBy(() -> SpscRing.anonymous(1000))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotBeCutByAnybody() throws Exception {
        try (Ring ring = SpscRing.anonymous(1024);
                FileChannel file =
                        FileChannel.open(descriptors().getFirst(), StandardOpenOption.WRITE)) {
            assertThat(ring.messages()).isZero();
            assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IOException.class);
            assertThat(file.size()).isPositive();
        }
    }

    @Test
    void shouldSkipWhatAChildHadClaimedWhenItWasKilled() throws Exception {
        try (Ring ring = MpscRing.anonymous(1024);
                RingConsumer in = ring.consumer();
                Worker child = Worker.start()) {
            child.run(() -> {
                // Neither published nor closed.
                ring.producer().claim(100).segment().fill((byte) 1);
            });
            try (RingProducer out = ring.producer()) {
                out.put(7L, Codec.longs());
                assertThat(in.await(Duration.ofMillis(20))).isFalse();
                child.kill();
                in.await();
                assertThat(Rings.drained(in)).containsExactly(7L);
                assertThat(in.lostClaims()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rings")
    void shouldSayThatTheConsumerOfAFullRingDied(LongFunction<Ring> anonymous) throws Exception {
        try (Ring ring = anonymous.apply(1024);
                RingProducer out = ring.producer();
                Worker child = Worker.start()) {
            child.run(() -> {
                ring.consumer();
            });
            while (out.offer(1L, Codec.longs(), Duration.ofMillis(20))) {}
            child.kill();
            assertThatThrownBy(() -> out.put(1L, Codec.longs())).isInstanceOf(PeerDied.class);
        }
    }

    @Test
    void shouldRefuseMemoryThatCouldBeCut() throws Exception {
        try (Ring ring = MpscRing.anonymous(1024)) {
            byte[] image = Files.readAllBytes(descriptors().getFirst());
            byte[] written = write(ring);
            try (MemFd copy = MemFd.create("copy", image.length)) {
                MemorySegment.copy(MemorySegment.ofArray(image), 0, copy.map(), 0, image.length);
                Handover reading = Handover.forReading(List.of(copy.fd()));
                assertThatThrownBy(() -> read(written, reading))
                        .isInstanceOf(Broken.class)
                        .hasMessageContaining("seals: expected=[SHRINK, GROW], found=[]");
                assertThat(reading.descriptors()).containsExactly(copy.fd());
            }
        }
        try (Broadcast broadcast = Broadcast.anonymous(1024);
                Ring ring = MpscRing.anonymous(1024);
                MemFd empty = MemFd.create("empty", 1)) {
            byte[] written = write(broadcast);
            Handover nothing = Handover.forReading(List.of(empty.fd()));
            assertThatThrownBy(() -> read(written, nothing)).isInstanceOf(Broken.class);
            assertThat(ring.capacityBytes()).isEqualTo(1024);
        }
        assertThat(descriptors()).isEmpty();
    }

    @Test
    void shouldSayThatItTakesNativeAccess() throws Exception {
        try (ChildJvm bare = ChildJvm.bare(BareAnonymous.class)) {
            for (String name : List.of("kith-ring", "kith-ring", "kith-broadcast")) {
                assertThat(bare.line())
                        .isEqualTo(
                                name
                                        + ": memory without a name takes native access; start java"
                                        + " with --enable-native-access=ALL-UNNAMED");
            }
            assertThat(bare.waitFor()).isZero();
        }
    }

    private static byte[] write(Object handle) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Handover.forWriting()
                .during(() -> {
                    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                        out.writeObject(handle);
                    }
                    return null;
                });
        return bytes.toByteArray();
    }

    private static Object read(byte[] written, Handover handover) throws Exception {
        return handover.during(() -> {
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(written))) {
                return in.readObject();
            }
        });
    }

    private static void echo(Ring there, Ring back) throws InterruptedException {
        try (RingConsumer in = there.consumer();
                RingProducer out = back.producer()) {
            for (int i = 0; i < COUNT; i++) {
                in.await();
                out.put(Rings.drained(in).getFirst() + 1, Codec.longs());
            }
        }
    }

    private static void sum(Broadcast numbers, Broadcast sums) {
        try (Subscriber in = numbers.subscribe(Policy.BLOCK);
                RingProducer out = sums.producer()) {
            long[] sum = new long[1];
            while (in.taken() < COUNT) {
                in.await();
                in.drain(
                        (memory, at, length) -> sum[0] += memory.get(ValueLayout.JAVA_LONG, at),
                        100);
            }
            out.put(sum[0], Codec.longs());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The descriptors of this process that stand for memory of rings. */
    private static List<Path> descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(AnonymousTest::isRing).toList();
        }
    }

    private static boolean isRing(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("/memfd:kith-");
        } catch (IOException gone) {
            return false;
        }
    }
}
