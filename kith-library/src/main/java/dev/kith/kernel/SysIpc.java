// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/ipc.h: what the System V queues, semaphores and memory have in common. */
public final class SysIpc {

    private static final class Ftok {
        static final MethodHandle CALL = Linkage.errno("ftok", INT, POINTER, INT);
    }

    public static final int IPC_PRIVATE = 0;
    public static final int IPC_CREAT = 01000;
    public static final int IPC_EXCL = 02000;
    public static final int IPC_NOWAIT = 04000;
    public static final int IPC_RMID = 0;
    public static final int IPC_SET = 1;
    public static final int IPC_STAT = 2;

    /** {@code struct ipc_perm}, the beginning of msqid_ds, semid_ds and shmid_ds. */
    public static final long IPC_PERM_KEY = 0;

    public static final long IPC_PERM_UID = 4;
    public static final long IPC_PERM_GID = 8;
    public static final long IPC_PERM_CUID = 12;
    public static final long IPC_PERM_CGID = 16;
    public static final long IPC_PERM_MODE = 20;

    private SysIpc() {}

    /**
     * {@code key_t ftok(const char *path, int id)} - make a key of a file's device and inode and
     * the low 8 bits of the id. Two files may give the same key. ftok(3)
     *
     * @return the key as an unsigned number, or the negative errno
     */
    public static long ftok(String path, int id) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            int key = (int) Ftok.CALL.invokeExact(errno, CString.of(arena, path), id);
            return key == -1 ? -Errno.captured(errno) : key & 0xffff_ffffL;
        } catch (Throwable thrown) {
            throw Linkage.failed("ftok", thrown);
        }
    }
}
