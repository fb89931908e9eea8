// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.kernel.SysShm;

/** How {@link SharedMemory} is made. */
public enum CreateOption {
    /**
     * In huge pages (SHM_HUGETLB), of which /proc/sys/vm/nr_hugepages must have enough free; needs
     * CAP_IPC_LOCK or the group of /proc/sys/vm/hugetlb_shm_group.
     */
    HUGE_PAGES(SysShm.SHM_HUGETLB),
    /**
     * Without setting swap space aside (SHM_NORESERVE): when memory runs out, the first access to a
     * page may kill the process instead of the creation failing.
     */
    NO_RESERVE(SysShm.SHM_NORESERVE);

    private final int flag;

    CreateOption(int flag) {
        this.flag = flag;
    }

    /** The flags of shmget together. */
    static int flags(CreateOption... options) {
        int flags = 0;
        for (CreateOption option : options) {
            flags |= option.flag;
        }
        return flags;
    }

    /** The flags as they stand in a call. */
    static String text(CreateOption... options) {
        StringBuilder text = new StringBuilder();
        for (CreateOption option : options) {
            text.append(option == HUGE_PAGES ? "SHM_HUGETLB|" : "SHM_NORESERVE|");
        }
        return text.toString();
    }
}
