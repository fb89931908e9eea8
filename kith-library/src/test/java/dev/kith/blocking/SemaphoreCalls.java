// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.posix.Semaphore;
import java.util.List;

/** Acquiring what nobody has released. */
final class SemaphoreCalls {
    private SemaphoreCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(Semaphore.class, SemaphoreCalls::zero)
                        .call("acquire()", semaphore -> semaphore.handle().acquire())
                        .timed(
                                "tryAcquire(Duration)",
                                (semaphore, time) -> semaphore.handle().tryAcquire(time))
                        .letGo(semaphore -> semaphore.handle().release())
                        .close(Fixture.closing()));
    }

    private static Fixture<Semaphore, Void> zero() {
        Semaphore semaphore = Semaphore.create(0);
        return new Fixture<>(
                semaphore,
                null,
                () -> {
                    semaphore.unlink();
                    semaphore.close();
                });
    }
}
