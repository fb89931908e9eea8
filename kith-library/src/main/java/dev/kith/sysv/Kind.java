// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOMEM;
import static dev.kith.kernel.Errno.ENOSPC;
import static dev.kith.kernel.Errno.EPERM;

import dev.kith.kernel.SysIpc;
import dev.kith.kernel.SysMsg;
import dev.kith.kernel.SysSem;
import dev.kith.kernel.SysShm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The three kinds of System V objects, where they differ in names, limits and the call that
 * describes them.
 */
enum Kind {
    QUEUE("sysvmq", "queue", "MessageQueue", "msgget", SysMsg.MSQID_DS_BYTES) {
        @Override
        int control(int id, int command, MemorySegment ds) {
            return SysMsg.msgctl(id, command, ds);
        }

        @Override
        String tooMany() {
            return "/proc/sys/kernel/msgmni says how many queues there may be: "
                    + Limits.read("msgmni");
        }

        @Override
        String tooLarge() {
            return "";
        }
    },
    SEMAPHORES("sysvsem", "semaphore set", "SemaphoreSet", "semget", SysSem.SEMID_DS_BYTES) {
        @Override
        int control(int id, int command, MemorySegment ds) {
            return SysSem.semctl(id, 0, command, ds);
        }

        @Override
        String tooMany() {
            return "/proc/sys/kernel/sem says how many there may be (a set, in all, an operation,"
                    + " sets): "
                    + Limits.read("sem");
        }

        @Override
        String tooLarge() {
            return "there is one with fewer semaphores, or more are asked for than the first number"
                    + " of /proc/sys/kernel/sem allows: "
                    + Limits.read("sem");
        }
    },
    MEMORY("sysvshm", "shared memory", "SharedMemory", "shmget", SysShm.SHMID_DS_BYTES) {
        @Override
        int control(int id, int command, MemorySegment ds) {
            return SysShm.shmctl(id, command, ds);
        }

        @Override
        String tooMany() {
            return "/proc/sys/kernel/shmmni says how many segments there may be: "
                    + Limits.read("shmmni")
                    + ", shmall how many pages in all: "
                    + Limits.read("shmall");
        }

        @Override
        String tooLarge() {
            return "there is one with fewer bytes, or more are asked for than"
                    + " /proc/sys/kernel/shmmax allows: "
                    + Limits.read("shmmax");
        }
    };

    private static final String HUGE_PAGES =
            "; of huge pages there are as many as /proc/sys/vm/nr_hugepages says";

    final String scheme;
    final String noun;
    final String handle;
    final String get;
    private final long dsBytes;

    Kind(String scheme, String noun, String handle, String get, long dsBytes) {
        this.scheme = scheme;
        this.noun = noun;
        this.handle = handle;
        this.get = get;
        this.dsBytes = dsBytes;
    }

    /** msgctl, semctl or shmctl. */
    abstract int control(int id, int command, MemorySegment ds);

    /** What limits the number of objects. */
    abstract String tooMany();

    /** What limits the size of one. */
    abstract String tooLarge();

    /** Memory for the msqid_ds, semid_ds or shmid_ds. */
    MemorySegment allocate(Arena arena) {
        return arena.allocate(dsBytes, 8);
    }

    /** Asks whether there is an object of that id: 0, or the negative errno. */
    int find(int id) {
        try (Arena arena = Arena.ofConfined()) {
            return control(id, SysIpc.IPC_STAT, allocate(arena));
        }
    }

    /** What to do about an error of msgget, semget or shmget. */
    String advice(int errno, Key key) {
        return switch (errno) {
            case ENOENT ->
                    "create it with "
                            + handle
                            + ".create"
                            + (this == QUEUE ? ", or with: kith create " + scheme + ":" + key : "");
            case EEXIST ->
                    "open it with "
                            + handle
                            + ".open, or remove it with: kith rm "
                            + scheme
                            + ":"
                            + key;
            case EACCES -> Identity.DENIED;
            case ENOSPC -> tooMany();
            case EINVAL -> tooLarge();
            case ENOMEM -> "the kernel has no memory for it" + (this == MEMORY ? HUGE_PAGES : "");
            case EPERM ->
                    "huge pages need CAP_IPC_LOCK, or the group of"
                            + " /proc/sys/vm/hugetlb_shm_group";
            default -> "";
        };
    }
}
