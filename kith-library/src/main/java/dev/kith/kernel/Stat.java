// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** {@code struct stat} of sys/stat.h, which differs by architecture. */
public final class Stat {
    public static final long BYTES = Arch.AARCH64 ? 128 : 144;

    /** The bits of a mode that say the type, and the types. */
    public static final int S_IFMT = 0170000;

    public static final int S_IFSOCK = 0140000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFBLK = 0060000;
    public static final int S_IFDIR = 0040000;

    private static final long DEV = 0;
    private static final long INO = 8;
    private static final long MODE = Arch.AARCH64 ? 16 : 24;
    private static final long UID = Arch.AARCH64 ? 24 : 28;
    private static final long GID = Arch.AARCH64 ? 28 : 32;
    private static final long SIZE = 48;
    private static final long BLKSIZE = 56;
    private static final long MTIM_SEC = 88;
    private static final long MTIM_NSEC = 96;

    private Stat() {}

    /** {@code st_dev}: the file system. */
    public static long device(MemorySegment stat) {
        return stat.get(JAVA_LONG, DEV);
    }

    /** {@code st_ino}: the file in it. */
    public static long inode(MemorySegment stat) {
        return stat.get(JAVA_LONG, INO);
    }

    /** {@code st_mode}: the type in the upper bits, the permissions in the lower twelve. */
    public static int mode(MemorySegment stat) {
        return stat.get(JAVA_INT, MODE);
    }

    /** {@code st_uid}: the owner. */
    public static int uid(MemorySegment stat) {
        return stat.get(JAVA_INT, UID);
    }

    /** {@code st_gid}: the group. */
    public static int gid(MemorySegment stat) {
        return stat.get(JAVA_INT, GID);
    }

    /** {@code st_size}: bytes. */
    public static long size(MemorySegment stat) {
        return stat.get(JAVA_LONG, SIZE);
    }

    /** {@code st_blksize}: bytes of a block, or of a page of memory. */
    public static long blockBytes(MemorySegment stat) {
        // 8 bytes on x86-64, 4 on aarch64; both begin with the lower half.
        return stat.get(JAVA_INT, BLKSIZE);
    }

    /** {@code st_mtim}: seconds of the last change. */
    public static long modifiedSeconds(MemorySegment stat) {
        return stat.get(JAVA_LONG, MTIM_SEC);
    }

    /** {@code st_mtim}: nanoseconds of the last change. */
    public static long modifiedNanos(MemorySegment stat) {
        return stat.get(JAVA_LONG, MTIM_NSEC);
    }
}
