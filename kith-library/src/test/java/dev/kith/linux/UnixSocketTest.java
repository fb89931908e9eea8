// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.Python;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixSocketTest {
    private static final String CLIENT =
            """
            import socket, sys
            name = sys.argv[1]
            s = socket.socket(socket.AF_UNIX)
            s.connect('\\0' + name[1:] if name[0] == '@' else name)
            print(s.recv(100).decode(), flush=True)
            s.sendall(b'from Python')
            sys.stdin.read()
            """;

    /** 108 bytes of path and no zero after them, which the kernel takes and adds. */
    private static final String LONG_NAME =
            """
            import ctypes, os, socket, sys
            os.chdir(sys.argv[1])
            s = socket.socket(socket.AF_UNIX)
            address = b'\\x01\\x00' + b'x' * 108
            assert ctypes.CDLL(None).bind(s.fileno(), address, 110) == 0
            s.connect(sys.argv[2])
            sys.stdin.read()
            """;

    @TempDir Path directory;

    @Test
    void shouldNotReadIntoAReadOnlySegment() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair();
                Fd fd = Fd.of(pair.first())) {
            MemorySegment buffer = Arena.ofAuto().allocate(8).asReadOnly();
            pair.second().write(Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 7));
            List<ThrowingCallable> reads =
                    List.of(
                            () -> pair.first().read(buffer),
                            () -> pair.first().tryRead(buffer, Duration.ZERO),
                            () -> pair.first().receive(buffer),
                            () -> fd.read(buffer),
                            () -> fd.read(buffer, 0));
            for (ThrowingCallable read : reads) {
                assertThatThrownBy(read)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("a read-only segment cannot be read into");
            }
            assertThat(buffer.get(ValueLayout.JAVA_LONG, 0)).isZero();
        }
    }

    @Test
    void shouldSayWhichSideHasEndedTheOutput() throws Exception {
        MemorySegment one = Arena.ofAuto().allocate(1);
        try (UnixSocketPair pair = UnixSocket.pair()) {
            pair.first().shutdownOutput();
            assertThatThrownBy(() -> pair.first().write(one))
                    .hasMessageEndingWith("this side has ended its output: shutdownOutput()");
            pair.first().close();
            assertThatThrownBy(() -> pair.second().write(one))
                    .isInstanceOf(PeerDied.class)
                    .hasMessageEndingWith("the other side has closed it or ended");
        }
    }

    @Test
    void shouldTalkToPythonAndKnowItsProcess() throws Exception {
        for (String name :
                new String[] {
                    directory.resolve("socket").toString(), "@kith-test-" + Math.random()
                }) {
            try (UnixListener listener = UnixListener.bind(name);
                    Arena arena = Arena.ofConfined()) {
                Process python = Python.start(CLIENT, name);
                try (UnixSocket socket = listener.accept()) {
                    assertThat(socket.peer().orElseThrow().pid()).isEqualTo(python.pid());
                    socket.write(arena.allocateFrom("from Java").asSlice(0, 9));
                    assertThat(python.inputReader().readLine()).isEqualTo("from Java");
                    MemorySegment buffer = arena.allocate(100);
                    assertThat(socket.read(buffer)).isEqualTo(11);
                    python.destroyForcibly().waitFor();
                    assertThat(socket.read(buffer)).isZero();
                    assertThatThrownBy(() -> socket.write(buffer)).isInstanceOf(PeerDied.class);
                    // It has ended, and the kernel still tells who it was.
                    Peer ended = socket.peer().orElseThrow();
                    assertThat(ended.pid()).isEqualTo(python.pid());
                    assertThat(ended.uid()).isEqualTo(Peer.current().uid());
                    assertThat(ended.isAlive()).isFalse();
                }
            }
        }
        assertThat(directory.resolve("socket")).doesNotExist();
    }

    @Test
    void shouldBePrivateAndUniqueAndTakeOverWhatTheDeadLeft() throws Exception {
        Path path = directory.resolve("socket");
        String name = path.toString();
        Python.run("import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", name);
        assertThatThrownBy(() -> UnixSocket.connect(name))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining(
                        "ECONNREFUSED (Connection refused); is the other side listening?");
        try (UnixListener listener = UnixListener.bind(name)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> UnixListener.bind(name))
                    .isInstanceOf(AlreadyExists.class)
                    .hasMessageContaining("somebody listens there");
            assertThat(listener.accept(Duration.ofMillis(20))).isEmpty();
        }
        assertThat(path).doesNotExist();
        Files.createFile(path);
        assertThatThrownBy(() -> UnixListener.bind(name)).isInstanceOf(AlreadyExists.class);
        assertThat(path).exists();
    }

    @Test
    void shouldKnowANameThatFillsTheWholeAddress() throws Exception {
        String name = directory.resolve("socket").toString();
        try (UnixListener listener = UnixListener.bind(name)) {
            Process python = Python.start(LONG_NAME, directory.toString(), name);
            try (UnixSocket socket = listener.accept()) {
                assertThat(socket.remoteName()).hasValue("x".repeat(108));
            } finally {
                python.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void shouldRefuseANameThatTheKernelWouldTakeForAnother() {
        assertThatThrownBy(() -> UnixSocket.connect(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name of a Unix socket: a path, or @ and a name; it is empty");
        assertThatThrownBy(() -> UnixListener.bind("/tmp/a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("a zero byte is in the path");
    }

    @Test
    void shouldRefuseANameThatIsTooLong() {
        assertThatThrownBy(() -> UnixListener.bind("/tmp/" + "x".repeat(200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("length=205, limit=107");
    }

    @Test
    void shouldGoOnReadingAfterItHasEndedItsOutput() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair();
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(10);
            pair.first().shutdownOutput();
            assertThat(pair.second().read(buffer)).isZero();
            pair.second().write(buffer);
            assertThat(pair.first().read(buffer)).isEqualTo(10);
            assertThat(pair.first().peer().orElseThrow()).isEqualTo(dev.kith.Peer.current());
        }
    }
}
