// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.posix.MessageQueue;
import java.util.List;

/** Receiving from an empty POSIX queue, sending to a full one. */
final class PosixQueueCalls {
    private static final byte[] MESSAGE = {1, 2};

    private PosixQueueCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(MessageQueue.class, PosixQueueCalls::empty)
                        .call("receive()", queue -> queue.handle().receive())
                        .call(
                                "receive(QueueReader)",
                                queue -> queue.handle().receive((text, priority) -> ""))
                        .timed(
                                "tryReceive(Duration)",
                                (queue, time) -> queue.handle().tryReceive(time).isPresent())
                        .timed(
                                "tryReceive(QueueReader, Duration)",
                                (queue, time) ->
                                        queue.handle()
                                                .tryReceive((text, priority) -> "", time)
                                                .isPresent())
                        .letGo(queue -> queue.handle().send(MESSAGE, 0))
                        .close(Fixture.closing()),
                Waiting.in(MessageQueue.class, PosixQueueCalls::full)
                        .call("send(byte[], int)", queue -> queue.handle().send(MESSAGE, 0))
                        .call("send(QueueWriter, int)", queue -> queue.handle().send(to -> 3, 0))
                        .timed(
                                "trySend(byte[], int, Duration)",
                                (queue, time) -> queue.handle().trySend(MESSAGE, 0, time))
                        .timed(
                                "trySend(QueueWriter, int, Duration)",
                                (queue, time) -> queue.handle().trySend(to -> 3, 0, time))
                        .letGo(queue -> queue.handle().receive())
                        .close(Fixture.closing()));
    }

    private static Fixture<MessageQueue, Void> full() {
        Fixture<MessageQueue, Void> queue = empty();
        while (queue.handle().trySend(MESSAGE, 0)) {
            // until it is full
        }
        return queue;
    }

    private static Fixture<MessageQueue, Void> empty() {
        MessageQueue queue = MessageQueue.create(2, 64);
        return new Fixture<>(
                queue,
                null,
                () -> {
                    queue.unlink();
                    queue.close();
                });
    }
}
