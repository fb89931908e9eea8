// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.Inventory;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Transport;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import dev.kith.process.Worker;
import dev.kith.ring.Broadcast;
import dev.kith.ring.Policy;
import dev.kith.ring.Ring;
import dev.kith.ring.RingStatus;
import dev.kith.ring.Subscription;
import dev.kith.test.Background;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Broadcasts as channels; what they have in common with other mechanisms is in the contract. */
@Timeout(60)
class BroadcastChannelTest {
    /** More than the ring holds. */
    private static final long MANY = 1000;

    private final Transport shm = new RingTransport();
    private Address made;

    @TempDir Path folder;

    @BeforeEach
    void create() {
        made = shm.create(shm.broadcast(shm.fresh(folder)).withOption("capacity", "1024"));
    }

    @AfterEach
    void remove() {
        shm.remove(made);
    }

    @Test
    void shouldMakeAndRemoveWhatTheOptionsSayInAFileToo() throws Exception {
        Transport mmap = new MappedRingTransport();
        Address file = mmap.create(mmap.broadcast(mmap.fresh(folder)));
        try (Channel<Long> channel = Channel.open(file.toString(), Codec.longs())) {
            assertThat(channel.unwrap(Broadcast.class).capacityBytes()).isEqualTo(32768);
            assertThat(mmap.maxMessageBytes(file)).isEqualTo(8184);
            channel.send(7L);
            assertThat(channel.receive()).isEqualTo(7);
        }
        mmap.remove(file);
        assertThatThrownBy(() -> mmap.remove(file)).isInstanceOf(NotFound.class);
    }

    @Test
    void shouldRefuseFlavoursThatItIsNot() {
        for (String flavour : List.of("mpsc", "spsc")) {
            assertThatThrownBy(() ->
                            Sender.open(
                                    made.withOption("flavour", flavour).toString(), Codec.longs()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("flavour of the ring that exists is broadcast");
        }
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void shouldTreatASlowReceiverAsItsPolicySays(Policy policy) throws Exception {
        try (Receiver<Long> slow = open(policy);
                Sender<Long> out = Sender.open(made.toString(), Codec.longs())) {
            Broadcast broadcast = slow.unwrap(Broadcast.class);
            long sent = 0;
            while (sent < MANY
                    && out.trySend(sent, Duration.ofMillis(policy == Policy.BLOCK ? 20 : 9000))) {
                sent++;
            }
            List<Long> got = new ArrayList<>();
            slow.tryReceive().ifPresent(got::add);
            for (var next = slow.tryReceive(); next.isPresent(); next = slow.tryReceive()) {
                got.add(next.get());
            }
            Subscription seen = broadcast.subscriptions().getFirst();
            assertThat(seen.policy()).isEqualTo(policy);
            assertThat(seen.taken()).isEqualTo(got.size());
            assertThat(seen.lost()).isEqualTo(sent - got.size());
            assertThat(seen.behind()).isZero();
            assertThat(sent == MANY).isEqualTo(policy != Policy.BLOCK);
            switch (policy) {
                case BLOCK -> assertThat(got).isEqualTo(LongStream.range(0, sent).boxed().toList());
                case LATEST -> assertThat(got).containsExactly(MANY - 1);
                case DROP_OLDEST, DROP_NEWEST ->
                        assertThat(got)
                                .isSorted()
                                .hasSizeBetween(2, (int) MANY - 1)
                                .endsWith(MANY - 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void shouldSeeTheEndHoweverSlow(Policy policy) throws Exception {
        try (Receiver<Long> slow = open(policy);
                Sender<Long> out = Sender.open(made.toString(), Codec.longs())) {
            WaitSet set = new WaitSet(slow);
            Background sending =
                    Background.run(() -> {
                        for (long i = 0; i < MANY; i++) {
                            out.send(i);
                        }
                        out.end();
                    });
            if (policy != Policy.BLOCK) {
                sending.join();
            }
            List<Long> got = new ArrayList<>();
            while (!slow.isEnded()) {
                List<Waitable> ready = set.await();
                assertThat(ready).containsExactly(slow);
                try {
                    got.add(slow.receive());
                } catch (Closed end) {
                    assertThat(slow.isEnded()).isTrue();
                }
            }
            sending.join();
            assertThat(got).isSorted().hasSizeLessThan((int) MANY + 1);
        }
    }

    @Test
    void shouldSeeTheEndThatHadNoRoomAmongWhatItKeeps() throws Exception {
        // Whose handler is slow takes what comes into memory of its own, until that is full.
        try (Receiver<Long> slow = open(Policy.DROP_NEWEST);
                Sender<Long> out = Sender.open(made.toString(), Codec.longs())) {
            for (long i = 0; i < MANY; i++) {
                out.send(i);
                if (i % 10 == 9) {
                    assertThat(slow.tryReceive()).isPresent();
                }
            }
            out.end();
            assertThat(slow.receive()).isNotNull();
            assertThat(slow.unwrap(Broadcast.class).subscriptions().getFirst().lost()).isPositive();
            WaitSet set = new WaitSet(slow);
            long last = -1;
            while (!slow.isEnded()) {
                assertThat(set.await()).containsExactly(slow);
                try {
                    long next = slow.receive();
                    assertThat(next).isGreaterThan(last);
                    last = next;
                } catch (Closed end) {
                    assertThat(end).hasMessageContaining("ended");
                }
            }
            assertThat(slow.unwrap(Broadcast.class).subscriptions()).hasSize(1);
        }
    }

    @Test
    void shouldTakeNoSubscriptionToSend() throws Exception {
        try (Sender<Long> out = Sender.open(made.toString(), Codec.longs())) {
            for (long i = 0; i < MANY; i++) {
                out.send(i);
            }
            assertThat(out.unwrap(Broadcast.class).subscriptions()).isEmpty();
            try (Channel<Long> both = Channel.open(made.toString(), Codec.longs())) {
                assertThat(out.unwrap(Broadcast.class).subscriptions()).hasSize(1);
                both.send(MANY);
                assertThat(both.receive()).isEqualTo(MANY);
            }
            assertThat(out.unwrap(Broadcast.class).subscriptions()).isEmpty();
        }
    }

    @Test
    void shouldPeekAtWhatIsStillThereOldestFirst() throws Exception {
        assertThat(shm.peek(made, 9)).isEmpty();
        try (Sender<Long> out = Sender.open(made.toString(), Codec.longs())) {
            for (long i = 0; i < 5; i++) {
                out.send(i);
            }
            assertThat(peeked(9)).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(peeked(2)).containsExactly(0L, 1L);
            for (long i = 5; i < MANY; i++) {
                out.send(i);
            }
            List<Long> left = peeked(Integer.MAX_VALUE);
            assertThat(left).isSorted().hasSizeLessThan((int) MANY).endsWith(MANY - 1);
            Broadcast broadcast = out.unwrap(Broadcast.class);
            assertThat(broadcast.messages()).isEqualTo(left.size());
            assertThat(broadcast.subscriptions()).isEmpty();
        }
    }

    @Test
    void shouldPeekWhileProducersOverwrite() throws Exception {
        try (Sender<Long> out = Sender.open(made.toString(), Codec.longs());
                Broadcast broadcast = Broadcast.open(made.path())) {
            Background sending =
                    Background.run(() -> {
                        for (long i = 0; i < 300_000; i++) {
                            out.send(i);
                        }
                    });
            while (sending.isAlive()) {
                List<Long> seen = peeked(Integer.MAX_VALUE);
                assertThat(seen).isSorted().doesNotHaveDuplicates();
                assertThat(broadcast.messages()).isBetween(0L, 1024L);
            }
            sending.join();
        }
    }

    @Test
    void shouldCountAReceiverInAChildAndForgetItWhenItIsKilled() throws Exception {
        String uri = shm.broadcast(made).withOption("policy", "drop-oldest").toString();
        try (Worker child = Worker.start();
                Sender<Long> out = Sender.open(made.toString(), Codec.longs())) {
            Broadcast broadcast = out.unwrap(Broadcast.class);
            child.run(() -> {
                // Not closed: it is there until the child is killed.
                Receiver<Long> in = Receiver.open(uri, Codec.longs());
                KEPT.add(in);
            });
            for (long i = 0; i < MANY; i++) {
                out.send(i);
            }
            Subscription seen = broadcast.subscriptions().getFirst();
            assertThat(seen.peer().pid()).isEqualTo(child.pid());
            assertThat(seen.policy()).isEqualTo(Policy.DROP_OLDEST);
            assertThat(seen.behind()).isEqualTo(MANY);
            assertThat(child.run(() -> KEPT.getFirst().receive())).isPositive();
            assertThat(broadcast.subscriptions().getFirst().lost()).isPositive();
            child.kill();
            child.join();
            assertThat(broadcast.subscriptions().getFirst().peer().isAlive()).isFalse();
            out.send(MANY);
        }
    }

    @Test
    void shouldShowDepthAndSubscribersInAListing() throws Exception {
        Inventory inventory = new PosixInventory();
        String uri = made.toString();
        try (Sender<Long> out = Sender.open(uri, Codec.longs())) {
            out.send(1L);
            assertThat(inventory.info(uri).orElseThrow().depth()).isZero();
            try (Receiver<Long> fast = open(Policy.BLOCK);
                    Receiver<Long> slow = open(Policy.DROP_OLDEST)) {
                for (long i = 0; i < 9; i++) {
                    out.send(i);
                    assertThat(fast.receive()).isEqualTo(i);
                }
                assertThat(slow.receive()).isZero();
                IpcObject seen = inventory.info(uri).orElseThrow();
                String me = "process " + ProcessHandle.current().pid();
                assertThat(seen.depth()).isEqualTo(8);
                assertThat(seen.details())
                        .containsEntry("made by Kith", "broadcast")
                        .containsEntry("messages kept", "10")
                        .containsEntry("claims lost", "0")
                        .containsEntry(
                                "subscriber 1", me + ": policy=block, taken=9, lost=0, behind=0")
                        .containsEntry(
                                "subscriber 2",
                                me + ": policy=drop-oldest, taken=1, lost=0, behind=8");
                while (out.trySend(1L, Duration.ofMillis(20))) {}
                long kept = out.unwrap(Broadcast.class).messages();
                assertThat(inventory.info(uri).orElseThrow().depth()).isEqualTo(kept);
            }
        }
    }

    @Test
    void shouldShowHowManyWaitInARing() throws Exception {
        Inventory inventory = new PosixInventory();
        for (String flavour : List.of("mpsc", "spsc")) {
            Address ring = shm.create(shm.fresh(folder).withOption("flavour", flavour));
            String uri = ring.toString();
            try (Channel<Long> channel = Channel.open(uri, Codec.longs())) {
                for (long i = 1; i <= 9; i++) {
                    channel.send(i);
                    assertThat(inventory.info(uri).orElseThrow().depth()).isEqualTo(i);
                }
                for (long i = 1; i <= 9; i++) {
                    channel.receive();
                    assertThat(inventory.info(uri).orElseThrow().depth()).isEqualTo(9 - i);
                }
                assertThat(channel.unwrap(Ring.class).messages()).isZero();
            }
            shm.remove(ring);
        }
    }

    @Test
    void shouldSeeNoRingWhereThereIsNone() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[9000]);
        assertThat(RingStatus.of(file)).isEmpty();
        assertThat(RingStatus.of(folder)).isEmpty();
        assertThat(RingStatus.of(folder.resolve("none"))).isEmpty();
    }

    /** What a child keeps from one task to the next. */
    private static final List<Receiver<Long>> KEPT = new ArrayList<>();

    private Receiver<Long> open(Policy policy) {
        String text = RingOptions.text(policy);
        return Receiver.open(
                shm.broadcast(made).withOption("policy", text).toString(), Codec.longs());
    }

    private List<Long> peeked(int limit) {
        return shm.peek(made, limit).stream()
                .map(message ->
                        ByteBuffer.wrap(message.value()).order(ByteOrder.nativeOrder()).getLong())
                .toList();
    }
}
