// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Closed;
import dev.kith.HasFd;
import dev.kith.process.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that come from elsewhere, and go there. */
@Timeout(60)
class UnixTravelTest {
    @TempDir Path directory;

    @Test
    void shouldTakeOverSocketsThatCameAsDescriptors() throws Exception {
        String name = directory.resolve("socket").toString();
        try (UnixListener made = UnixListener.bind(SocketType.SEQPACKET, name, 0600);
                UnixListener listener = UnixListener.own(Fd.of(made));
                UnixSocket client = UnixSocket.connect(SocketType.SEQPACKET, name);
                UnixSocket accepted = listener.accept();
                UnixSocket server = UnixSocket.own(Fd.of(accepted))) {
            assertThat(listener.type()).isEqualTo(SocketType.SEQPACKET);
            assertThat(listener.name()).isEqualTo(name);
            assertThat(server.type()).isEqualTo(SocketType.SEQPACKET);
            client.write(bytes(3));
            assertThat(server.read(bytes(9))).isEqualTo(3);
            listener.close();
            // Who took it over leaves the path to who made it.
            assertThat(Path.of(name)).exists();
        }
        assertThat(Path.of(name)).doesNotExist();
        try (UnixDatagramPair pair = UnixDatagramSocket.pair();
                UnixDatagramSocket own = UnixDatagramSocket.own(Fd.of(pair.first()))) {
            own.send(bytes(4));
            assertThat(pair.second().nextLength()).isEqualTo(4);
        }
    }

    @Test
    void shouldRefuseWhatIsOfAnotherKind() throws Exception {
        String name = directory.resolve("socket").toString();
        try (UnixListener listener = UnixListener.bind(name);
                UnixSocketPair pair = UnixSocket.pair();
                UnixDatagramSocket datagrams = UnixDatagramSocket.open();
                Fd file = Fd.open(Files.createFile(directory.resolve("file")))) {
            for (Function<Fd, AutoCloseable> own :
                    List.<Function<Fd, AutoCloseable>>of(
                            UnixSocket::own, UnixListener::own, UnixDatagramSocket::own)) {
                assertThatThrownBy(() -> own.apply(file))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageMatching("fd \\d+ is no Unix socket .*: it is .*/file");
            }
            refused(listener, UnixSocket::own, "is a socket that listens");
            refused(pair.first(), UnixListener::own, "is a socket that does not listen");
            refused(datagrams, UnixSocket::own, "is no Unix socket that connects");
            refused(pair.first(), UnixDatagramSocket::own, "is no Unix socket of type SOCK_DGRAM");
            assertThat(file.read(bytes(1))).isZero();
        }
        Files.delete(directory.resolve("file"));
    }

    @Test
    void shouldHandDatagramSocketsOverWithTheirNames() throws Exception {
        String name = directory.resolve("socket").toString();
        try (UnixDatagramSocket socket = UnixDatagramSocket.bind(name);
                UnixSocketPair pair = UnixSocket.pair(SocketType.SEQPACKET);
                Worker child = Worker.start()) {
            UnixSocket theirs = pair.second();
            var done =
                    child.async(() -> {
                        try (socket;
                                theirs) {
                            int length = socket.receive(bytes(100)).length();
                            theirs.write(bytes(length));
                            theirs.read(bytes(1));
                        }
                        return true;
                    });
            try (UnixDatagramSocket sender = UnixDatagramSocket.connect(name)) {
                sender.send(bytes(42));
            }
            assertThat(pair.first().read(bytes(100))).isEqualTo(42);
            assertThatThrownBy(() -> socket.nextLength()).isInstanceOf(Closed.class);
            socket.close();
            // It is the child's now, and so is its path.
            assertThat(Path.of(name)).exists();
            pair.first().write(bytes(1));
            assertThat(done.get()).isTrue();
            assertThat(Path.of(name)).doesNotExist();
        }
    }

    @Test
    void shouldEndItsInputForAllWhoWait() throws Exception {
        String name = "@kith-test-" + Math.random();
        try (UnixDatagramSocket socket = UnixDatagramSocket.bind(name);
                UnixDatagramSocket sender = UnixDatagramSocket.connect(name)) {
            sender.send(bytes(0));
            socket.shutdownInput();
            UnixMessage empty = socket.receive(bytes(1));
            assertThat(empty.isEnd()).isFalse();
            assertThat(empty).hasToString("message of 0 bytes");
            UnixMessage end = socket.receive(bytes(1));
            assertThat(end.isEnd()).isTrue();
            assertThat(end).hasToString("the end");
            assertThatThrownBy(() -> sender.send(bytes(1)))
                    .isInstanceOf(dev.kith.PeerDied.class)
                    .hasMessageContaining("EPIPE");
        }
    }

    private static void refused(HasFd handle, Function<Fd, AutoCloseable> own, String sentence) {
        try (Fd fd = Fd.of(handle)) {
            assertThatThrownBy(() -> own.apply(fd))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(sentence);
            assertThat(fd.fd()).isPositive();
        }
    }

    private static MemorySegment bytes(long count) {
        return Arena.ofAuto().allocate(ValueLayout.JAVA_BYTE, count);
    }
}
