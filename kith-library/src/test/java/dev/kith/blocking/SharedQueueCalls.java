// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.codec.Codec;
import dev.kith.shared.QueueOption;
import dev.kith.shared.SharedQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Queues that are empty, full, or not done with. */
final class SharedQueueCalls {
    private SharedQueueCalls() {}

    static List<Waiting<?>> all() {
        return List.of(takers(), putters(), joiners());
    }

    private static Waiting<?> takers() {
        return Waiting.in(SharedQueue.class, () -> fixture(0))
                .call("take()", pair -> pair.handle().take())
                .timed("poll(Duration)", (pair, time) -> pair.handle().poll(time).isPresent())
                .timed(
                        "poll(long, TimeUnit)",
                        (pair, time) ->
                                pair.handle().poll(time.toNanos(), TimeUnit.NANOSECONDS) != null)
                .call("lease()", pair -> pair.handle().lease().acknowledge())
                .timed("lease(Duration)", (pair, time) -> pair.handle().lease(time).isPresent())
                .call("takeEach(Consumer)", pair -> pair.handle().takeEach(_ -> {}))
                .letGo(pair -> {
                    pair.handle().put("x");
                    pair.handle().end();
                })
                .close(Fixture.closing());
    }

    private static Waiting<?> putters() {
        return Waiting.in(SharedQueue.class, () -> fixture(1))
                .call("put(Object)", pair -> pair.handle().put("y"))
                .call("put(Object, int)", pair -> pair.handle().put("y", 1))
                .timed("offer(Object, Duration)", (pair, time) -> pair.handle().offer("y", time))
                .timed(
                        "offer(Object, int, Duration)",
                        (pair, time) -> pair.handle().offer("y", 1, time))
                .timed(
                        "offer(Object, long, TimeUnit)",
                        (pair, time) ->
                                pair.handle().offer("y", time.toNanos(), TimeUnit.NANOSECONDS))
                .call("end()", pair -> pair.handle().end())
                .call("end(int)", pair -> pair.handle().end(2))
                .timed("end(int, Duration)", (pair, time) -> pair.handle().end(2, time))
                .letGo(pair -> pair.handle().clear())
                .close(Fixture.closing());
    }

    private static Waiting<?> joiners() {
        return Waiting.in(SharedQueue.class, () -> fixture(1))
                .call("join()", pair -> pair.handle().join())
                .timed("join(Duration)", (pair, time) -> pair.handle().join(time))
                .letGo(pair -> pair.handle().clear())
                .close(Fixture.closing());
    }

    private static Fixture<SharedQueue<String>, Void> fixture(int items)
            throws InterruptedException {
        SharedQueue<String> queue =
                SharedQueue.anonymous(
                        Codec.utf8(), QueueOption.byPriority(), QueueOption.capacity(items + 1));
        for (int i = 0; i <= items && items > 0; i++) {
            queue.offer("x", Duration.ZERO);
        }
        return new Fixture<>(queue, null, queue);
    }
}
