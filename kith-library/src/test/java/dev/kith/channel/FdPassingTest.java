// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.codec.Codec;
import dev.kith.linux.Fd;
import dev.kith.linux.UnixSocket;
import dev.kith.posix.Pipe;
import dev.kith.posix.PipeReader;
import dev.kith.test.Trial;
import java.io.ObjectInputFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Handles without a name in the messages of every mechanism that passes descriptors. */
@Timeout(60)
class FdPassingTest {
    private static final ValueLayout.OfInt BIG_ENDIAN =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @TempDir private Path temp;

    static List<Transport> passing() {
        return Transports.all().stream()
                .filter(each -> each.traits().contains(Trait.PASSES_FDS))
                .toList();
    }

    static List<Transport> named() {
        return passing().stream().filter(each -> each.traits().contains(Trait.NAMED)).toList();
    }

    static List<Transport> others() {
        return Transports.all().stream()
                .filter(each -> !each.traits().contains(Trait.PASSES_FDS))
                .filter(each -> !each.traits().contains(Trait.FIXED_8))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldCarryHandlesInsideValuesAndCloseTheSendersCopies(Transport transport)
            throws Exception {
        try (Trial<Object> trial = Trial.of(transport, Codec.objects());
                Pipe pipe = Pipe.open();
                Pipe second = Pipe.open()) {
            trial.sender.send("before");
            trial.sender.send(List.of(1, Map.of("end", pipe.reader()), second.reader().keep()));
            trial.sender.send("after");

            assertThat(trial.receiver.receive()).isEqualTo("before");
            List<?> got = (List<?>) trial.receiver.receive();
            assertThat(trial.receiver.receive()).isEqualTo("after");
            try (PipeReader reader = (PipeReader) ((Map<?, ?>) got.get(1)).get("end");
                    PipeReader other = (PipeReader) got.get(2)) {
                assertThat(got.getFirst()).isEqualTo(1);
                pipe.writer().write(bytes(7));
                assertThat(read(reader)).isEqualTo(7);
                second.writer().write(bytes(8));
                assertThat(read(other)).isEqualTo(8);
                second.writer().write(bytes(9));
                assertThat(read(second.reader())).isEqualTo(9);
                assertThatThrownBy(() -> read(pipe.reader())).isInstanceOf(Closed.class);
                pipe.writer().close();
                assertThat(reader.read(bytes(0))).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldMakeTwoHandlesOfOneThatIsInAValueTwice(Transport transport) throws Exception {
        long before = descriptors();
        // Too long for the first room that is tried: it is written twice.
        String text = "x".repeat(20_000);
        try (Trial<Object> trial = Trial.of(transport, Codec.objects());
                Pipe pipe = Pipe.open()) {
            PipeReader reader = pipe.reader();
            trial.sender.send(List.of(reader, text, reader));
            List<?> got = (List<?>) trial.receiver.receive();
            try (PipeReader first = (PipeReader) got.get(0);
                    PipeReader second = (PipeReader) got.get(2)) {
                pipe.writer().write(bytes(7));
                assertThat(read(second)).isEqualTo(7);
                second.close();
                pipe.writer().write(bytes(8));
                assertThat(read(first)).isEqualTo(8);
            }
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldLeakNoDescriptorWhoeverReceivesTheMessage(Transport transport) throws Exception {
        try (Trial<Object> trial = Trial.of(transport, Codec.objects())) {
            exchange(trial, 3);
            long before = descriptors();
            exchange(trial, 50);
            assertThat(descriptors()).isEqualTo(before);
        }
        long before = descriptors();
        try (Trial<Object> trial = Trial.of(transport, Codec.objects());
                Pipe pipe = Pipe.open()) {
            // The first is read ahead with the second, which nobody receives.
            trial.sender.send("first");
            trial.sender.send(pipe.reader());
            assertThat(trial.receiver.receive()).isEqualTo("first");
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldRefuseMoreDescriptorsThanOneMessageCanCarry(Transport transport) throws Exception {
        try (Trial<Object> trial = Trial.of(transport, Codec.objects())) {
            List<PipeReader> many = new ArrayList<>();
            try {
                for (int i = 0; i < 254; i++) {
                    Pipe pipe = Pipe.open();
                    pipe.writer().close();
                    many.add(pipe.reader());
                }
                assertThatThrownBy(() -> trial.sender.send(many))
                        .hasMessageContaining("254")
                        .hasMessageContaining("253");
                trial.sender.send("goes on");
                assertThat(trial.receiver.receive()).isEqualTo("goes on");
            } finally {
                many.forEach(PipeReader::close);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldSayThatAHandleIsClosedAndSendNothing(Transport transport) throws Exception {
        try (Trial<Object> trial = Trial.of(transport, Codec.objects());
                Pipe pipe = Pipe.open()) {
            pipe.reader().close();
            assertThatThrownBy(() -> trial.sender.send(pipe.reader()))
                    .hasMessageContaining("closed");
            trial.sender.send("goes on");
            assertThat(trial.receiver.receive()).isEqualTo("goes on");
        }
    }

    @ParameterizedTest
    @MethodSource("others")
    void shouldSayWhereHandlesTravelInstead(Transport transport) throws Exception {
        try (Trial<Object> trial = Trial.of(transport, Codec.objects());
                Pipe pipe = Pipe.open()) {
            assertThatThrownBy(() -> trial.sender.send(pipe.reader()))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("has no name")
                    .hasMessageContaining("Unix socket");
        }
    }

    @ParameterizedTest
    @MethodSource("named")
    void shouldGiveAnotherProcessAnOpenFile(Transport transport) throws Exception {
        Path file = Files.writeString(temp.resolve("text"), "first line\nsecond line\n");
        Address fresh = transport.fresh(temp);
        boolean connects = transport.traits().contains(Trait.CONNECTS);
        if (connects) {
            try (Listener<Object> listener = Listener.open(fresh.toString(), Codec.objects());
                    ChildJvm child =
                            ChildJvm.start(FdPassingPeer.class, fresh.toString(), file.toString());
                    Channel<Object> channel = listener.accept()) {
                readOn(channel, child);
            }
        } else {
            boolean binds = transport.traits().contains(Trait.BINDS);
            Address address = binds ? fresh : transport.create(fresh);
            try (Receiver<Object> receiver = Receiver.open(address.toString(), Codec.objects());
                    ChildJvm child =
                            ChildJvm.start(
                                    FdPassingPeer.class, address.toString(), file.toString())) {
                readOn(receiver, child);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("passing")
    void shouldKeepNoHandleOfAValueThatIsRefused(Transport transport) throws Exception {
        AtomicBoolean refusing = new AtomicBoolean();
        Codec<Object> picky =
                Codec.objects(asked ->
                        asked.serialClass() == Refused.class && refusing.get()
                                ? ObjectInputFilter.Status.REJECTED
                                : ObjectInputFilter.Status.UNDECIDED);
        long before = descriptors();
        try (Trial<Object> trial = Trial.of(transport, picky);
                Pipe pipe = Pipe.open()) {
            trial.sender.send(List.of(pipe.reader(), pipe.writer(), new Refused(1)));
            long sent = descriptors();
            refusing.set(true);
            assertThatThrownBy(trial.receiver::receive)
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("Refused");
            assertThat(descriptors()).isEqualTo(sent);
            refusing.set(false);
            trial.sender.send("next");
            assertThat(trial.receiver.receive()).isEqualTo("next");
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    /** A value that a receiver may refuse. */
    record Refused(int number) {}

    @Test
    void shouldBreakOffWhereAnnouncedDescriptorsDoNotArrive() throws Exception {
        String uri = "unix:" + temp.resolve("socket");
        try (Listener<Object> listener = Listener.open(uri, Codec.objects());
                UnixSocket peer = UnixSocket.connect(temp.resolve("socket").toString());
                Channel<Object> channel = listener.accept()) {
            peer.write(Arena.ofAuto().allocateFrom(BIG_ENDIAN, -2, 1, 4, 0));
            assertThatThrownBy(channel::receive)
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("without its descriptors: got=0, expected=1");
            assertThatThrownBy(channel::receive).isInstanceOf(Closed.class);
        }
    }

    @Test
    void shouldKeepNoMoreDescriptorsThanAMessageMayNeed() throws Exception {
        long before = descriptors();
        String uri = "unix:" + temp.resolve("socket");
        try (Listener<byte[]> listener = Listener.open(uri, Codec.bytes());
                UnixSocket peer = UnixSocket.connect(temp.resolve("socket").toString());
                Channel<byte[]> channel = listener.accept();
                Pipe pipe = Pipe.open()) {
            HasFd[] many = new HasFd[200];
            Arrays.fill(many, pipe.reader());
            for (int i = 0; i < 20; i++) {
                peer.write(Arena.ofAuto().allocateFrom(BIG_ENDIAN, 0), many);
                assertThat(channel.receive()).isEmpty();
            }
            assertThat(descriptors()).isLessThan(before + 1100);
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    /** The other process has read the first line, is killed, and this one reads the second. */
    private static void readOn(Receiver<Object> receiver, ChildJvm child) throws Exception {
        Map<?, ?> got = new HashMap<>((Map<?, ?>) receiver.receive());
        child.kill();
        try (Fd file = (Fd) got.get("file");
                Arena arena = Arena.ofConfined()) {
            MemorySegment rest = arena.allocate(100);
            int length = file.read(rest);
            assertThat(new String(rest.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)))
                    .isEqualTo("second line\n");
            assertThat(file.target()).isEqualTo(got.get("path"));
        }
    }

    private static void exchange(Trial<Object> trial, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            try (Pipe pipe = Pipe.open()) {
                trial.sender.send(pipe.reader());
                ((PipeReader) trial.receiver.receive()).close();
            }
        }
    }

    private static MemorySegment bytes(int value) {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_BYTE, (byte) value);
    }

    private static int read(PipeReader reader) throws InterruptedException {
        MemorySegment one = bytes(0);
        assertThat(reader.read(one)).isEqualTo(1);
        return one.get(ValueLayout.JAVA_BYTE, 0);
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
