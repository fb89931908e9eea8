// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.Broken;
import dev.kith.ChildJvm;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.Python;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is on the other side, and what happens to it. */
@Timeout(60)
class UnixPeerTest {
    private static final String CLIENT =
            """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, int(sys.argv[2]))
            s.connect(sys.argv[1])
            s.send(b'by the parent')
            if os.fork() == 0:
                print(os.getpid(), flush=True)
                s.send(b'by the child')
                os._exit(0)
            os.wait()
            sys.stdin.read()
            """;

    @TempDir Path directory;

    @Test
    void shouldKnowWhoSentEachMessageAndWhoConnected() throws Exception {
        for (SocketType type : SocketType.values()) {
            String name = directory.resolve("socket").toString();
            try (UnixListener listener = UnixListener.bind(type, name, 0600);
                    Arena arena = Arena.ofConfined()) {
                Process python = Python.start(CLIENT, name, "" + type.number);
                long child = Long.parseLong(python.inputReader().readLine());
                try (UnixSocket socket = listener.accept()) {
                    socket.options().passCredentials(true);
                    MemorySegment buffer = arena.allocate(100);
                    // What was sent before the question was asked may go without an answer.
                    Peer sender = null;
                    for (int bytes = 0; bytes < 25; ) {
                        try (UnixMessage message = socket.receive(buffer)) {
                            bytes += message.length();
                            sender = message.peer().orElse(null);
                        }
                    }
                    if (sender != null) {
                        assertThat(sender.pid()).isIn(child, python.pid());
                    }
                    assertThat(socket.peer().orElseThrow().pid()).isEqualTo(python.pid());
                    try (PidFd process = socket.peerPidFd()) {
                        assertThat(process.pid()).isEqualTo(python.pid());
                        assertThat(process.isAlive()).isTrue();
                        assertThat(process.join(Duration.ofMillis(20))).isFalse();
                        python.destroyForcibly();
                        assertThat(process.join(Duration.ofSeconds(30))).isTrue();
                    }
                    python.waitFor();
                    assertThat(socket.peer().orElseThrow().isAlive()).isFalse();
                }
            }
        }
    }

    @Test
    void shouldTellTheSenderOfEveryMessageOnceAsked() throws Exception {
        try (UnixSocketPair pair = UnixSocket.pair(SocketType.SEQPACKET);
                Arena arena = Arena.ofConfined()) {
            pair.second().options().passCredentials(true);
            MemorySegment buffer = arena.allocate(100);
            pair.first().write(buffer);
            try (UnixMessage message = pair.second().receive(buffer)) {
                assertThat(message.peer()).hasValue(Peer.current());
                assertThat(message).hasToString("message of 100 bytes by " + Peer.current());
            }
            pair.second().options().passCredentials(false);
            pair.first().write(buffer);
            try (UnixMessage message = pair.second().receive(buffer)) {
                assertThat(message.peer()).isEmpty();
            }
        }
    }

    @Test
    void shouldSayThatASocketHasNoPeer() {
        try (UnixDatagramSocket socket = UnixDatagramSocket.open()) {
            assertThat(socket.peer()).isEmpty();
        }
        assertThat(Peer.ended(1, 0, 0).isAlive()).isFalse();
        assertThatThrownBy(() -> PidFd.open(Peer.ended(1, 0, 0))).isInstanceOf(NotFound.class);
    }

    @Test
    void shouldSayThatDescriptorsWereLostAndKeepNone() throws Exception {
        String name = directory.resolve("socket").toString();
        try (UnixListener listener = UnixListener.bind(name);
                ChildJvm child = ChildJvm.start(Crowded.class, name);
                UnixSocket socket = listener.accept();
                Arena arena = Arena.ofConfined()) {
            long highest = Long.parseLong(child.line());
            try {
                Process prlimit =
                        new ProcessBuilder(
                                        "prlimit",
                                        "--pid=" + child.pid(),
                                        "--nofile=" + (highest + 4) + ":")
                                .inheritIO()
                                .start();
                assertThat(prlimit.waitFor()).isZero();
            } catch (IOException missing) {
                assumeTrue(false, "no prlimit on this machine");
            }
            MemorySegment one = arena.allocate(1);
            socket.tryWrite(one, Collections.nCopies(20, listener), Duration.ofSeconds(5));
            assertThat(child.line())
                    .startsWith(Broken.class.getName())
                    .contains("MSG_CTRUNC (descriptors were lost, arrived=")
                    .contains("ulimit -n");
            assertThat(child.line()).isEqualTo("more=0");
        }
    }

    /** Reads descriptors for which it has no room. */
    static final class Crowded {
        private Crowded() {}

        public static void main(String... arguments) throws Exception {
            try (UnixSocket socket = UnixSocket.connect(arguments[0]);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment one = arena.allocate(1);
                // Everything that a receive opens by itself is open.
                socket.tryRead(one, Fd::close, Duration.ofMillis(1));
                Fd.of(socket).close();
                int before = open().length;
                long highest = Stream.of(open()).mapToLong(Long::parseLong).max().orElseThrow();
                System.out.println(highest);
                try {
                    socket.read(one, Fd::close);
                    System.out.println("nothing was lost");
                } catch (Broken broken) {
                    System.out.println(broken);
                }
                System.out.println("more=" + (open().length - before));
                socket.read(one);
            }
        }

        private static String[] open() throws IOException {
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return files.map(file -> file.getFileName().toString()).toArray(String[]::new);
            }
        }
    }
}
