// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.linux.EventFd;
import dev.kith.linux.Poller;
import java.util.List;
import java.util.Set;

/** Waiting for members of which none is ready. */
final class PollerCalls {
    private PollerCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(Poller.class, PollerCalls::idle)
                        .call("await()", poller -> poller.handle().await())
                        .timed(
                                "await(Duration)",
                                (poller, time) -> !poller.handle().await(time).isEmpty())
                        .letGo(poller -> poller.other().add(1))
                        .close(Fixture.closing()));
    }

    private static Fixture<Poller<String>, EventFd> idle() {
        Poller<String> poller = Poller.open();
        EventFd member = EventFd.create();
        poller.add(member, Set.of(Poller.Event.IN), "member");
        return new Fixture<>(
                poller,
                member,
                () -> {
                    poller.close();
                    member.close();
                });
    }
}
