// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.blocking.Fixture.memory;

import dev.kith.Python;
import dev.kith.linux.Fd;
import dev.kith.linux.SocketType;
import dev.kith.linux.UnixListener;
import dev.kith.linux.UnixSocket;
import dev.kith.linux.UnixSocketPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Reading what was not written, writing what nobody reads, connecting where nobody accepts. */
final class UnixSocketCalls {
    private static final int BYTES = 1 << 16;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private UnixSocketCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(UnixSocket.class, UnixSocket::pair)
                        .call("read(MemorySegment)", pair -> pair.first().read(memory(8)))
                        .timed(
                                "tryRead(MemorySegment, Duration)",
                                (pair, time) -> pair.first().tryRead(memory(8), time).isPresent())
                        .call(
                                "read(MemorySegment, Consumer)",
                                pair -> pair.first().read(memory(8), Fd::close))
                        .timed(
                                "tryRead(MemorySegment, Consumer, Duration)",
                                (pair, time) ->
                                        pair.first()
                                                .tryRead(memory(8), Fd::close, time)
                                                .isPresent())
                        .call(
                                "receive(MemorySegment)",
                                pair -> pair.first().receive(memory(8)).close())
                        .timed(
                                "tryReceive(MemorySegment, Duration)",
                                (pair, time) ->
                                        pair.first().tryReceive(memory(8), time).isPresent())
                        .letGo(pair -> pair.second().write(memory(8)))
                        .close(pair -> pair.first().close()),
                Waiting.in(UnixSocket.class, () -> UnixSocket.pair(SocketType.SEQPACKET))
                        .call("nextLength()", pair -> pair.first().nextLength())
                        .timed(
                                "nextLength(Duration)",
                                (pair, time) -> pair.first().nextLength(time).isPresent())
                        .letGo(UnixSocketCalls::letGoPacket)
                        .close(pair -> pair.first().close()),
                Waiting.in(UnixSocket.class, UnixSocketCalls::full)
                        .call("write(MemorySegment)", pair -> pair.first().write(memory(1)))
                        .timed(
                                "tryWrite(MemorySegment, Duration)",
                                (pair, time) -> pair.first().tryWrite(memory(1), time).isPresent())
                        .call(
                                "write(MemorySegment, HasFd[])",
                                pair -> pair.first().write(memory(1), pair.second()))
                        .timed(
                                "tryWrite(MemorySegment, List, Duration)",
                                (pair, time) ->
                                        pair.first()
                                                .tryWrite(memory(1), List.of(pair.second()), time)
                                                .isPresent())
                        .letGo(UnixSocketCalls::drain)
                        .close(pair -> pair.first().close()),
                Waiting.in(UnixListener.class, UnixSocketCalls::listening)
                        .call("accept()", listener -> listener.handle().accept().close())
                        .timed(
                                "accept(Duration)",
                                (listener, time) -> {
                                    var accepted = listener.handle().accept(time);
                                    accepted.ifPresent(UnixSocket::close);
                                    return accepted.isPresent();
                                })
                        .letGo(listener ->
                                listener.other().add(UnixSocket.connect(listener.handle().name())))
                        .close(Fixture.closing()),
                Waiting.in(UnixSocket.class, UnixSocketCalls::crowded)
                        .call(
                                "connect(String)",
                                crowd -> UnixSocket.connect(crowd.handle()).close())
                        .timed(
                                "connect(String, Duration)",
                                (crowd, time) ->
                                        connected(UnixSocket.connect(crowd.handle(), time)))
                        .call(
                                "connect(SocketType, String)",
                                crowd ->
                                        UnixSocket.connect(SocketType.STREAM, crowd.handle())
                                                .close())
                        .timed(
                                "connect(SocketType, String, Duration)",
                                (crowd, time) ->
                                        connected(
                                                UnixSocket.connect(
                                                        SocketType.STREAM, crowd.handle(), time)))
                        .letGo(crowd -> {
                            crowd.other().outputWriter().append('\n').flush();
                            crowd.other().inputReader().readLine();
                        }));
    }

    private static boolean connected(Optional<UnixSocket> socket) {
        socket.ifPresent(UnixSocket::close);
        return socket.isPresent();
    }

    /** The last packet that was not taken goes first: a look leaves it. */
    private static void letGoPacket(UnixSocketPair pair) throws InterruptedException {
        pair.first().tryReceive(memory(8), Duration.ZERO);
        pair.second().write(memory(8));
    }

    private static UnixSocketPair full() throws InterruptedException {
        UnixSocketPair pair = UnixSocket.pair();
        while (pair.first().tryWrite(memory(BYTES), Duration.ZERO).isPresent()) {
            // until it is full
        }
        while (pair.first().tryWrite(memory(1), Duration.ZERO).isPresent()) {
            // until it is full
        }
        return pair;
    }

    private static void drain(UnixSocketPair pair) throws InterruptedException {
        while (pair.second().tryRead(memory(BYTES), Duration.ZERO).isPresent()) {
            // until it is empty
        }
    }

    private static Fixture<UnixListener, List<UnixSocket>> listening() {
        UnixListener listener = UnixListener.bind(name());
        List<UnixSocket> connected = new ArrayList<>();
        return new Fixture<>(
                listener,
                connected,
                () -> {
                    connected.forEach(UnixSocket::close);
                    listener.close();
                });
    }

    /** A name where as many wait to be accepted as may. */
    private static Fixture<String, Process> crowded() throws Exception {
        String name = name();
        Process crowd =
                Python.start(
                        """
                        import socket, sys
                        name = '\\0' + sys.argv[1]
                        listener = socket.socket(socket.AF_UNIX)
                        listener.bind(name)
                        listener.listen(0)
                        first = socket.socket(socket.AF_UNIX)
                        first.connect(name)
                        print('full', flush=True)
                        sys.stdin.readline()
                        accepted = listener.accept()
                        print('accepted', flush=True)
                        sys.stdin.readline()
                        """,
                        name.substring(1));
        crowd.inputReader().readLine();
        return new Fixture<>(name, crowd, () -> crowd.destroyForcibly().waitFor());
    }

    private static String name() {
        return "@kith-waits-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();
    }
}
