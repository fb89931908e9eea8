// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.EROFS;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Flock;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** What a file lock covers. Length 0 is to the end, however the file grows. */
record FileRange(Path path, long offset, long length) {
    FileRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException(
                    "no range of a file: offset=" + offset + ", length=" + length + ", least=0");
        }
        path = path.toAbsolutePath();
    }

    static FileRange whole(Path path) {
        return new FileRange(path, 0, 0);
    }

    /**
     * Opens the file to write, or to read if that is all that is allowed; not blocking on a FIFO.
     */
    int open() {
        int flags = Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK;
        int fd = Fcntl.open(path.toString(), Fcntl.O_RDWR | flags, 0);
        if (fd == -EACCES || fd == -EROFS) {
            fd = Fcntl.open(path.toString(), Fcntl.O_RDONLY | flags, 0);
        }
        return Errors.check(
                fd,
                "open(\"" + path + "\", O_RDWR)",
                fd == -ENOENT ? "make it with FileLock.openOrCreate" : "");
    }

    int openOrCreate() {
        int flags = Fcntl.O_RDWR | Fcntl.O_CREAT | Fcntl.O_NOFOLLOW | Fcntl.O_CLOEXEC;
        return Errors.check(
                Fcntl.open(path.toString(), flags | Fcntl.O_NONBLOCK, 0600),
                "open(\"" + path + "\", O_RDWR|O_CREAT|O_NOFOLLOW, 0600)",
                "the directory must exist and be writable, and the path be no symbolic link");
    }

    MemorySegment flock(Arena arena, short type) {
        MemorySegment flock = arena.allocate(Flock.BYTES, 8);
        Flock.set(flock, type, offset, length);
        return flock;
    }

    @Override
    public String toString() {
        return length == 0 && offset == 0
                ? path.toString()
                : path + "[" + offset + (length == 0 ? "…" : ", length " + length) + "]";
    }
}
