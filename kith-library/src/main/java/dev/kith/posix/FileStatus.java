// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysStat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/**
 * What the kernel knows of an open object, by fstat(2).
 *
 * @param sizeBytes the bytes it has; of a message queue nothing useful
 * @param uid the user who owns it
 * @param gid the group that it belongs to
 * @param mode the permission bits, for example 0600
 * @param modified when it was last changed through a system call; writes to mapped memory do not
 *     count
 */
public record FileStatus(long sizeBytes, int uid, int gid, int mode, Instant modified) {
    static FileStatus of(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            Errors.check(SysStat.fstat(fd, stat), "fstat(" + fd + ")", "");
            return new FileStatus(
                    Stat.size(stat),
                    Stat.uid(stat),
                    Stat.gid(stat),
                    Stat.mode(stat) & 07777,
                    Instant.ofEpochSecond(Stat.modifiedSeconds(stat), Stat.modifiedNanos(stat)));
        }
    }
}
