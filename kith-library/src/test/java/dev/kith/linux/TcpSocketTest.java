// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.AlreadyExists;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.PeerDied;
import dev.kith.Python;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TcpSocketTest {
    private static final String CLIENT =
            """
            import socket, sys
            s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
            print(s.getsockname()[1], flush=True)
            print(s.recv(100).decode(), flush=True)
            s.sendall(b'from Python')
            sys.stdin.read()
            """;

    private static final String SERVER =
            """
            import socket, sys
            s = socket.create_server(('127.0.0.1', 0))
            print(s.getsockname()[1], flush=True)
            c, peer = s.accept()
            print(peer[1], flush=True)
            print(c.recv(100).decode(), flush=True)
            c.sendall(b'from Python')
            c.shutdown(socket.SHUT_WR)
            print(len(c.recv(100)), flush=True)
            sys.stdin.read()
            """;

    private static final String DEAF =
            """
            import socket, sys
            s = socket.socket()
            s.bind(('127.0.0.1', 0))
            s.listen(0)
            print(s.getsockname()[1], flush=True)
            sys.stdin.read()
            """;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldTalkToAPythonClientUntilItIsKilled(String host) throws Exception {
        assumeTrue(exists(host), "this machine has no address " + host);
        try (TcpListener listener = TcpListener.bind(new InetSocketAddress(host, 0));
                Arena arena = Arena.ofConfined()) {
            int port = listener.localAddress().getPort();
            assertThat(listener.localAddress()).isEqualTo(new InetSocketAddress(host, port));
            Process python = Python.start(CLIENT, host, String.valueOf(port));
            try (TcpSocket socket = listener.accept()) {
                int theirs = Integer.parseInt(python.inputReader().readLine());
                assertThat(socket.remoteAddress()).isEqualTo(new InetSocketAddress(host, theirs));
                assertThat(socket.localAddress()).isEqualTo(listener.localAddress());
                assertThat(socket.write(text(arena, "from Java"))).isEqualTo(9);
                assertThat(python.inputReader().readLine()).isEqualTo("from Java");
                MemorySegment buffer = arena.allocate(100);
                assertThat(socket.read(buffer)).isEqualTo(11);
                assertThat(socket.tryRead(buffer, Duration.ZERO)).isEmpty();
                python.destroyForcibly().waitFor();
                assertThat(socket.read(buffer)).isZero();
                assertThatThrownBy(
                                () -> {
                                    while (true) {
                                        socket.write(buffer);
                                    }
                                })
                        .isInstanceOf(PeerDied.class)
                        .hasMessageContaining("tcp://");
                assertThat(socket.remoteAddress().getPort()).isEqualTo(theirs);
            }
        }
    }

    @Test
    void shouldTalkToAPythonServerAndGoOnWritingAfterItsEnd() throws Exception {
        Process python = Python.start(SERVER);
        InetSocketAddress to = address(python);
        try (TcpSocket socket = TcpSocket.connect(to);
                Arena arena = Arena.ofConfined()) {
            assertThat(python.inputReader().readLine())
                    .isEqualTo(String.valueOf(socket.localAddress().getPort()));
            socket.write(text(arena, "from Java"));
            assertThat(python.inputReader().readLine()).isEqualTo("from Java");
            MemorySegment buffer = arena.allocate(100);
            assertThat(socket.read(buffer)).isEqualTo(11);
            assertThat(socket.read(buffer)).isZero();
            socket.write(buffer.asSlice(0, 7));
            assertThat(python.inputReader().readLine()).isEqualTo("7");
            assertThat(socket).hasToString("TCP connection to tcp://127.0.0.1:" + to.getPort());
        } finally {
            python.destroyForcibly();
        }
    }

    @Test
    void shouldTellThatAPeerWasKilledBeforeItReadEverything() throws Exception {
        Process python = Python.start(DEAF);
        try (TcpSocket socket = TcpSocket.connect(address(python));
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(100);
            socket.write(buffer);
            python.destroyForcibly().waitFor();
            assertThatThrownBy(() -> socket.read(buffer))
                    .isInstanceOf(PeerDied.class)
                    .hasMessageContaining(
                            "ECONNRESET (Connection reset by peer); the other side has closed it");
        }
    }

    @Test
    void shouldSayWhyItCannotConnectOrListen() throws Exception {
        InetSocketAddress at;
        try (TcpListener listener = TcpListener.bind(loopback(0))) {
            at = listener.localAddress();
            assertThatThrownBy(() -> TcpListener.bind(at))
                    .isInstanceOf(AlreadyExists.class)
                    .hasMessage(
                            "bind(tcp://127.0.0.1:"
                                    + at.getPort()
                                    + "): EADDRINUSE (Address already in use); port 0 picks a free"
                                    + " one");
            try (TcpSocket one = TcpSocket.connect(at)) {
                assertThat(one.remoteAddress()).isEqualTo(at);
                listener.accept().close();
            }
            assertThat(listener.accept(Duration.ofMillis(20))).isEmpty();
        }
        assertThatThrownBy(() -> TcpSocket.connect(at))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "connect(tcp://127.0.0.1:"
                                + at.getPort()
                                + "): ECONNREFUSED (Connection refused); is the other side"
                                + " listening? kith listen tcp://127.0.0.1:"
                                + at.getPort());
        // Its connections linger in TIME_WAIT, which SO_REUSEADDR passes over.
        TcpListener.bind(at).close();
        InetSocketAddress foreign = new InetSocketAddress("192.0.2.1", 1);
        assertThatThrownBy(() -> TcpListener.bind(foreign))
                .isInstanceOf(IpcException.class)
                .hasMessageContaining("EADDRNOTAVAIL")
                .hasMessageContaining("one of this machine's");
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("no.such.host", 1);
        assertThatThrownBy(() -> TcpSocket.connect(unknown))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("no.such.host");
        assertThatThrownBy(() -> TcpSocket.connect(at, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacityBytes=-1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAConnectThatNobodyAnswersByInterruptOrInTime(boolean virtual) throws Exception {
        Process python = Python.start(DEAF);
        List<TcpSocket> waiting = new ArrayList<>();
        try {
            InetSocketAddress to = address(python);
            Duration time = Duration.ofMillis(100);
            Optional<TcpSocket> connected = TcpSocket.connect(to, 0, time);
            while (connected.isPresent()) {
                waiting.add(connected.get());
                assertThat(waiting).hasSizeLessThan(20);
                connected = TcpSocket.connect(to, 0, time);
            }
            assertThat(interrupted(virtual, () -> TcpSocket.connect(to)))
                    .isInstanceOf(InterruptedException.class);
        } finally {
            waiting.forEach(TcpSocket::close);
            python.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAWaitingAcceptAndReadByInterruptAndByClose(boolean virtual) throws Exception {
        try (TcpListener listener = TcpListener.bind(loopback(0));
                TcpSocket client = TcpSocket.connect(listener.localAddress());
                TcpSocket server = listener.accept();
                Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(10);
            assertThat(interrupted(virtual, listener::accept))
                    .isInstanceOf(InterruptedException.class);
            assertThat(interrupted(virtual, () -> server.read(buffer)))
                    .isInstanceOf(InterruptedException.class);
            client.write(buffer);
            assertThat(server.read(buffer)).isEqualTo(10);
            FutureTask<?> accepting = start(virtual, listener::accept);
            FutureTask<?> reading = start(virtual, () -> server.read(buffer));
            Thread.sleep(60);
            CountDownLatch told = new CountDownLatch(2);
            try (var newPeer = listener.whenReady(told::countDown);
                    var newBytes = server.whenReady(told::countDown)) {
                assertThat(newPeer).isNotEqualTo(newBytes);
                listener.close();
                server.close();
                told.await();
            }
            assertThat(listener.isReady()).isTrue();
            assertThat(server.isReady()).isTrue();
            assertThat(failure(accepting))
                    .isInstanceOf(Closed.class)
                    .hasMessageContaining("listener on tcp://127.0.0.1:");
            assertThat(failure(reading))
                    .isInstanceOf(Closed.class)
                    .hasMessageContaining("TCP connection to tcp://127.0.0.1:");
            assertThat(client.read(buffer)).isZero();
        }
    }

    @Test
    void shouldListenToBothKindsOfAddressWhenAskedForAll() throws Exception {
        assumeTrue(exists("::1"), "this machine has no IPv6");
        try (TcpListener listener = TcpListener.bind(new InetSocketAddress("::", 0))) {
            int port = listener.localAddress().getPort();
            for (String host : List.of("127.0.0.1", "::1")) {
                InetAddress address = InetAddress.getByName(host);
                try (TcpSocket client = TcpSocket.connect(new InetSocketAddress(address, port));
                        TcpSocket server = listener.accept()) {
                    assertThat(server.remoteAddress().getAddress()).isEqualTo(address);
                    assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
                }
            }
        }
    }

    @Test
    void shouldHoldWhatItsCapacityAllows() throws Exception {
        try (TcpListener listener = TcpListener.bind(loopback(0), 4096);
                TcpSocket client = TcpSocket.connect(listener.localAddress(), 4096);
                TcpSocket server = listener.accept();
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            assertThat(fill(client.noDelay(false), buffer)).isBetween(1L, 100_000L);
            server.capacity(1 << 16);
            assertThat(fill(server, buffer)).isGreaterThan(1 << 16);
            assertThatThrownBy(() -> server.capacity(0)).hasMessageContaining("capacity=0");
        }
    }

    private static long fill(TcpSocket socket, MemorySegment buffer) throws InterruptedException {
        long written = 0;
        for (var put = socket.tryWrite(buffer, Duration.ofMillis(50));
                put.isPresent();
                put = socket.tryWrite(buffer, Duration.ofMillis(50))) {
            written += put.getAsInt();
        }
        return written;
    }

    private static Throwable interrupted(boolean virtual, Callable<?> call) throws Exception {
        FutureTask<Object> task = new FutureTask<>(call::call);
        Thread thread = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
        Thread.sleep(60);
        thread.interrupt();
        return failure(task);
    }

    private static FutureTask<?> start(boolean virtual, Callable<?> call) {
        FutureTask<Object> task = new FutureTask<>(call::call);
        if (virtual) {
            Thread.ofVirtual().start(task);
        } else {
            Thread.ofPlatform().daemon().start(task);
        }
        return task;
    }

    private static Throwable failure(FutureTask<?> task) throws InterruptedException {
        try {
            return new AssertionError("returned " + task.get());
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(
                ValueLayout.JAVA_BYTE, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static InetSocketAddress address(Process python) throws IOException {
        return loopback(Integer.parseInt(python.inputReader().readLine()));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static boolean exists(String host) {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return probe.isBound();
        } catch (IOException none) {
            return false;
        }
    }
}
