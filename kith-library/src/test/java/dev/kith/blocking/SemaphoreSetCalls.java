// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.sysv.SemaphoreOperation;
import dev.kith.sysv.SemaphoreSet;
import java.util.List;

/** Acquiring what nobody has released, and waiting for a zero that is none. */
final class SemaphoreSetCalls {
    private static final SemaphoreOperation ACQUIRE = SemaphoreOperation.acquire(0, 1);

    private SemaphoreSetCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(SemaphoreSet.class, () -> set(0))
                        .call("acquire()", set -> set.handle().acquire())
                        .call("acquire(int)", set -> set.handle().acquire(0))
                        .timed(
                                "tryAcquire(int, Duration)",
                                (set, time) -> set.handle().tryAcquire(0, time))
                        .call("perform(SemaphoreOperation[])", set -> set.handle().perform(ACQUIRE))
                        .timed(
                                "tryPerform(Duration, SemaphoreOperation[])",
                                (set, time) -> set.handle().tryPerform(time, ACQUIRE))
                        .letGo(set -> set.handle().release())
                        .close(Fixture.closing()),
                Waiting.in(SemaphoreSet.class, () -> set(1))
                        .call("awaitZero(int)", set -> set.handle().awaitZero(0))
                        .timed(
                                "awaitZero(int, Duration)",
                                (set, time) -> set.handle().awaitZero(0, time))
                        .letGo(set -> set.handle().acquire())
                        .close(Fixture.closing()));
    }

    private static Fixture<SemaphoreSet, Void> set(int value) {
        SemaphoreSet set = SemaphoreSet.create(value);
        return new Fixture<>(
                set,
                null,
                () -> {
                    set.unlink();
                    set.close();
                });
    }
}
