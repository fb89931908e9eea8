// SPDX-License-Identifier: Apache-2.0
package dev.kith.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.IpcException;
import dev.kith.Python;
import dev.kith.TimedOut;
import dev.kith.codec.Codec;
import dev.kith.test.Background;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connecting to a listener that accepts nobody. */
@Timeout(60)
class ConnectTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir private Path temp;

    @Test
    void shouldGiveUpConnectingToAUnixSocketWhoseBacklogIsFull() throws Exception {
        Path path = temp.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path), 1);
            assertTimesOut("unix:" + path);
        }
    }

    @Test
    void shouldGiveUpConnectingByTcpToAListenerWhoseBacklogIsFull() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            assertTimesOut("tcp://127.0.0.1:" + port);
        }
    }

    @Test
    void shouldGiveUpConnectingToASeqpacketSocketWhoseBacklogIsFull() throws Exception {
        Path path = temp.resolve("socket");
        Process python =
                Python.start(
                        """
                        import socket, sys
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        s.bind(sys.argv[1])
                        s.listen(1)
                        print('listening', flush=True)
                        sys.stdin.read()
                        """,
                        path.toString());
        try (BufferedReader said = python.inputReader()) {
            assertThat(said.readLine()).isEqualTo("listening");
            assertTimesOut("unix+seqpacket:" + path);
        } finally {
            python.getOutputStream().close();
            python.waitFor();
        }
    }

    @Test
    void shouldConnectInTimeWhereSomebodyListens() throws Exception {
        String uri = "unix:" + temp.resolve("socket");
        try (Listener<String> listener = Listener.open(uri, Codec.utf8());
                Channel<String> client = Channel.open(uri, Codec.utf8(), Duration.ofSeconds(30));
                Channel<String> server = listener.accept();
                Sender<String> sender = Sender.open(uri, Codec.utf8(), Duration.ofSeconds(30));
                Receiver<String> receiver = listener.accept()) {
            client.send("one");
            assertThat(server.receive()).isEqualTo("one");
            sender.send("two");
            assertThat(receiver.receive()).isEqualTo("two");
        }
    }

    /** Fills the backlog; the connection after that waits, for the time given or an interrupt. */
    private static void assertTimesOut(String uri) throws Exception {
        List<Channel<Long>> connected = new ArrayList<>();
        try {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    long begun = System.nanoTime();
                                    try {
                                        connected.add(Channel.open(uri, Codec.longs(), SHORT));
                                    } catch (IpcException late) {
                                        assertThat(System.nanoTime() - begun)
                                                .isGreaterThanOrEqualTo(SHORT.toNanos());
                                        throw late;
                                    }
                                }
                            })
                    .isInstanceOf(TimedOut.class)
                    .hasMessageStartingWith("connect(" + uri + "): not in PT0.1S: ")
                    .hasMessageContaining("backlog");
            Background waiting =
                    Background.run(() -> Channel.open(uri, Codec.longs(), Duration.ofMinutes(5)));
            waiting.awaitBlocked();
            waiting.thread().interrupt();
            assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
        } finally {
            connected.forEach(Channel::close);
        }
    }
}
