// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/mman.h: mapped memory and POSIX shared memory objects. */
public final class SysMman {

    private static final class Mmap {
        static final MethodHandle CALL =
                Linkage.errno("mmap", LONG, LONG, LONG, INT, INT, INT, LONG);
    }

    private static final class Munmap {
        static final MethodHandle CALL = Linkage.errno("munmap", INT, POINTER, LONG);
    }

    private static final class Madvise {
        static final MethodHandle CALL = Linkage.errno("madvise", INT, POINTER, LONG, INT);
    }

    private static final class ShmOpen {
        static final MethodHandle CALL = Linkage.errno("shm_open", INT, POINTER, INT, INT);
    }

    private static final class MemfdCreate {
        static final MethodHandle CALL = Linkage.errno("memfd_create", INT, POINTER, INT);
    }

    private static final class ShmUnlink {
        static final MethodHandle CALL = Linkage.errno("shm_unlink", INT, POINTER);
    }

    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_SHARED = 1;
    public static final int MAP_PRIVATE = 2;
    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    public static final int MFD_HUGETLB = 4;
    public static final int MFD_NOEXEC_SEAL = 8;
    public static final int MADV_POPULATE_READ = 22;
    public static final int MADV_POPULATE_WRITE = 23;

    private SysMman() {}

    /**
     * {@code void *mmap(NULL, size_t len, int prot, int flags, int fd, off_t offset)} - map; the
     * address, or the negative errno. mmap(2)
     */
    public static long mmap(long length, int protection, int flags, int fd, long offset) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Mmap.CALL.invokeExact(errno, 0L, length, protection, flags, fd, offset),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mmap", thrown);
        }
    }

    /**
     * The memory of a mapping, which is unmapped when the arena is closed: a bare munmap under a
     * live segment would end the JVM at its next access.
     */
    @SuppressWarnings("restricted") // address and length are those of a mapping just made
    public static MemorySegment mapped(long address, long length, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(length, arena, SysMman::munmap);
    }

    /** {@code int munmap(void *addr, size_t len)} - unmap. mmap(2) */
    private static void munmap(MemorySegment mapping) {
        MemorySegment errno = Errno.segment();
        try {
            int error =
                    Errno.result(
                            (int) Munmap.CALL.invokeExact(errno, mapping, mapping.byteSize()),
                            errno);
            if (error < 0) {
                throw new AssertionError("munmap of a mapping of ours: errno=" + -error);
            }
        } catch (Throwable thrown) {
            throw Linkage.failed("munmap", thrown);
        }
    }

    /**
     * {@code int madvise(void *addr, size_t len, int advice)} - MADV_POPULATE_* is EINVAL before
     * Linux 5.14, EFAULT on a page beyond the end of the file. madvise(2)
     */
    public static int madvise(MemorySegment mapping, long length, int advice) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Madvise.CALL.invokeExact(errno, mapping, length, advice), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("madvise", thrown);
        }
    }

    /**
     * {@code int shm_open(const char *name, int flags, mode_t mode)} - open a file of /dev/shm,
     * always close-on-exec and never through a symbolic link. shm_open(3)
     */
    public static int shmOpen(String name, int flags, int mode) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) ShmOpen.CALL.invokeExact(errno, CString.of(arena, name), flags, mode),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("shm_open", thrown);
        }
    }

    /**
     * {@code int memfd_create(const char *name, unsigned int flags)} - a file in memory without a
     * name; EACCES where vm.memfd_noexec is 2 and MFD_NOEXEC_SEAL is not given. memfd_create(2)
     */
    public static int memfdCreate(String name, int flags) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) MemfdCreate.CALL.invokeExact(errno, CString.of(arena, name), flags),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("memfd_create", thrown);
        }
    }

    /** {@code int shm_unlink(const char *name)} - remove a name. shm_open(3) */
    public static int shmUnlink(String name) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) ShmUnlink.CALL.invokeExact(errno, CString.of(arena, name)), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("shm_unlink", thrown);
        }
    }
}
