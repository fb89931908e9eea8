// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/stat.h: modes and the making of FIFOs. */
public final class SysStat {

    private static final class Mkfifo {
        static final MethodHandle CALL = Linkage.errno("mkfifo", INT, POINTER, INT);
    }

    private static final class Chmod {
        static final MethodHandle CALL = Linkage.errno("chmod", INT, POINTER, INT);
    }

    private static final class Fchmod {
        static final MethodHandle CALL = Linkage.errno("fchmod", INT, INT, INT);
    }

    private static final class Fstat {
        static final MethodHandle CALL = Linkage.errno("fstat", INT, INT, POINTER);
    }

    private static final class Lstat {
        static final MethodHandle CALL = Linkage.errno("lstat", INT, POINTER, POINTER);
    }

    private SysStat() {}

    /**
     * {@code int mkfifo(const char *path, mode_t mode)} - make a FIFO; the umask applies. mkfifo(3)
     */
    public static int mkfifo(String path, int mode) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) Mkfifo.CALL.invokeExact(errno, CString.of(arena, path), mode), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mkfifo", thrown);
        }
    }

    /**
     * {@code int chmod(const char *path, mode_t mode)} - set permission bits, whatever the umask.
     * chmod(2)
     */
    public static int chmod(String path, int mode) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) Chmod.CALL.invokeExact(errno, CString.of(arena, path), mode), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("chmod", thrown);
        }
    }

    /**
     * {@code int fchmod(int fd, mode_t mode)} - set permission bits, whatever the umask. fchmod(2)
     */
    public static int fchmod(int fd, int mode) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Fchmod.CALL.invokeExact(errno, fd, mode), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fchmod", thrown);
        }
    }

    /** {@code int fstat(int fd, struct stat *st)} - describe an open file, {@link Stat}. stat(2) */
    public static int fstat(int fd, MemorySegment stat) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Fstat.CALL.invokeExact(errno, fd, stat), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fstat", thrown);
        }
    }

    /**
     * {@code int lstat(const char *path, struct stat *st)} - describe a file, not following a link.
     * stat(2)
     */
    public static int lstat(String path, MemorySegment stat) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) Lstat.CALL.invokeExact(errno, CString.of(arena, path), stat), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("lstat", thrown);
        }
    }
}
