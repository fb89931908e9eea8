// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.sysv.MessageBuffer;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.Types;
import java.time.Duration;
import java.util.List;

/** Receiving from an empty System V queue, sending to a full one. */
final class SysvQueueCalls {
    private static final byte[] MESSAGE = new byte[64];
    private static final Types ANY = Types.any();

    private SysvQueueCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(MessageQueue.class, SysvQueueCalls::empty)
                        .call("receive()", queue -> queue.handle().receive())
                        .call("receive(Types)", queue -> queue.handle().receive(ANY))
                        .timed(
                                "tryReceive(Types, Duration)",
                                (queue, time) -> queue.handle().tryReceive(ANY, time).isPresent())
                        .call("receiveCut(Types, int)", queue -> queue.handle().receiveCut(ANY, 1))
                        .timed(
                                "tryReceiveCut(Types, int, Duration)",
                                (queue, time) ->
                                        queue.handle().tryReceiveCut(ANY, 1, time).isPresent())
                        .call("awaitMessage(Types)", queue -> queue.handle().awaitMessage(ANY))
                        .timed(
                                "awaitMessage(Types, Duration)",
                                (queue, time) -> queue.handle().awaitMessage(ANY, time))
                        .letGo(queue -> queue.handle().send(1, MESSAGE))
                        .close(Fixture.closing()),
                Waiting.in(MessageQueue.class, SysvQueueCalls::full)
                        .call("send(long, byte[])", queue -> queue.handle().send(1, MESSAGE))
                        .timed(
                                "trySend(long, byte[], Duration)",
                                (queue, time) -> queue.handle().trySend(1, MESSAGE, time))
                        .letGo(queue -> queue.handle().receive())
                        .close(Fixture.closing()),
                Waiting.in(MessageBuffer.class, SysvQueueCalls::empty)
                        .call("receive(Types)", SysvQueueCalls::receive)
                        .timed("tryReceive(Types, Duration)", SysvQueueCalls::tryReceive)
                        .letGo(queue -> queue.handle().send(1, MESSAGE))
                        .close(Fixture.closing()),
                Waiting.in(MessageBuffer.class, SysvQueueCalls::full)
                        .call("send()", SysvQueueCalls::send)
                        .timed("trySend(Duration)", SysvQueueCalls::trySend)
                        .letGo(queue -> queue.handle().receive())
                        .close(Fixture.closing()));
    }

    private static void receive(Fixture<MessageQueue, Void> queue) throws InterruptedException {
        try (MessageBuffer buffer = queue.handle().buffer()) {
            buffer.receive(ANY);
        }
    }

    private static boolean tryReceive(Fixture<MessageQueue, Void> queue, Duration time)
            throws InterruptedException {
        try (MessageBuffer buffer = queue.handle().buffer()) {
            return buffer.tryReceive(ANY, time);
        }
    }

    private static void send(Fixture<MessageQueue, Void> queue) throws InterruptedException {
        try (MessageBuffer buffer = filled(queue.handle())) {
            buffer.send();
        }
    }

    private static boolean trySend(Fixture<MessageQueue, Void> queue, Duration time)
            throws InterruptedException {
        try (MessageBuffer buffer = filled(queue.handle())) {
            return buffer.trySend(time);
        }
    }

    private static MessageBuffer filled(MessageQueue queue) {
        MessageBuffer buffer = queue.buffer();
        buffer.type(1);
        buffer.lengthBytes(MESSAGE.length);
        return buffer;
    }

    private static Fixture<MessageQueue, Void> full() {
        Fixture<MessageQueue, Void> queue = empty();
        queue.handle().capacityBytes(2L * MESSAGE.length);
        while (queue.handle().trySend(1, MESSAGE)) {
            // until it is full
        }
        return queue;
    }

    private static Fixture<MessageQueue, Void> empty() {
        MessageQueue queue = MessageQueue.create();
        return new Fixture<>(
                queue,
                null,
                () -> {
                    queue.unlink();
                    queue.close();
                });
    }
}
