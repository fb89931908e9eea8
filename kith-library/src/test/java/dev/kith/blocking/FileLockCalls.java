// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.posix.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Taking a lock that another handle holds. */
final class FileLockCalls {
    private FileLockCalls() {}

    static List<Waiting<?>> all() {
        return List.of(
                Waiting.in(FileLock.class, FileLockCalls::held)
                        .call("lock()", lock -> lock.handle().lock())
                        .call("lockShared()", lock -> lock.handle().lockShared())
                        .timed("tryLock(Duration)", (lock, time) -> lock.handle().tryLock(time))
                        .timed(
                                "tryLockShared(Duration)",
                                (lock, time) -> lock.handle().tryLockShared(time))
                        .letGo(lock -> lock.other().unlock())
                        .close(Fixture.closing()));
    }

    private static Fixture<FileLock, FileLock> held() throws Exception {
        Path file = Files.createTempFile("kith", ".lock");
        FileLock holder = FileLock.open(file);
        holder.lock();
        FileLock lock = FileLock.open(file);
        return new Fixture<>(
                lock,
                holder,
                () -> {
                    lock.close();
                    holder.close();
                    Files.delete(file);
                });
    }
}
