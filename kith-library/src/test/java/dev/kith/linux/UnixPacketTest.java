// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.IpcException;
import dev.kith.PeerDied;
import dev.kith.Python;
import dev.kith.posix.Pipe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets of type SEQPACKET. */
@Timeout(60)
class UnixPacketTest {
    private static final String PYTHON =
            """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.connect(sys.argv[1])
            for packet in b'one', b'', b'three':
                s.send(packet)
            print([s.recv(100) for i in range(3)], flush=True)
            s.close()
            """;

    @TempDir Path directory;

    @Test
    void shouldKeepPacketsWholeWithPythonAndTellAnEmptyOneFromTheEnd() throws Exception {
        String name = directory.resolve("socket").toString();
        try (UnixListener listener = UnixListener.bind(SocketType.SEQPACKET, name, 0600);
                Arena arena = Arena.ofConfined()) {
            assertThat(listener.type()).isEqualTo(SocketType.SEQPACKET);
            Process python = Python.start(PYTHON, name);
            try (UnixSocket socket = listener.accept()) {
                MemorySegment buffer = arena.allocate(100);
                for (String packet : List.of("a", "", "ccc")) {
                    socket.write(text(arena, packet));
                }
                assertThat(socket.nextLength()).isEqualTo(3);
                assertThat(received(socket, buffer)).isEqualTo("one");
                assertThat(socket.nextLength(Duration.ofSeconds(5))).hasValue(0);
                assertThat(received(socket, buffer)).isEmpty();
                assertThat(received(socket, buffer)).isEqualTo("three");
                assertThat(python.inputReader().readLine()).isEqualTo("[b'a', b'', b'ccc']");
                assertThat(socket.receive(buffer).isEnd()).isTrue();
                assertThat(socket.read(buffer)).isZero();
                assertThatThrownBy(() -> socket.write(buffer)).isInstanceOf(PeerDied.class);
            }
            assertThat(python.waitFor()).isZero();
        }
    }

    @Test
    void shouldRefuseWhatCannotBeToldInARead() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair(SocketType.SEQPACKET);
                Pipe pipe = Pipe.open();
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(10);
            pair.first().write(buffer.asSlice(0, 0));
            assertThatThrownBy(() -> pair.second().read(buffer))
                    .isInstanceOf(IpcException.class)
                    .hasMessageEndingWith(
                            "an empty packet came, and 0 means the end here; receive() tells them"
                                    + " apart");
            // With descriptors that nobody asked for, too: none may stay.
            pair.first().write(buffer, pipe.writer());
            assertThat(pair.second().read(buffer)).isEqualTo(10);
            pair.first().write(buffer, pipe.writer());
            assertThatThrownBy(() -> pair.second().read(buffer.asSlice(0, 4), Fd::close))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("packet longer than the buffer: length=10, limit=4;");
            pair.first().write(buffer.asSlice(0, 0), pipe.writer());
            try (UnixMessage message = pair.second().receive(buffer)) {
                assertThat(message.isEnd()).isFalse();
                assertThat(message.length()).isZero();
                assertThat(message.descriptors()).hasSize(1);
            }
            pair.first().write(buffer, pipe.writer());
            assertThat(pair.second().nextLength()).isEqualTo(10);
            UnixMessage message = pair.second().receive(buffer);
            try (Fd taken = message.takeDescriptors().getFirst()) {
                message.close();
                taken.write(buffer);
                assertThat(pipe.reader().read(buffer)).isEqualTo(10);
            }
            pipe.writer().close();
            assertThat(pipe.reader().read(buffer)).isZero();
            assertThat(pair.second().tryReceive(buffer, Duration.ofMillis(20))).isEmpty();
        }
    }

    @Test
    void shouldNameTheLimitOfWhatIsTooLong() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair(SocketType.SEQPACKET);
                Arena arena = Arena.ofConfined()) {
            UnixSocket first = pair.first();
            first.options().sendBufferBytes(10_000).receiveBufferBytes(10_000);
            assertThat(first.options().sendBufferBytes()).isEqualTo(20_000);
            assertThat(first.options().receiveBufferBytes()).isEqualTo(20_000);
            assertThat(first.options().maxPacketBytes()).isEqualTo(19_968);
            assertThatThrownBy(() -> first.write(arena.allocate(19_969)))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("EMSGSIZE (Message too long)")
                    .hasMessageContaining(
                            "length=19969, limit=19968 (options().sendBufferBytes less 32;");
            assertThat(first.write(arena.allocate(19_968))).isEqualTo(19_968);
            assertThat(pair.second().nextLength()).isEqualTo(19_968);
            assertThatThrownBy(() -> first.options().sendBufferBytes(Integer.MAX_VALUE / 4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/proc/sys/net/core/wmem_max is the most");
            assertThatThrownBy(() -> first.options().receiveBufferBytes(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("receiveBufferBytes=0, least=1");
            try (UnixSocketPair streams = UnixSocket.pair()) {
                assertThatThrownBy(() -> streams.first().nextLength(Duration.ZERO))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageEndingWith("a stream has no packets");
            }
        }
    }

    @Test
    void shouldHalfCloseAndSayItsNames() throws Exception {
        String name = "@kith-test-" + Math.random();
        try (UnixListener listener = UnixListener.bind(SocketType.SEQPACKET, name, 0600);
                UnixSocket client = UnixSocket.connect(SocketType.SEQPACKET, name);
                UnixSocket server = listener.accept();
                Arena arena = Arena.ofConfined()) {
            assertThat(client.remoteName()).hasValue(name);
            assertThat(client.localName()).isEmpty();
            assertThat(server.localName()).hasValue(name);
            assertThat(server.remoteName()).isEmpty();
            MemorySegment buffer = arena.allocate(10);
            client.shutdownOutput();
            assertThat(server.read(buffer)).isZero();
            server.write(buffer);
            assertThat(client.read(buffer)).isEqualTo(10);
            client.shutdownInput();
            assertThatThrownBy(() -> server.write(buffer)).isInstanceOf(PeerDied.class);
        }
    }

    @Test
    void shouldSayThatTheTypeIsAnother() {
        String path = directory.resolve("socket").toString();
        try (UnixListener listener = UnixListener.bind(SocketType.SEQPACKET, path, 0600)) {
            assertThat(listener.isReady()).isFalse();
            assertThatThrownBy(() -> UnixSocket.connect(path, Duration.ofSeconds(5)))
                    .isInstanceOf(IpcException.class)
                    .hasMessageContaining("EPROTOTYPE")
                    .hasMessageEndingWith(
                            "a socket of another type has that name, not SOCK_STREAM");
            assertThatThrownBy(() -> UnixDatagramSocket.connect(path))
                    .isInstanceOf(IpcException.class)
                    .hasMessageEndingWith("a socket of another type has that name, not SOCK_DGRAM");
        }
    }

    private static String received(UnixSocket socket, MemorySegment buffer) throws Exception {
        try (UnixMessage message = socket.receive(buffer)) {
            assertThat(message.isEnd()).isFalse();
            return new String(
                    buffer.asSlice(0, message.length()).toArray(ValueLayout.JAVA_BYTE), UTF_8);
        }
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(UTF_8));
    }
}
