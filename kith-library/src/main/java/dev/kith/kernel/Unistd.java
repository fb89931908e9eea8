// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** unistd.h: descriptors, reading and writing, process ids. */
public final class Unistd {

    private static final class Read {
        static final MethodHandle CALL = Linkage.sleeping(SYS_READ, INT, POINTER, LONG);
    }

    private static final class Write {
        static final MethodHandle CALL = Linkage.sleeping(SYS_WRITE, INT, POINTER, LONG);
    }

    private static final class Pread {
        static final MethodHandle CALL = Linkage.errno("pread", LONG, INT, POINTER, LONG, LONG);
    }

    private static final class Pwrite {
        static final MethodHandle CALL = Linkage.errno("pwrite", LONG, INT, POINTER, LONG, LONG);
    }

    private static final class Lseek {
        static final MethodHandle CALL = Linkage.errno("lseek", LONG, INT, LONG, INT);
    }

    private static final class Close {
        static final MethodHandle CALL = Linkage.errno("close", INT, INT);
    }

    private static final class Dup {
        static final MethodHandle CALL = Linkage.errno("dup", INT, INT);
    }

    private static final class Pipe2 {
        static final MethodHandle CALL = Linkage.errno("pipe2", INT, POINTER, INT);
    }

    private static final class Ftruncate {
        static final MethodHandle CALL = Linkage.errno("ftruncate", INT, INT, LONG);
    }

    private static final class Unlink {
        static final MethodHandle CALL = Linkage.errno("unlink", INT, POINTER);
    }

    private static final class Linkat {
        static final MethodHandle CALL =
                Linkage.errno("linkat", INT, INT, POINTER, INT, POINTER, INT);
    }

    private static final class Getuid {
        static final MethodHandle CALL = Linkage.plain("getuid", INT);
    }

    private static final class Geteuid {
        static final MethodHandle CALL = Linkage.plain("geteuid", INT);
    }

    private static final class Getpagesize {
        static final MethodHandle CALL = Linkage.plain("getpagesize", INT);
    }

    private static final class Gettid {
        static final MethodHandle CALL = Linkage.plain("gettid", INT);
    }

    public static final int SEEK_SET = 0;
    public static final int SEEK_CUR = 1;
    public static final int SEEK_END = 2;

    private static final long SYS_READ = Arch.AARCH64 ? 63 : 0;
    private static final long SYS_WRITE = Arch.AARCH64 ? 64 : 1;

    private Unistd() {}

    /**
     * {@code ssize_t read(int fd, void *buf, size_t count)} - read bytes; 0 is end of file. read(2)
     */
    public static long read(int fd, MemorySegment buffer, long count) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) Read.CALL.invokeExact(errno, fd, buffer, count), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("read", thrown);
        }
    }

    /**
     * {@code ssize_t write(int fd, const void *buf, size_t count)} - write bytes; may write fewer.
     * write(2)
     */
    public static long write(int fd, MemorySegment buffer, long count) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) Write.CALL.invokeExact(errno, fd, buffer, count), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("write", thrown);
        }
    }

    /**
     * {@code ssize_t pread(int fd, void *buf, size_t count, off_t offset)} - read at a position;
     * ESPIPE if it has none. pread(2)
     */
    public static long pread(int fd, MemorySegment buffer, long count, long offset) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Pread.CALL.invokeExact(errno, fd, buffer, count, offset), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pread", thrown);
        }
    }

    /**
     * {@code ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset)} - write at a
     * position; with O_APPEND at the end all the same. pread(2)
     */
    public static long pwrite(int fd, MemorySegment buffer, long count, long offset) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Pwrite.CALL.invokeExact(errno, fd, buffer, count, offset), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pwrite", thrown);
        }
    }

    /**
     * {@code off_t lseek(int fd, off_t offset, int whence)} - move the position; ESPIPE if it has
     * none. lseek(2)
     */
    public static long lseek(int fd, long offset, int whence) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) Lseek.CALL.invokeExact(errno, fd, offset, whence), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("lseek", thrown);
        }
    }

    /**
     * {@code int close(int fd)} - let go of a descriptor; after EINTR it is closed all the same on
     * Linux. close(2)
     */
    public static int close(int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Close.CALL.invokeExact(errno, fd), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("close", thrown);
        }
    }

    /** {@code int dup(int fd)} - a second descriptor, not close-on-exec. dup(2) */
    public static int dup(int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Dup.CALL.invokeExact(errno, fd), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("dup", thrown);
        }
    }

    /**
     * {@code int pipe2(int fds[2], int flags)} - make a pipe: fds[0] reads, fds[1] writes. pipe(2)
     */
    public static int pipe2(MemorySegment fds, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Pipe2.CALL.invokeExact(errno, fds, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("pipe2", thrown);
        }
    }

    /**
     * {@code int ftruncate(int fd, off_t length)} - set a file's size; reserves nothing.
     * ftruncate(2)
     */
    public static int ftruncate(int fd, long length) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Ftruncate.CALL.invokeExact(errno, fd, length), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("ftruncate", thrown);
        }
    }

    /** {@code int unlink(const char *path)} - remove a name. unlink(2) */
    public static int unlink(String path) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) Unlink.CALL.invokeExact(errno, CString.of(arena, path)), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("unlink", thrown);
        }
    }

    /**
     * {@code int linkat(int olddirfd, const char *old, int newdirfd, const char *new, int flags)} -
     * give a file a name that nothing has yet, EEXIST otherwise; both paths as open(2) takes them.
     * With AT_SYMLINK_FOLLOW and /proc/self/fd/N also one that has none, of O_TMPFILE. linkat(2)
     */
    public static int linkat(String existing, String added, int flags) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int)
                            Linkat.CALL.invokeExact(
                                    errno,
                                    Fcntl.AT_FDCWD,
                                    CString.of(arena, existing),
                                    Fcntl.AT_FDCWD,
                                    CString.of(arena, added),
                                    flags),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("linkat", thrown);
        }
    }

    /** {@code uid_t getuid(void)} - the real user id. getuid(2) */
    public static int getuid() {
        try {
            return (int) Getuid.CALL.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("getuid", thrown);
        }
    }

    /** {@code uid_t geteuid(void)} - the effective user id. geteuid(2) */
    public static int geteuid() {
        try {
            return (int) Geteuid.CALL.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("geteuid", thrown);
        }
    }

    /** {@code pid_t gettid(void)} - the kernel's number of the calling thread. gettid(2) */
    public static int gettid() {
        try {
            return (int) Gettid.CALL.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("gettid", thrown);
        }
    }

    /** {@code int getpagesize(void)} - bytes of a page of memory. getpagesize(2) */
    public static int getpagesize() {
        try {
            return (int) Getpagesize.CALL.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("getpagesize", thrown);
        }
    }
}
