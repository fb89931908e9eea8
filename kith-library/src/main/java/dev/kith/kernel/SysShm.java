// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/shm.h: System V shared memory. */
public final class SysShm {

    private static final class Shmget {
        static final MethodHandle CALL = Linkage.errno("shmget", INT, INT, LONG, INT);
    }

    private static final class Shmat {
        static final MethodHandle CALL = Linkage.errno("shmat", LONG, INT, LONG, INT);
    }

    private static final class Shmdt {
        static final MethodHandle CALL = Linkage.errno("shmdt", INT, POINTER);
    }

    private static final class Shmctl {
        static final MethodHandle CALL = Linkage.errno("shmctl", INT, INT, INT, POINTER);
    }

    public static final int SHM_RDONLY = 010000;
    public static final int SHM_RND = 020000;
    public static final int SHM_EXEC = 0100000;
    public static final int SHM_HUGETLB = 04000;
    public static final int SHM_NORESERVE = 010000;

    /** In the mode that IPC_STAT gives: removed, and gone with the last detach. */
    public static final int SHM_DEST = 01000;

    /** {@code struct shmid_ds}, which begins with ipc_perm. */
    public static final long SHMID_DS_BYTES = 112;

    public static final long SHMID_DS_SEGSZ = 48;
    public static final long SHMID_DS_ATIME = 56;
    public static final long SHMID_DS_DTIME = 64;
    public static final long SHMID_DS_CTIME = 72;
    public static final long SHMID_DS_CPID = 80;
    public static final long SHMID_DS_LPID = 84;
    public static final long SHMID_DS_NATTCH = 88;

    private SysShm() {}

    /**
     * {@code int shmget(key_t key, size_t size, int flags)} - find or make memory, of zeros.
     * shmget(2)
     */
    public static int shmget(int key, long bytes, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Shmget.CALL.invokeExact(errno, key, bytes, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("shmget", thrown);
        }
    }

    /**
     * {@code void *shmat(int id, const void *address, int flags)} - attach; address 0 lets the
     * kernel choose. shmop(2)
     */
    public static long shmat(int id, long address, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) Shmat.CALL.invokeExact(errno, id, address, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("shmat", thrown);
        }
    }

    /**
     * {@code int shmdt(const void *address)} - detach, when the arena is closed: an access to
     * memory that is gone would kill the JVM, an access to a segment of a closed arena throws.
     * shmop(2)
     */
    @SuppressWarnings("restricted") // the size is the kernel's, and the arena ends with the memory
    public static MemorySegment detachWith(Arena arena, long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, SysShm::shmdt);
    }

    /**
     * {@code int shmctl(int id, int command, struct shmid_ds *ds)} - describe, change, remove.
     * shmctl(2)
     */
    public static int shmctl(int id, int command, MemorySegment ds) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Shmctl.CALL.invokeExact(errno, id, command, ds), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("shmctl", thrown);
        }
    }

    private static void shmdt(MemorySegment address) {
        MemorySegment errno = Errno.segment();
        try {
            int unused = (int) Shmdt.CALL.invokeExact(errno, address);
        } catch (Throwable thrown) {
            throw Linkage.failed("shmdt", thrown);
        }
    }
}
