// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.SysShm.SHMID_DS_ATIME;
import static dev.kith.kernel.SysShm.SHMID_DS_CPID;
import static dev.kith.kernel.SysShm.SHMID_DS_CTIME;
import static dev.kith.kernel.SysShm.SHMID_DS_DTIME;
import static dev.kith.kernel.SysShm.SHMID_DS_LPID;
import static dev.kith.kernel.SysShm.SHMID_DS_NATTCH;
import static dev.kith.kernel.SysShm.SHMID_DS_SEGSZ;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.kernel.SysIpc;
import dev.kith.kernel.SysShm;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/**
 * What the kernel says of shared memory: {@code struct shmid_ds}. Times are in whole seconds.
 *
 * @param permissions who may do what
 * @param sizeBytes how large it is, as asked for at its creation
 * @param attachments how many times it is attached, by any processes
 * @param lastAttach when it was last attached; empty if never
 * @param lastDetach when it was last detached; empty if never
 * @param changed when it was made, or its owner or mode changed
 * @param creator the process that made it
 * @param lastUser the process that last attached or detached it; 0 if none did
 * @param removed whether it was removed, and is gone with the last detach
 * @see <a href="https://man7.org/linux/man-pages/man2/shmctl.2.html">shmctl(2)</a>
 */
public record MemoryStat(
        Permissions permissions,
        long sizeBytes,
        long attachments,
        Optional<Instant> lastAttach,
        Optional<Instant> lastDetach,
        Instant changed,
        long creator,
        long lastUser,
        boolean removed) {

    static MemoryStat read(MemorySegment ds) {
        return new MemoryStat(
                Permissions.read(ds),
                ds.get(JAVA_LONG, SHMID_DS_SEGSZ),
                ds.get(JAVA_LONG, SHMID_DS_NATTCH),
                Times.of(ds.get(JAVA_LONG, SHMID_DS_ATIME)),
                Times.of(ds.get(JAVA_LONG, SHMID_DS_DTIME)),
                Instant.ofEpochSecond(ds.get(JAVA_LONG, SHMID_DS_CTIME)),
                ds.get(JAVA_INT, SHMID_DS_CPID),
                ds.get(JAVA_INT, SHMID_DS_LPID),
                (ds.get(JAVA_INT, SysIpc.IPC_PERM_MODE) & SysShm.SHM_DEST) != 0);
    }
}
