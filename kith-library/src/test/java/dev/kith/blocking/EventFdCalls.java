// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.linux.EventFd;
import java.time.Duration;
import java.util.List;

/** Taking from a counter of 0, and adding to one that has no room. */
final class EventFdCalls {
    private EventFdCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(EventFd.class, EventFd::create)
                        .call("take()", EventFd::take)
                        .timed(
                                "tryTake(Duration)",
                                (counter, time) -> counter.tryTake(time).isPresent())
                        .letGo(counter -> counter.add(1))
                        .close(EventFd::close),
                Waiting.in(EventFd.class, () -> EventFd.create(-2))
                        .call("add(long)", counter -> counter.add(5))
                        .timed("tryAdd(long, Duration)", (counter, time) -> counter.tryAdd(5, time))
                        .letGo(EventFdCalls::empty)
                        .close(EventFd::close));
    }

    private static void empty(EventFd counter) throws InterruptedException {
        counter.tryTake(Duration.ZERO).orElseThrow();
    }
}
