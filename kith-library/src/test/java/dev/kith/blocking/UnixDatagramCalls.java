// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.blocking.Fixture.memory;

import dev.kith.linux.UnixDatagramSocket;
import java.time.Duration;
import java.util.List;

/** Receiving what was not sent, sending what nobody receives. */
final class UnixDatagramCalls {
    private UnixDatagramCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(UnixDatagramSocket.class, UnixDatagramSocket::pair)
                        .call(
                                "receive(MemorySegment)",
                                pair -> pair.first().receive(memory(8)).close())
                        .timed(
                                "tryReceive(MemorySegment, Duration)",
                                (pair, time) ->
                                        pair.first().tryReceive(memory(8), time).isPresent())
                        .letGo(pair -> pair.second().send(memory(8)))
                        .close(pair -> pair.first().close()),
                Waiting.in(UnixDatagramSocket.class, UnixDatagramSocket::pair)
                        .call("nextLength()", pair -> pair.first().nextLength())
                        .timed(
                                "nextLength(Duration)",
                                (pair, time) -> pair.first().nextLength(time).isPresent())
                        .letGo(pair -> {
                            pair.first().tryReceive(memory(8), Duration.ZERO);
                            pair.second().send(memory(8));
                        })
                        .close(pair -> pair.first().close()),
                Waiting.in(UnixDatagramSocket.class, UnixDatagramCalls::full)
                        .call(
                                "send(MemorySegment, HasFd[])",
                                ends -> ends.handle().send(memory(1), ends.other()))
                        .timed(
                                "trySend(MemorySegment, List, Duration)",
                                (ends, time) -> ends.handle().trySend(memory(1), List.of(), time))
                        .call(
                                "sendTo(String, MemorySegment, HasFd[])",
                                ends -> ends.handle().sendTo(name(ends), memory(1)))
                        .timed(
                                "trySendTo(String, MemorySegment, List, Duration)",
                                (ends, time) ->
                                        ends.handle()
                                                .trySendTo(name(ends), memory(1), List.of(), time))
                        .letGo(ends -> ends.other().receive(memory(8)).close())
                        .close(Fixture.closing()));
    }

    private static String name(Fixture<?, UnixDatagramSocket> ends) {
        return ends.other().localName().orElseThrow();
    }

    /** A sender and a receiver that has as many as may wait. */
    private static Fixture<UnixDatagramSocket, UnixDatagramSocket> full()
            throws InterruptedException {
        UnixDatagramSocket receiver = UnixDatagramSocket.bind("@");
        UnixDatagramSocket sender = UnixDatagramSocket.connect(receiver.localName().orElseThrow());
        while (sender.trySend(memory(1), List.of(), Duration.ZERO)) {
            // until it is full
        }
        return new Fixture<>(
                sender,
                receiver,
                () -> {
                    sender.close();
                    receiver.close();
                });
    }
}
