// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.blocking.Fixture.memory;

import dev.kith.Python;
import dev.kith.linux.TcpListener;
import dev.kith.linux.TcpSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reading what was not written, writing what nobody reads, connecting where nobody answers. */
final class TcpSocketCalls {
    private static final int BYTES = 1 << 16;
    private static final int CAPACITY = 4096;

    private TcpSocketCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(TcpSocket.class, TcpSocketCalls::connected)
                        .call("read(MemorySegment)", pair -> pair.handle().read(memory(8)))
                        .timed(
                                "tryRead(MemorySegment, Duration)",
                                (pair, time) -> pair.handle().tryRead(memory(8), time).isPresent())
                        .letGo(pair -> pair.other().write(memory(8)))
                        .close(Fixture.closing()),
                Waiting.in(TcpSocket.class, TcpSocketCalls::full)
                        .call("write(MemorySegment)", pair -> pair.handle().write(memory(1)))
                        .timed(
                                "tryWrite(MemorySegment, Duration)",
                                (pair, time) -> pair.handle().tryWrite(memory(1), time).isPresent())
                        .letGo(TcpSocketCalls::drain)
                        .close(Fixture.closing()),
                Waiting.in(TcpListener.class, TcpSocketCalls::listening)
                        .call("accept()", listener -> listener.handle().accept().close())
                        .timed(
                                "accept(Duration)",
                                (listener, time) -> {
                                    var accepted = listener.handle().accept(time);
                                    accepted.ifPresent(TcpSocket::close);
                                    return accepted.isPresent();
                                })
                        .letGo(listener ->
                                listener.other()
                                        .add(TcpSocket.connect(listener.handle().localAddress())))
                        .close(Fixture.closing()),
                Waiting.in(TcpSocket.class, TcpSocketCalls::silent)
                        .call(
                                "connect(InetSocketAddress)",
                                silent -> TcpSocket.connect(silent.handle()).close())
                        .call(
                                "connect(InetSocketAddress, int)",
                                silent -> TcpSocket.connect(silent.handle(), CAPACITY).close())
                        .timed(
                                "connect(InetSocketAddress, int, Duration)",
                                (silent, time) -> {
                                    var socket = TcpSocket.connect(silent.handle(), 0, time);
                                    socket.ifPresent(TcpSocket::close);
                                    return socket.isPresent();
                                })
                        .letGo(silent -> {
                            silent.other().outputWriter().append('\n').flush();
                            silent.other().inputReader().readLine();
                        }));
    }

    private static Fixture<TcpSocket, TcpSocket> connected() throws InterruptedException {
        try (TcpListener listener = listener()) {
            TcpSocket one = TcpSocket.connect(listener.localAddress(), CAPACITY);
            TcpSocket other = listener.accept();
            return new Fixture<>(
                    one,
                    other,
                    () -> {
                        one.close();
                        other.close();
                    });
        }
    }

    private static Fixture<TcpSocket, TcpSocket> full() throws InterruptedException {
        Fixture<TcpSocket, TcpSocket> pair = connected();
        // What was written is on its way until the other side has told that it came, which may take
        // 200 ms: full is when it stays so.
        for (int bytes : new int[] {BYTES, 1}) {
            while (pair.handle().tryWrite(memory(bytes), Duration.ofMillis(250)).isPresent()) {
                // until it is full
            }
        }
        return pair;
    }

    private static void drain(Fixture<TcpSocket, TcpSocket> pair) throws InterruptedException {
        while (pair.other().tryRead(memory(BYTES), Duration.ofMillis(20)).isPresent()) {
            // until it is empty
        }
    }

    private static Fixture<TcpListener, List<TcpSocket>> listening() {
        TcpListener listener = listener();
        List<TcpSocket> connected = new ArrayList<>();
        return new Fixture<>(
                listener,
                connected,
                () -> {
                    connected.forEach(TcpSocket::close);
                    listener.close();
                });
    }

    private static TcpListener listener() {
        return TcpListener.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CAPACITY);
    }

    /** An address where as many wait to be accepted as may: the kernel answers no more. */
    private static Fixture<InetSocketAddress, Process> silent() throws Exception {
        Process crowd =
                Python.start(
                        """
                        import socket, sys
                        listener = socket.socket()
                        listener.bind(('127.0.0.1', 0))
                        listener.listen(0)
                        port = listener.getsockname()
                        first = socket.create_connection(port)
                        print(port[1], flush=True)
                        sys.stdin.readline()
                        accepted = listener.accept()
                        print('accepted', flush=True)
                        sys.stdin.readline()
                        """);
        int port = Integer.parseInt(crowd.inputReader().readLine());
        return new Fixture<>(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                crowd,
                () -> crowd.destroyForcibly().waitFor());
    }
}
