// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.Python;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.codec.Codec;
import dev.kith.linux.UnixDatagramSocket;
import dev.kith.linux.UnixSocket;
import dev.kith.process.Worker;
import dev.kith.test.ContractPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What unix+seqpacket: and unix+dgram: have beyond the contract. */
@Timeout(120)
class PacketTransportsTest {
    @TempDir Path directory;

    @Test
    void shouldTalkToPythonInPacketsBothWays() throws Exception {
        String uri = "unix+seqpacket:" + directory.resolve("socket");
        try (Listener<String> listener = Listener.open(uri, Codec.utf8())) {
            Process python =
                    Python.start(
                            """
                            import socket, sys
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                            s.connect(sys.argv[1])
                            while True:
                                data = s.recv(1000)
                                if data == b'stop':
                                    break
                                s.send(data[::-1])
                            """,
                            directory.resolve("socket").toString());
            try (Channel<String> channel = listener.accept()) {
                for (String text : List.of("abc", "", "x".repeat(1000))) {
                    channel.send(text);
                    assertThat(channel.receive())
                            .isEqualTo(new StringBuilder(text).reverse().toString());
                }
                assertThat(channel.peer().orElseThrow().pid()).isEqualTo(python.pid());
                channel.send("stop");
                assertThatThrownBy(channel::receive)
                        .isInstanceOf(Closed.class)
                        .hasMessageEndingWith("the stream has ended");
                assertThat(channel.isEnded()).isTrue();
                assertThatThrownBy(() -> channel.send("on")).isInstanceOf(PeerDied.class);
                assertThat(channel.unwrap(UnixSocket.class).localName())
                        .hasValue(directory.resolve("socket").toString());
            }
            assertThat(python.waitFor()).isZero();
        }
    }

    @Test
    void shouldKnowThePythonThatSentEachDatagram() throws Exception {
        String uri = "unix+dgram:" + directory.resolve("socket") + "?mode=640";
        String send =
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.connect(sys.argv[1])
                s.send(b'')
                s.send(sys.argv[2].encode())
                sys.stdin.read()
                """;
        try (Receiver<String> receiver = Receiver.open(uri, Codec.utf8())) {
            Path path = directory.resolve("socket");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-r-----");
            for (String text : List.of("first", "second")) {
                Process python = Python.start(send, path.toString(), text);
                assertThat(receiver.receive()).isEmpty();
                Message<String> message = receiver.receiveMessage();
                assertThat(message.value()).isEqualTo(text);
                assertThat(message.lengthBytes()).isEqualTo(text.getBytes(UTF_8).length);
                assertThat(message.peer().orElseThrow().pid()).isEqualTo(python.pid());
                python.destroyForcibly().waitFor();
                assertThat(message.peer().orElseThrow().isAlive()).isFalse();
            }
            assertThat(receiver.unwrap(UnixDatagramSocket.class).localName())
                    .hasValue(path.toString());
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldTellSendersThatTheReceiverWasKilledAndLetTheNextTakeItsName() throws Exception {
        String uri = "unix+dgram:" + directory.resolve("socket");
        assertThatThrownBy(() -> Sender.open(uri, Codec.longs()))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("nobody receives there: start the receiver first");
        try (ChildJvm child = ChildJvm.start(ContractPeer.class, "receive-one", uri)) {
            assertThat(child.line()).isEqualTo("ready");
            try (Sender<Long> sender = Sender.open(uri, Codec.longs())) {
                sender.send(1L);
                assertThat(child.line()).isEqualTo("received");
                child.kill();
                assertThatThrownBy(() -> sender.send(2L)).isInstanceOf(PeerDied.class);
                assertThatThrownBy(() -> sender.trySend(2L)).isInstanceOf(PeerDied.class);
            }
        }
        assertThat(directory.resolve("socket")).exists();
        try (Receiver<Long> next = Receiver.open(uri, Codec.longs());
                Sender<Long> sender = Sender.open(uri, Codec.longs())) {
            sender.send(3L);
            assertThat(next.receive()).isEqualTo(3L);
            sender.end();
            assertThatThrownBy(next::receive).hasMessageEndingWith("the stream has ended");
            // After the end nothing is received, and nobody shall think so.
            try (Sender<Long> late = Sender.open(uri, Codec.longs())) {
                assertThatThrownBy(() -> late.send(4L)).isInstanceOf(PeerDied.class);
            }
        }
    }

    @Test
    void shouldKeepPacketsWholeWhereSeveralProcessesHaveTheSameEnds() throws Exception {
        int each = 2000;
        try (var pair = Channel.pair("socketpair:?type=seqpacket", Codec.bytes())) {
            pair.first().unwrap(UnixSocket.class).keep();
            pair.second().unwrap(UnixSocket.class).keep();
            Sender<byte[]> sending = pair.second();
            Receiver<byte[]> receiving = pair.first();
            List<Worker> senders = new ArrayList<>();
            for (int c = 0; c < 2; c++) {
                int from = c * each;
                senders.add(
                        Worker.start(() -> {
                            for (int i = from; i < from + each; i++) {
                                sending.send(packet(i));
                            }
                        }));
            }
            try (Worker first = Worker.start();
                    Worker second = Worker.start()) {
                var one = first.async(() -> received(receiving));
                var two = second.async(() -> received(receiving));
                for (Worker sender : senders) {
                    sender.join();
                }
                // One for each of the readers, behind everything.
                sending.send(new byte[1]);
                sending.send(new byte[1]);
                BitSet seen = BitSet.valueOf(one.get());
                BitSet others = BitSet.valueOf(two.get());
                assertThat(seen.intersects(others)).isFalse();
                seen.or(others);
                assertThat(seen.cardinality()).isEqualTo(2 * each);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    unix+seqpacket:                 | a path is missing
                    unix+dgram:                     | a path is missing
                    unix+seqpacket:/x?mode=9        | mode=9: three octal digits, as in 660
                    unix+dgram:/x?mode=abc          | mode=abc: three octal digits
                    unix+seqpacket:/x?buffer=10     | buffer=10
                    unix+dgram:/x?buffer=3000000    | buffer=3000000
                    unix+dgram:/x?framing=raw       | no option framing
                    socketpair:?type=fast           | type=fast: known are stream seqpacket dgram
                    socketpair:?type=dgram&max=5    | option max does not go with type=dgram
                    socketpair:?buffer=9000         | option buffer does not go with type=stream
                    socketpair:?type=seqpacket&framing=raw | option framing does not go with
                    """)
    void shouldRefuseWrongAddresses(String uri, String sentence) {
        assertThatThrownBy(
                        () -> {
                            if (uri.startsWith("socketpair:")) {
                                Channel.pair(uri, Codec.bytes()).close();
                            } else {
                                Sender.open(uri, Codec.bytes()).close();
                            }
                        })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldSayThatDatagramsGoOneWay() {
        assertThatThrownBy(
                        () -> Channel.open("unix+dgram:" + directory.resolve("x"), Codec.bytes()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("unix+dgram: goes one way");
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"seqpacket,40000,79968", "dgram,100000,199968"})
    void shouldTakeTheBufferThatIsAskedFor(String type, int buffer, int most) throws Exception {
        String uri = "socketpair:?type=" + type + "&buffer=" + buffer;
        try (var pair = Channel.pair(uri, Codec.bytes())) {
            pair.second().send(new byte[most]);
            assertThat(pair.first().receive()).hasSize(most);
            assertThatThrownBy(() -> pair.second().send(new byte[most + 1]))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("message too large: length=" + (most + 1))
                    .hasMessageContaining("limit=" + most + " (?buffer= of both sides");
        }
    }

    @Test
    void shouldNameBothLengthsOfAMessageThatThePeerCouldSendOnly() throws Exception {
        String uri = "unix+seqpacket:@kith-test-" + Math.random();
        try (Listener<byte[]> listener = Listener.open(uri, Codec.bytes());
                Channel<byte[]> big = Channel.open(uri + "?buffer=500000", Codec.bytes());
                Channel<byte[]> usual = listener.accept()) {
            big.send(new byte[900_000]);
            assertThatThrownBy(usual::receive)
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("packet longer than the buffer: length=900000, limit=")
                    .hasMessageContaining("(on a channel: ?buffer=)");
            big.send(new byte[] {1});
            assertThat(usual.receive()).containsExactly(1);
        }
    }

    private static byte[] packet(int id) {
        byte[] packet = new byte[4 + id % 3000];
        for (int i = 0; i < 4; i++) {
            packet[i] = (byte) (id >> 8 * i);
        }
        return packet;
    }

    /** The numbers of the packets that this process got; each was whole. */
    private static byte[] received(Receiver<byte[]> receiver) throws InterruptedException {
        BitSet seen = new BitSet();
        for (byte[] packet = receiver.receive(); packet.length > 1; packet = receiver.receive()) {
            int id = 0;
            for (int i = 0; i < 4; i++) {
                id |= (packet[i] & 0xff) << 8 * i;
            }
            if (packet.length != 4 + id % 3000) {
                throw new AssertionError("packet " + id + " has " + packet.length + " bytes");
            }
            seen.set(id);
        }
        return seen.toByteArray();
    }
}
