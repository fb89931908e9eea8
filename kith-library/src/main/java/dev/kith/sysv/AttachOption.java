// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.kernel.SysShm;

/**
 * How {@link SharedMemory} is attached. SHM_REMAP is not there: it could replace the JVM's own
 * memory, or that of another handle, which would end the replacement when it is closed and the JVM
 * with it.
 */
public enum AttachOption {
    /** For reading only (SHM_RDONLY): a write throws, and no permission to write is needed. */
    READ_ONLY(SysShm.SHM_RDONLY),
    /** Rounds the address that was asked for down to a page (SHM_RND). */
    ROUND_ADDRESS(SysShm.SHM_RND),
    /** Lets what is in it be run as machine code (SHM_EXEC). */
    EXECUTABLE(SysShm.SHM_EXEC);

    private final int flag;

    AttachOption(int flag) {
        this.flag = flag;
    }

    /** The flags of shmat together. */
    static int flags(AttachOption... options) {
        int flags = 0;
        for (AttachOption option : options) {
            flags |= option.flag;
        }
        return flags;
    }
}
