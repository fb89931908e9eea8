// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.kernel.SysIpc;
import java.lang.foreign.MemorySegment;

/**
 * Who may do what with an object: {@code struct ipc_perm}.
 *
 * @param key the key, or {@link Key#PRIVATE}
 * @param uid the user who owns it
 * @param gid the group that owns it
 * @param creatorUid the user who made it
 * @param creatorGid the group of who made it
 * @param mode the permission bits, for example 0600
 */
public record Permissions(Key key, long uid, long gid, long creatorUid, long creatorGid, int mode) {
    private static final int BITS = 0777;

    static Permissions read(MemorySegment ds) {
        return new Permissions(
                Key.of(ds.get(JAVA_INT, SysIpc.IPC_PERM_KEY)),
                Integer.toUnsignedLong(ds.get(JAVA_INT, SysIpc.IPC_PERM_UID)),
                Integer.toUnsignedLong(ds.get(JAVA_INT, SysIpc.IPC_PERM_GID)),
                Integer.toUnsignedLong(ds.get(JAVA_INT, SysIpc.IPC_PERM_CUID)),
                Integer.toUnsignedLong(ds.get(JAVA_INT, SysIpc.IPC_PERM_CGID)),
                ds.get(JAVA_INT, SysIpc.IPC_PERM_MODE) & BITS);
    }

    static void writeOwner(MemorySegment ds, long uid, long gid) {
        ds.set(JAVA_INT, SysIpc.IPC_PERM_UID, (int) uid);
        ds.set(JAVA_INT, SysIpc.IPC_PERM_GID, (int) gid);
    }

    static void writeMode(MemorySegment ds, int mode) {
        ds.set(JAVA_INT, SysIpc.IPC_PERM_MODE, checkMode(mode));
    }

    /**
     * A mode has nine bits; the bits above are flags of msgget, which a mode must not switch on.
     */
    static int checkMode(int mode) {
        if ((mode & ~BITS) != 0) {
            throw new IllegalArgumentException(
                    "mode=0" + Integer.toOctalString(mode) + ", highest=0777, usual=0600");
        }
        return mode;
    }
}
