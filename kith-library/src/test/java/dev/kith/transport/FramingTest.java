// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.channel.Channel;
import dev.kith.channel.ChannelPair;
import dev.kith.channel.Listener;
import dev.kith.channel.Receiver;
import dev.kith.channel.Sender;
import dev.kith.channel.WaitSet;
import dev.kith.codec.Codec;
import dev.kith.posix.Fifo;
import dev.kith.posix.PipeReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams whose other side does not keep to the framing. */
@Timeout(30)
class FramingTest {
    /** Something to do with a channel that frames and one that sends raw bytes to it. */
    private interface Body {
        void run(Channel<byte[]> framed, Channel<byte[]> raw) throws Exception;
    }

    private static void connected(String options, Body body) throws Exception {
        Path directory = Files.createTempDirectory("kith-framing");
        String uri = "unix:" + directory.resolve("socket");
        try (Listener<byte[]> listener = Listener.open(uri + options, Codec.bytes());
                Channel<byte[]> raw = Channel.open(uri + "?framing=raw", Codec.bytes());
                Channel<byte[]> framed = listener.accept()) {
            body.run(framed, raw);
        } finally {
            Files.deleteIfExists(directory.resolve("socket"));
            Files.delete(directory);
        }
    }

    @Test
    void shouldSendTheLengthInFourBytesBigEndianAsPythonDoes() throws Exception {
        connected(
                "",
                (framed, raw) -> {
                    framed.send(new byte[] {1, 2, 3});
                    assertThat(raw.receive()).containsExactly(0, 0, 0, 3, 1, 2, 3);
                });
    }

    @Test
    void shouldPutTogetherAMessageThatComesByteByByte() throws Exception {
        connected(
                "",
                (framed, raw) -> {
                    for (byte b : new byte[] {0, 0, 0, 2, 8}) {
                        raw.send(new byte[] {b});
                        assertThat(framed.tryReceive(Duration.ofMillis(5))).isEmpty();
                    }
                    raw.send(new byte[] {9, 0, 0, 0, 0});
                    assertThat(framed.receive()).containsExactly(8, 9);
                    assertThat(framed.receive()).isEmpty();
                });
    }

    @Test
    void shouldSayThatAPeerSendsTextInsteadOfALength() throws Exception {
        connected(
                "",
                (framed, raw) -> {
                    raw.send("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThatThrownBy(framed::receive)
                            .isInstanceOf(Broken.class)
                            .hasMessageContaining("\"GET \"")
                            .hasMessageContaining("?framing=raw");
                    assertThatThrownBy(framed::receive).isInstanceOf(Closed.class);
                    assertThatThrownBy(() -> framed.send(new byte[1])).isInstanceOf(Closed.class);
                });
    }

    @Test
    void shouldRefuseALengthOverTheLimitWithoutReservingIt() throws Exception {
        connected(
                "?max=1000",
                (framed, raw) -> {
                    raw.send(new byte[] {0, 0, 3, (byte) 0xe9});
                    assertThatThrownBy(framed::receive)
                            .isInstanceOf(Broken.class)
                            .hasMessageContaining("length=1001, limit=1000");
                });
    }

    @Test
    void shouldRefuseANegativeLength() throws Exception {
        connected(
                "",
                (framed, raw) -> {
                    raw.send(new byte[] {-1, -1, -1, -1});
                    assertThatThrownBy(framed::receive)
                            .isInstanceOf(Broken.class)
                            .hasMessageContaining("length=-1");
                });
    }

    @Test
    void shouldSayHowMuchOfAMessageCameWhenItIsCutInTheMiddle() throws Exception {
        connected(
                "",
                (framed, raw) -> {
                    raw.send(new byte[] {0, 0, 0, 9, 1, 2});
                    raw.close();
                    assertThatThrownBy(framed::receive)
                            .isInstanceOf(Broken.class)
                            .hasMessageContaining("got=6, expected=13");
                });
        connected(
                "",
                (framed, raw) -> {
                    raw.send(new byte[] {0, 0});
                    raw.end();
                    assertThatThrownBy(framed::receive)
                            .isInstanceOf(Broken.class)
                            .hasMessageContaining("cut in the middle: got=2");
                });
    }

    @Test
    void shouldReserveNoMoreMemoryThanWhatCame() throws Exception {
        connected(
                "?max=2000000000",
                (framed, raw) -> {
                    // A length of 1.9 GB, of which 3 bytes come: more than this JVM may have.
                    raw.send(new byte[] {0x71, 0x3f, (byte) 0xb3, 0, 1, 2, 3});
                    assertThat(framed.tryReceive(Duration.ofMillis(50))).isEmpty();
                });
    }

    @Test
    void shouldReadLinesAndTheLastOneWithoutANewline() throws Exception {
        connected(
                "?framing=lines",
                (framed, raw) -> {
                    raw.send("one\n\ntwo\nthree".getBytes(StandardCharsets.US_ASCII));
                    raw.end();
                    List<String> lines = new ArrayList<>();
                    framed.forEach(line -> lines.add(new String(line, StandardCharsets.US_ASCII)));
                    assertThat(lines).containsExactly("one", "", "two", "three");
                });
    }

    @Test
    void shouldRefuseANewlineInALineAndALineWithoutAnEnd() throws Exception {
        connected(
                "?framing=lines&max=100",
                (framed, raw) -> {
                    assertThatThrownBy(
                                    () -> framed.send("a\nb".getBytes(StandardCharsets.US_ASCII)))
                            .isInstanceOf(IpcException.class)
                            .hasMessageContaining("newline in it, at byte 1");
                    raw.send(new byte[101]);
                    assertThatThrownBy(framed::receive)
                            .isInstanceOf(Broken.class)
                            .hasMessageContaining("limit=100");
                });
    }

    @Test
    void shouldNotTakeAMessageThatTheCodecRefusesForTheNext() throws Exception {
        Path directory = Files.createTempDirectory("kith-framing");
        String uri = "unix:" + directory.resolve("socket");
        try (Listener<Long> listener = Listener.open(uri, Codec.longs());
                Channel<byte[]> bytes = Channel.open(uri, Codec.bytes());
                Channel<Long> longs = listener.accept()) {
            bytes.send(new byte[3]);
            bytes.send(new byte[] {5, 0, 0, 0, 0, 0, 0, 0});
            assertThatThrownBy(longs::receive)
                    .isInstanceOf(Broken.class)
                    .hasMessageContaining("length=3, expected=8");
            assertThat(longs.receive()).isEqualTo(5L);
        } finally {
            Files.delete(directory);
        }
    }

    @Test
    void shouldFinishAMessageOfWhichAPartHadGoneWhenTheTimePassed() throws Exception {
        connected(
                "",
                (framed, raw) -> {
                    byte[] large = new byte[1_000_000];
                    assertThat(framed.trySend(large, Duration.ofMillis(20))).isTrue();
                    assertThat(framed.trySend(new byte[] {7}, Duration.ofMillis(20))).isFalse();
                    long got = 0;
                    while (got < 4 + large.length) {
                        got += raw.receive().length;
                    }
                    framed.send(new byte[] {7});
                    assertThat(raw.receive()).containsExactly(0, 0, 0, 1, 7);
                });
    }

    @Test
    void shouldRefuseAnUnknownFraming() {
        assertThatThrownBy(() -> Channel.pair("pipe:?framing=xml", Codec.bytes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("known are length lines raw");
    }

    @Test
    void shouldLeaveInAFifoWhatNobodyReceived() throws Exception {
        Path directory = Files.createTempDirectory("kith-framing");
        Fifo fifo = Fifo.create(directory.resolve("fifo"));
        for (String options : new String[] {"?framing=lines", "?framing=length&ahead=false"}) {
            String uri = "fifo:" + fifo.name() + options;
            try (Receiver<String> first = Receiver.open(uri, Codec.utf8());
                    Receiver<String> second = Receiver.open(uri, Codec.utf8());
                    Sender<String> sender = Sender.open(uri, Codec.utf8())) {
                for (String word : new String[] {"a", "b", "c"}) {
                    sender.send(word);
                }
                assertThat(first.receive()).isEqualTo("a");
                first.close();
                assertThat(second.receive()).isEqualTo("b");
                assertThat(second.receive()).isEqualTo("c");
            }
        }
        fifo.unlink();
        Files.delete(directory);
    }

    @Test
    void shouldSendTheRestOfAnAcceptedMessageBeforeItCloses() throws Exception {
        try (ChannelPair<byte[]> pair = Channel.pair("pipe:", Codec.bytes())) {
            byte[] large = new byte[1_000_000];
            assertThat(pair.sender().trySend(large, Duration.ofMillis(20))).isTrue();
            Thread reading =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    Thread.sleep(50);
                                    assertThat(pair.receiver().receive()).hasSize(1_000_000);
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            });
            pair.sender().close();
            reading.join();
            assertThatThrownBy(pair.receiver()::receive)
                    .isInstanceOf(Closed.class)
                    .hasMessageContaining("ended");
        }
    }

    @Test
    void shouldFlushTheRestOfAnAcceptedMessage() throws Exception {
        try (ChannelPair<byte[]> pair = Channel.pair("pipe:", Codec.bytes())) {
            assertThat(pair.sender().trySend(new byte[1_000_000], Duration.ofMillis(20))).isTrue();
            Thread reading =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    pair.receiver().receive();
                                } catch (InterruptedException e) {
                                    throw new AssertionError(e);
                                }
                            });
            pair.sender().flush();
            pair.sender().send(new byte[] {1});
            reading.join();
            assertThat(pair.receiver().receive()).containsExactly(1);
        }
    }

    @Test
    void shouldNotTakeWhatAWaitSetFoundReadyOnASharedEnd() throws Exception {
        try (ChannelPair<byte[]> pair = Channel.pair("pipe:?shared=true", Codec.bytes())) {
            pair.sender().send(new byte[] {5});
            WaitSet set = new WaitSet(pair.receiver());
            assertThat(set.await()).containsExactly(pair.receiver());
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(100);
                // The same end, read without the channel.
                assertThat(pair.receiver().unwrap(PipeReader.class).read(buffer)).isEqualTo(5);
            }
        }
    }

    @Test
    void shouldTrySendWithoutWaitingForWhatWasSentInTheBackground() throws Exception {
        try (ChannelPair<byte[]> pair = Channel.pair("pipe:", Codec.bytes())) {
            pair.sender().sendAsync(new byte[100_000]);
            pair.sender().sendAsync(new byte[100_000]);
            assertThat(pair.sender().trySend(new byte[1])).isFalse();
            assertThat(pair.sender().trySend(new byte[1], Duration.ofMillis(20))).isFalse();
        }
    }
}
