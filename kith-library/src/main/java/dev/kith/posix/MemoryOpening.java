// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.ELOOP;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOSPC;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.SysMman;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes, opens, maps and removes POSIX shared memory objects, and explains why not. */
final class MemoryOpening {
    private MemoryOpening() {}

    static int create(String name, long sizeBytes, int mode) {
        ObjectName.checked("shm_open", name, "");
        ObjectName.checkedMode(mode);
        checkSize(sizeBytes);
        int fd = SysMman.shmOpen(name, Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL, mode);
        Errors.check(
                fd,
                "shm_open(\"" + name + "\", O_CREAT|O_EXCL, " + ObjectName.octal(mode) + ")",
                switch (-fd) {
                    case EEXIST ->
                            "open it with SharedMemory.open, or remove it with: kith rm shm:"
                                    + name;
                    case ENOENT -> "/dev/shm must be there and writable";
                    default -> "";
                });
        try {
            reserve(name, fd, sizeBytes);
            // What was asked for, whatever the umask took away.
            Errors.check(SysStat.fchmod(fd, mode), "fchmod(\"" + name + "\")", "");
            return fd;
        } catch (RuntimeException failed) {
            Unistd.close(fd);
            SysMman.shmUnlink(name);
            throw failed;
        }
    }

    static int open(String name, boolean readOnly) {
        ObjectName.checked("shm_open", name, "");
        int fd = SysMman.shmOpen(name, readOnly ? Fcntl.O_RDONLY : Fcntl.O_RDWR, 0);
        return Errors.check(
                fd,
                "shm_open(\"" + name + "\", " + (readOnly ? "O_RDONLY" : "O_RDWR") + ")",
                switch (-fd) {
                    case ENOENT -> "make it with SharedMemory.create";
                    case ELOOP -> "a symbolic link is not followed";
                    default -> "see its owner and mode with: kith info shm:" + name;
                });
    }

    static void unlink(String name) {
        ObjectName.checked("shm_unlink", name, "");
        int error = SysMman.shmUnlink(name);
        Errors.check(
                error,
                "shm_unlink(\"" + name + "\")",
                error == -ENOENT
                        ? "the objects there are: kith ls --kind shm"
                        : "only its owner may remove it");
    }

    static void checkSize(long sizeBytes) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + ", least=1");
        }
    }

    /** Makes the object at least that large, with memory behind all of it. */
    static void reserve(String name, int fd, long sizeBytes) {
        int error;
        do {
            error = Fcntl.posixFallocate(fd, 0, sizeBytes);
        } while (error == EINTR);
        if (error != 0) {
            throw Errors.of(
                    "posix_fallocate(\"" + name + "\", " + sizeBytes + ")",
                    error,
                    error == ENOSPC ? noRoom() : "");
        }
    }

    static void truncate(String name, int fd, long sizeBytes) {
        Errors.check(
                Unistd.ftruncate(fd, sizeBytes),
                "ftruncate(\"" + name + "\", " + sizeBytes + ")",
                "");
    }

    /** Maps the object; an empty one, which the kernel does not map, as no bytes. */
    static MemorySegment map(String name, int fd, long sizeBytes, boolean readOnly, Arena arena) {
        if (sizeBytes == 0) {
            return arena.allocate(0);
        }
        int protection = SysMman.PROT_READ | (readOnly ? 0 : SysMman.PROT_WRITE);
        long address = SysMman.mmap(sizeBytes, protection, SysMman.MAP_SHARED, fd, 0);
        if (address < 0) {
            throw Errors.of("mmap(\"" + name + "\", " + sizeBytes + ", MAP_SHARED)", address, "");
        }
        MemorySegment mapped = SysMman.mapped(address, sizeBytes, arena);
        // A store to a page mapped to read would end the JVM.
        return readOnly ? mapped.asReadOnly() : mapped;
    }

    private static String noRoom() {
        String free;
        try {
            free = Files.getFileStore(Path.of("/dev/shm")).getUsableSpace() + " bytes free";
        } catch (IOException unreadable) {
            free = "no room";
        }
        return "/dev/shm has "
                + free
                + "; see what takes it with: kith ls --kind shm, or enlarge it as root: mount -o"
                + " remount,size=2G /dev/shm";
    }
}
