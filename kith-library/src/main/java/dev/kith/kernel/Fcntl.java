// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** fcntl.h: opening, descriptor flags, record locks. */
public final class Fcntl {

    private static final class Open {
        static final MethodHandle CALL = Linkage.errnoVariadic("open", 2, INT, POINTER, INT, INT);
    }

    private static final class FcntlInt {
        static final MethodHandle CALL = Linkage.errnoVariadic("fcntl", 2, INT, INT, INT, INT);
    }

    private static final class FcntlPointer {
        static final MethodHandle CALL = Linkage.errnoVariadic("fcntl", 2, INT, INT, INT, POINTER);
    }

    private static final class PosixFallocate {
        static final MethodHandle CALL = Linkage.plain("posix_fallocate", INT, INT, LONG, LONG);
    }

    private static final class Splice {
        static final MethodHandle CALL =
                Linkage.errno("splice", LONG, INT, POINTER, INT, POINTER, LONG, INT);
    }

    private static final class Tee {
        static final MethodHandle CALL = Linkage.errno("tee", LONG, INT, INT, LONG, INT);
    }

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DSYNC = 0x1000;
    public static final int O_SYNC = 0x101000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    public static final int O_DIRECT = Arch.AARCH64 ? 0x10000 : 0x4000;
    public static final int O_DIRECTORY = Arch.AARCH64 ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = Arch.AARCH64 ? 0x8000 : 0x20000;
    public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;
    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int FD_CLOEXEC = 1;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int F_OFD_GETLK = 36;
    public static final int F_OFD_SETLK = 37;
    public static final int F_OFD_SETLKW = 38;
    public static final int F_SETPIPE_SZ = 1031;
    public static final int F_GETPIPE_SZ = 1032;
    public static final int F_ADD_SEALS = 1033;
    public static final int F_GET_SEALS = 1034;
    public static final int F_SEAL_SEAL = 1;
    public static final int F_SEAL_SHRINK = 2;
    public static final int F_SEAL_GROW = 4;
    public static final int F_SEAL_WRITE = 8;
    public static final int F_SEAL_FUTURE_WRITE = 0x10;
    public static final int F_SEAL_EXEC = 0x20;
    public static final short F_RDLCK = 0;
    public static final short F_WRLCK = 1;
    public static final short F_UNLCK = 2;

    private Fcntl() {}

    /**
     * {@code int open(const char *path, int flags, mode_t mode)} - open a file; a FIFO without a
     * peer blocks. open(2)
     */
    public static int open(String path, int flags, int mode) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) Open.CALL.invokeExact(errno, CString.of(arena, path), flags, mode),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("open", thrown);
        }
    }

    /** {@code int fcntl(int fd, int cmd, int arg)} - descriptor flags, pipe size. fcntl(2) */
    public static int fcntl(int fd, int command, int argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) FcntlInt.CALL.invokeExact(errno, fd, command, argument), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fcntl", thrown);
        }
    }

    /**
     * {@code int fcntl(int fd, int cmd, struct flock *arg)} - record locks, {@link Flock};
     * F_OFD_SETLKW blocks. fcntl_locking(2)
     */
    public static int fcntl(int fd, int command, MemorySegment argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) FcntlPointer.CALL.invokeExact(errno, fd, command, argument), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fcntl", thrown);
        }
    }

    /**
     * {@code int posix_fallocate(int fd, off_t offset, off_t len)} - reserve room; returns the
     * error, positive. posix_fallocate(3)
     */
    public static int posixFallocate(int fd, long offset, long length) {
        try {
            return (int) PosixFallocate.CALL.invokeExact(fd, offset, length);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_fallocate", thrown);
        }
    }

    /**
     * {@code ssize_t splice(int in, off_t *off_in, int out, off_t *off_out, size_t len, unsigned
     * flags)} - move bytes within the kernel; one of the two is a pipe. Without offsets: a file's
     * own position moves. Blocks as a read and a write would. splice(2)
     */
    public static long splice(int in, int out, long length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long)
                            Splice.CALL.invokeExact(
                                    errno,
                                    in,
                                    MemorySegment.NULL,
                                    out,
                                    MemorySegment.NULL,
                                    length,
                                    0),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("splice", thrown);
        }
    }

    /**
     * {@code ssize_t tee(int in, int out, size_t len, unsigned flags)} - copy what is in one pipe
     * to another, and leave it there. tee(2)
     */
    public static long tee(int in, int out, long length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) Tee.CALL.invokeExact(errno, in, out, length, 0), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("tee", thrown);
        }
    }
}
