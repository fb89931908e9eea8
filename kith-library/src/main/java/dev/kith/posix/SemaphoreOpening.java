// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOSPC;

import dev.kith.Broken;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.PosixSem;
import dev.kith.kernel.SysStat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Makes, opens and removes named semaphores, and explains why not. */
final class SemaphoreOpening {
    private SemaphoreOpening() {}

    static MemorySegment create(String name, int permits, int mode) {
        ObjectName.checked("sem_open", name, PosixSem.FILE_PREFIX);
        ObjectName.checkedMode(mode);
        long address = PosixSem.open(name, Fcntl.O_CREAT | Fcntl.O_EXCL, mode, permits);
        if (address < 0) {
            String call =
                    "sem_open(\""
                            + name
                            + "\", O_CREAT|O_EXCL, "
                            + ObjectName.octal(mode)
                            + ", "
                            + permits
                            + ")";
            throw Errors.of(
                    call,
                    address,
                    switch ((int) -address) {
                        case EEXIST ->
                                "open it with Semaphore.open, or remove it with: kith rm psem:"
                                        + name;
                        case ENOENT, EACCES -> "/dev/shm must be there and writable";
                        case ENOSPC -> "/dev/shm is full: kith ls --kind shm,psem says by what";
                        default -> "";
                    });
        }
        MemorySegment semaphore = PosixSem.at(address);
        // What was asked for, whatever the umask took away.
        int error = SysStat.chmod(file(name).toString(), mode);
        if (error < 0) {
            PosixSem.close(semaphore);
            PosixSem.unlink(name);
            throw Errors.of("chmod(\"" + file(name) + "\")", error, "");
        }
        return semaphore;
    }

    static MemorySegment open(String name) {
        ObjectName.checked("sem_open", name, PosixSem.FILE_PREFIX);
        checkSize(name);
        long address = PosixSem.open(name, 0, 0, 0);
        if (address < 0) {
            throw Errors.of(
                    "sem_open(\"" + name + "\")",
                    address,
                    address == -ENOENT
                            ? "make it with Semaphore.create"
                            : "see its owner and mode with: kith info psem:" + name);
        }
        return PosixSem.at(address);
    }

    static void unlink(String name) {
        ObjectName.checked("sem_unlink", name, PosixSem.FILE_PREFIX);
        int error = PosixSem.unlink(name);
        Errors.check(
                error,
                "sem_unlink(\"" + name + "\")",
                error == -ENOENT
                        ? "the semaphores there are: kith ls --kind psem"
                        : "only its owner may remove it");
    }

    /** The C library maps the file whatever its size; beyond its end the JVM would be killed. */
    private static void checkSize(String name) {
        long size;
        try {
            size = (long) Files.getAttribute(file(name), "size", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException unknown) {
            return;
        }
        if (size < PosixSem.BYTES) {
            throw new Broken(
                    "sem_open(\""
                            + name
                            + "\"): not a semaphore: size="
                            + size
                            + ", expected="
                            + PosixSem.BYTES
                            + " ("
                            + file(name)
                            + ")");
        }
    }

    private static Path file(String name) {
        return Path.of("/dev/shm", PosixSem.FILE_PREFIX + name.substring(1));
    }
}
