// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.channel.Address;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.Transport;
import dev.kith.codec.Codec;
import dev.kith.posix.SharedMemory;
import dev.kith.process.Worker;
import dev.kith.ring.Ring;
import dev.kith.ring.SpscRing;
import dev.kith.test.Background;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingTransportTest {
    private final Transport shm = new RingTransport();
    private final Transport mmap = new MappedRingTransport();

    @TempDir Path folder;

    /** The /dev/shm of a container has 64 MiB: room for a thousand. */
    @ParameterizedTest
    @ValueSource(strings = {"spsc", "mpsc", "broadcast"})
    void shouldTakeNoMoreThan64KiBIfNothingElseIsSaid(String flavour) throws Exception {
        Address made = shm.create(shm.fresh(folder).withOption("flavour", flavour));
        Path file = Path.of("/dev/shm", made.path());
        assertThat(Files.size(file)).isBetween(32_768L, 65_536L);
        shm.remove(made);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spsc", "mpsc"})
    void shouldMakeWhatTheOptionsSay(String flavour) throws Exception {
        for (Transport transport : List.of(shm, mmap)) {
            Address asked =
                    transport
                            .fresh(folder)
                            .withOption("flavour", flavour)
                            .withOption("capacity", "1024");
            Address made = transport.create(asked);
            try (Channel<String> channel = Channel.open(made.toString(), Codec.utf8());
                    Channel<String> sure = Channel.open(asked.toString(), Codec.utf8())) {
                Ring ring = channel.unwrap(Ring.class);
                assertThat(ring instanceof SpscRing).isEqualTo(flavour.equals("spsc"));
                assertThat(ring.capacityBytes()).isEqualTo(1024);
                assertThat(transport.maxMessageBytes(made)).isEqualTo(248);
                assertThat(transport.maxMessageBytes(asked)).isEqualTo(248);
                assertThatThrownBy(() -> transport.create(asked)).isInstanceOf(AlreadyExists.class);
                sure.send("one");
                assertThat(channel.receive()).isEqualTo("one");
            } finally {
                transport.remove(made);
            }
            assertThatThrownBy(() -> transport.remove(made)).isInstanceOf(NotFound.class);
            assertThatThrownBy(() -> Channel.open(made.toString(), Codec.utf8()))
                    .isInstanceOf(NotFound.class);
        }
    }

    @Test
    void shouldWaitAsTheOptionSays() throws Exception {
        Address made = shm.create(shm.fresh(folder));
        for (String wait : List.of("spin", "yield", "block", "park")) {
            String uri = made.withOption("wait", wait).toString();
            try (Receiver<Long> in = Receiver.open(uri, Codec.longs());
                    Sender<Long> out = Sender.open(uri, Codec.longs())) {
                Thread sending = Thread.ofPlatform().start(() -> out.trySend(7L));
                assertThat(in.receive()).isEqualTo(7);
                sending.join();
            }
        }
        shm.remove(made);
    }

    @Test
    void shouldRefuseOptionsThatAreNone() {
        refused("flavour=spmc", "flavour=spmc: mpsc, spsc or broadcast");
        refused("capacity=1000", "capacity=1000: a power of two: 512 or 1024");
        refused("capacity=128", "capacity=128");
        refused("wait=sleep", "wait=sleep: spin, yield, block or park");
        refused(
                "flavour=broadcast&policy=drop",
                "policy=drop: block, drop-oldest, drop-newest or latest");
        refused("policy=latest", "policy=latest is for flavour=broadcast alone");
        refused("flavour=spsc&policy=latest", "policy=latest is for flavour=broadcast alone");
    }

    @Test
    void shouldRefuseOptionsThatTheRingDoesNotHave() {
        Address made = shm.create(shm.fresh(folder));
        for (String[] option :
                new String[][] {
                    {"flavour", "spsc", "mpsc"},
                    {"flavour", "broadcast", "mpsc"},
                    {"capacity", "1024", "32768"}
                }) {
            Address other = made.withOption(option[0], option[1]);
            assertThatThrownBy(() -> Channel.open(other.toString(), Codec.utf8()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(option[0] + " of the ring that exists is " + option[2])
                    .hasMessageContaining("kith rm " + made);
        }
        shm.remove(made);
    }

    @Test
    void shouldShowWhatWaits() throws Exception {
        Address made = mmap.create(mmap.fresh(folder));
        try (Sender<String> out = Sender.open(made.toString(), Codec.utf8())) {
            out.send("one");
            out.send("two");
        }
        List<String> waiting =
                mmap.peek(made, 9).stream()
                        .map(Message::value)
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .toList();
        assertThat(waiting).containsExactly("one", "two");
        assertThat(mmap.peek(made, 1)).hasSize(1);
        mmap.remove(made);
    }

    @Test
    void shouldLookAtARingThatIsBeingRead() throws Exception {
        Address made = shm.create(shm.fresh(folder).withOption("capacity", "1024"));
        try (Channel<Long> channel = Channel.open(made.toString(), Codec.longs())) {
            Background passing =
                    Background.run(() -> {
                        for (long i = 0; i < 300_000; i++) {
                            channel.send(i);
                            channel.send(i);
                            channel.receive();
                            channel.receive();
                        }
                    });
            Ring ring = channel.unwrap(Ring.class);
            while (passing.isAlive()) {
                assertThat(shm.peek(made, 9)).hasSizeLessThan(10);
                assertThat(ring.messages()).isBetween(0L, 64L);
                boolean _ = channel.isReady(); // must not say that the ring is damaged
            }
            passing.join();
        } finally {
            shm.remove(made);
        }
    }

    @Test
    void shouldResumeWhereTheReaderStoppedWhenAllProcessesHaveEnded() throws Exception {
        Address made = mmap.create(mmap.fresh(folder));
        String uri = made.toString();
        try (Worker writer = Worker.start()) {
            writer.run(() -> {
                try (Sender<Long> out = Sender.open(uri, Codec.longs())) {
                    for (long i = 0; i < 9; i++) {
                        out.send(i);
                    }
                }
            });
        }
        for (long i = 0; i < 9; i++) {
            try (Receiver<Long> in = Receiver.open(uri, Codec.longs())) {
                assertThat(in.receive()).isEqualTo(i);
            }
        }
        mmap.remove(made);
    }

    @Test
    void shouldResumeWhereAReaderStoppedThatWasKilled() throws Exception {
        for (String flavour : List.of("spsc", "mpsc")) {
            Address made = mmap.create(mmap.fresh(folder).withOption("flavour", flavour));
            String uri = made.toString();
            try (Worker writer = Worker.start()) {
                writer.run(() -> {
                    // Not closed: it is killed as it is.
                    Sender<Long> out = Sender.open(uri, Codec.longs());
                    for (long i = 0; i < 9; i++) {
                        out.send(i);
                    }
                });
                writer.kill();
                writer.join();
            }
            for (long i = 0; i < 9; i += 3) {
                try (Worker reader = Worker.start()) {
                    List<Long> got =
                            reader.run(() -> {
                                Receiver<Long> in = Receiver.open(uri, Codec.longs());
                                return List.of(in.receive(), in.receive(), in.receive());
                            });
                    assertThat(got).containsExactly(i, i + 1, i + 2);
                    reader.kill();
                    reader.join();
                }
            }
            assertThat(mmap.peek(made, 9)).isEmpty();
            mmap.remove(made);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spsc", "mpsc"})
    void shouldTellWhoSendsOnAPairThatTheChildWasKilled(String flavour) throws Exception {
        String uri = "shm:?capacity=1024&flavour=" + flavour;
        try (ChannelPair<Long> pair = Channel.pair(uri, Codec.longs());
                Worker child = Worker.start()) {
            Channel<Long> theirs = pair.second();
            pair.first().send(1L);
            assertThat(child.run(() -> theirs.receive() + theirs.unwrap(Ring.class).messages()))
                    .isEqualTo(1);
            assertThatThrownBy(() -> theirs.send(2L)).isInstanceOf(Closed.class);
            child.kill();
            child.join();
            assertThatThrownBy(
                            () -> {
                                for (long i = 0; i < 1000; i++) {
                                    pair.first().send(i);
                                }
                            })
                    .isInstanceOf(PeerDied.class);
        }
    }

    @Test
    void shouldRefusePairsThatAreNone() {
        assertThatThrownBy(() -> Channel.pair("shm:/name", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a pair has no name");
        assertThatThrownBy(() -> Channel.pair("shm:?flavour=broadcast", Codec.longs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a pair has one receiver each way");
        assertThatThrownBy(() -> Channel.pair("mmap:", Codec.longs()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("mmap: does not pair");
    }

    @Test
    void shouldTravelToAChild() throws Exception {
        Address made = shm.create(shm.fresh(folder));
        try (Worker child = Worker.start();
                Sender<Long> out = Sender.open(made.toString(), Codec.longs());
                Receiver<Long> in = Receiver.open(made.toString(), Codec.longs())) {
            child.run(() -> out.send(42L));
            assertThat(in.receive()).isEqualTo(42);
        }
        shm.remove(made);
    }

    @Test
    void shouldHaveOneReceiverAtATime() throws Exception {
        Address made = shm.create(shm.fresh(folder));
        try (Receiver<Long> in = Receiver.open(made.toString(), Codec.longs());
                Receiver<Long> other = Receiver.open(made.toString(), Codec.longs())) {
            assertThat(in.tryReceive()).isEmpty();
            assertThatThrownBy(other::tryReceive)
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("a second consumer");
        }
        shm.remove(made);
    }

    @Test
    void shouldRemoveOtherSharedMemoryToo() {
        Address address = shm.fresh(folder);
        SharedMemory.create(address.path(), 4096).close();
        assertThatThrownBy(() -> Channel.open(address.toString(), Codec.utf8()))
                .isInstanceOf(Broken.class);
        shm.remove(address);
        assertThatThrownBy(() -> SharedMemory.open(address.path())).isInstanceOf(NotFound.class);
    }

    @Test
    void shouldRemoveNoFileThatIsNoRing() throws Exception {
        Path file = Files.write(folder.resolve("mine"), new byte[8192]);
        assertThatThrownBy(() -> mmap.remove(Address.parse("mmap:" + file)))
                .isInstanceOf(Broken.class);
        assertThat(file).exists();
        assertThatThrownBy(() -> mmap.remove(Address.parse("mmap:")))
                .hasMessageContaining("a path is missing");
        assertThatThrownBy(() -> shm.remove(Address.parse("shm:")))
                .hasMessageContaining("a name is missing");
        assertThatThrownBy(() -> shm.create(Address.parse("shm:a/b")))
                .isInstanceOf(IllegalArgumentException.class);
        Files.delete(file);
    }

    private void refused(String option, String sentence) {
        for (String name : List.of("shm:/kith-no-ring", "mmap:" + folder.resolve("no"))) {
            assertThatThrownBy(() -> Channel.open(name + "?" + option, Codec.utf8()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(sentence);
        }
    }
}
