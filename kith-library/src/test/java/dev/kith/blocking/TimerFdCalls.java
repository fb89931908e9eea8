// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.linux.TimerFd;
import java.time.Duration;
import java.util.List;

/** Waiting for a timer that is not scheduled. */
final class TimerFdCalls {
    private TimerFdCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(TimerFd.class, TimerFd::create)
                        .call("await()", TimerFd::await)
                        .timed("await(Duration)", (timer, time) -> timer.await(time).isPresent())
                        .letGo(timer -> timer.schedule(Duration.ZERO))
                        .close(TimerFd::close));
    }
}
