// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixChannelTest {
    @TempDir Path directory;

    @Test
    void shouldCarryHeapAndDirectBuffersAndEndWithMinusOne() throws Exception {
        for (SocketType type : SocketType.values()) {
            try (UnixSocketPair pair = UnixSocket.pair(type)) {
                UnixChannel one = pair.first().channel();
                UnixChannel two = pair.second().channel();
                ByteBuffer direct = ByteBuffer.allocateDirect(10).put(3, (byte) 7).position(3);
                assertThat(one.write(direct)).isEqualTo(7);
                assertThat(direct.hasRemaining()).isFalse();
                ByteBuffer heap = ByteBuffer.allocate(20).position(1);
                assertThat(two.read(heap)).isEqualTo(7);
                assertThat(heap.position()).isEqualTo(8);
                assertThat(heap.get(1)).isEqualTo((byte) 7);
                ByteBuffer[] parts = {
                    ByteBuffer.wrap("ab".getBytes(UTF_8)),
                    ByteBuffer.allocate(0),
                    ByteBuffer.wrap("cde".getBytes(UTF_8))
                };
                assertThat(one.write(parts)).isEqualTo(5);
                assertThat(parts[2].hasRemaining()).isFalse();
                ByteBuffer[] into = {ByteBuffer.allocate(4), ByteBuffer.allocateDirect(4)};
                assertThat(two.read(into)).isEqualTo(5);
                assertThat(new String(into[0].array(), UTF_8)).isEqualTo("abcd");
                assertThat(into[1].position()).isEqualTo(1);
                assertThat(two.read(ByteBuffer.allocate(0))).isZero();
                one.close();
                assertThat(two.read(ByteBuffer.allocate(5))).isEqualTo(-1);
                assertThat(two.read(ByteBuffer.allocateDirect(5))).isEqualTo(-1);
                assertThatThrownBy(() -> two.write(ByteBuffer.allocate(5)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("EPIPE");
                assertThat(two.isOpen()).isTrue();
                assertThat(one.isOpen()).isFalse();
                assertThatThrownBy(() -> one.write(ByteBuffer.allocate(5)))
                        .isExactlyInstanceOf(ClosedChannelException.class);
            }
        }
    }

    @Test
    void shouldReadIntoNoBufferThatIsReadOnly() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair()) {
            UnixChannel one = pair.first().channel();
            UnixChannel two = pair.second().channel();
            one.write(ByteBuffer.wrap(new byte[] {7}));
            ByteBuffer direct = ByteBuffer.allocateDirect(4);
            assertThatThrownBy(() -> two.read(direct.asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("read into a read-only buffer: targets[0]=");
            assertThat(direct.get(0)).isZero();
            assertThat(two.read(direct)).isEqualTo(1);
            assertThat(direct.get(0)).isEqualTo((byte) 7);
        }
    }

    @Test
    void shouldWorkWithTheStreamsAndTransfersOfTheJdk() throws Exception {
        Path file = directory.resolve("file");
        byte[] bytes = "a line\n".repeat(100_000).getBytes(UTF_8);
        Files.write(file, bytes);
        try (UnixSocketPair pair = UnixSocket.pair();
                FileChannel from = FileChannel.open(file)) {
            CompletableFuture<Long> sent =
                    CompletableFuture.supplyAsync(() -> {
                        try (UnixChannel channel = pair.first().channel()) {
                            return from.transferTo(0, bytes.length, channel);
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    });
            try (var reader =
                    new BufferedReader(Channels.newReader(pair.second().channel(), UTF_8))) {
                assertThat(reader.lines().count()).isEqualTo(100_000);
            }
            assertThat(sent.get()).isEqualTo(bytes.length);
        }
        try (UnixSocketPair pair = UnixSocket.pair()) {
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(() -> {
                        try (OutputStream output = pair.first().outputStream()) {
                            new ByteArrayInputStream(bytes).transferTo(output);
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    });
            try (var reader =
                    new BufferedReader(new InputStreamReader(pair.second().inputStream(), UTF_8))) {
                assertThat(reader.lines().count()).isEqualTo(100_000);
            }
            sent.get();
        }
    }

    @Test
    void shouldCloseTheChannelWhenItsThreadIsInterrupted() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            try (UnixSocketPair pair = UnixSocket.pair()) {
                CompletableFuture<Throwable> thrown = new CompletableFuture<>();
                Thread reader = start(virtual, pair.first().channel(), thrown);
                Thread.sleep(50);
                reader.interrupt();
                assertThat(thrown.get()).isExactlyInstanceOf(ClosedByInterruptException.class);
                assertThat(pair.first().channel().isOpen()).isFalse();
            }
            try (UnixSocketPair pair = UnixSocket.pair()) {
                CompletableFuture<Throwable> thrown = new CompletableFuture<>();
                start(virtual, pair.first().channel(), thrown);
                Thread.sleep(50);
                pair.first().close();
                assertThat(thrown.get()).isExactlyInstanceOf(AsynchronousCloseException.class);
            }
        }
    }

    @Test
    void shouldTimeOutAndReadOn() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair();
                InputStream input = pair.first().inputStream(Duration.ofMillis(40))) {
            long start = System.nanoTime();
            assertThatThrownBy(input::read)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("read(first end of a socketpair) timed out after 40 ms");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(40_000_000);
            pair.second().outputStream().write(200);
            assertThat(input.read()).isEqualTo(200);
            Thread.currentThread().interrupt();
            assertThatThrownBy(input::read).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            pair.second().close();
            assertThat(input.read()).isEqualTo(-1);
        }
    }

    private static Thread start(
            boolean virtual, UnixChannel channel, CompletableFuture<Throwable> thrown) {
        Runnable read =
                () -> {
                    try {
                        channel.read(ByteBuffer.allocate(1));
                        thrown.complete(null);
                    } catch (IOException e) {
                        thrown.complete(e);
                    }
                };
        return virtual ? Thread.ofVirtual().start(read) : Thread.ofPlatform().start(read);
    }
}
