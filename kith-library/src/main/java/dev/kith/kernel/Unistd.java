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
    private static final MethodHandle READ = Linkage.errno("read", LONG, INT, POINTER, LONG);
    private static final MethodHandle WRITE = Linkage.errno("write", LONG, INT, POINTER, LONG);
    private static final MethodHandle CLOSE = Linkage.errno("close", INT, INT);
    private static final MethodHandle DUP = Linkage.errno("dup", INT, INT);
    private static final MethodHandle PIPE2 = Linkage.errno("pipe2", INT, POINTER, INT);
    private static final MethodHandle FTRUNCATE = Linkage.errno("ftruncate", INT, INT, LONG);
    private static final MethodHandle UNLINK = Linkage.errno("unlink", INT, POINTER);
    private static final MethodHandle GETUID = Linkage.plain("getuid", INT);
    private static final MethodHandle GETEUID = Linkage.plain("geteuid", INT);
    private static final MethodHandle GETTID = Linkage.plain("gettid", INT);

    public static final int SEEK_SET = 0;
    public static final int SEEK_CUR = 1;
    public static final int SEEK_END = 2;

    private Unistd() {}

    /**
     * {@code ssize_t read(int fd, void *buf, size_t count)} - read bytes; 0 is end of file. read(2)
     */
    public static long read(int fd, MemorySegment buffer, long count) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) READ.invokeExact(errno, fd, buffer, count), errno);
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
            return Errno.result((long) WRITE.invokeExact(errno, fd, buffer, count), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("write", thrown);
        }
    }

    /**
     * {@code int close(int fd)} - let go of a descriptor; after EINTR it is closed all the same on
     * Linux. close(2)
     */
    public static int close(int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("close", thrown);
        }
    }

    /** {@code int dup(int fd)} - a second descriptor, not close-on-exec. dup(2) */
    public static int dup(int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) DUP.invokeExact(errno, fd), errno);
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
            return Errno.result((int) PIPE2.invokeExact(errno, fds, flags), errno);
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
            return Errno.result((int) FTRUNCATE.invokeExact(errno, fd, length), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("ftruncate", thrown);
        }
    }

    /** {@code int unlink(const char *path)} - remove a name. unlink(2) */
    public static int unlink(String path) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result((int) UNLINK.invokeExact(errno, CString.of(arena, path)), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("unlink", thrown);
        }
    }

    /** {@code uid_t getuid(void)} - the real user id. getuid(2) */
    public static int getuid() {
        try {
            return (int) GETUID.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("getuid", thrown);
        }
    }

    /** {@code uid_t geteuid(void)} - the effective user id. geteuid(2) */
    public static int geteuid() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("geteuid", thrown);
        }
    }

    /** {@code pid_t gettid(void)} - the kernel's number of the calling thread. gettid(2) */
    public static int gettid() {
        try {
            return (int) GETTID.invokeExact();
        } catch (Throwable thrown) {
            throw Linkage.failed("gettid", thrown);
        }
    }
}
