// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.ENODEV;
import static dev.kith.kernel.Errno.ENOMEM;
import static dev.kith.kernel.Errno.ENOSPC;
import static dev.kith.kernel.Errno.ENOSYS;
import static dev.kith.kernel.Errno.EPERM;

import dev.kith.blocking.Errors;
import dev.kith.blocking.Knob;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysMman;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Makes and maps files in memory, and explains why not. */
final class MemFdOpening {
    /** Of memfd_create(2). */
    private static final int MOST_NAME_BYTES = 249;

    private static final long KIB = 1024;

    private MemFdOpening() {}

    static int create(String name, long sizeBytes, Set<MemFd.Option> options) {
        if (name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES
                || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "name=\"" + name + "\" must be at most 249 bytes, none of them zero");
        }
        boolean huge = options.contains(MemFd.Option.HUGE_PAGES);
        boolean sealable = !options.contains(MemFd.Option.UNSEALABLE);
        checkSize(sizeBytes, huge);
        int flags =
                SysMman.MFD_CLOEXEC
                        | (sealable ? SysMman.MFD_ALLOW_SEALING : 0)
                        | (huge ? SysMman.MFD_HUGETLB : 0);
        int fd = SysMman.memfdCreate(name, flags);
        if (fd == -EACCES && sealable) {
            // The administrator wants every memfd to be one that cannot be executed.
            fd = SysMman.memfdCreate(name, flags | SysMman.MFD_NOEXEC_SEAL);
        }
        Errors.check(
                fd,
                "memfd_create(\"" + name + "\"" + (huge ? ", MFD_HUGETLB" : "") + ")",
                switch (-fd) {
                    case EACCES ->
                            "/proc/sys/vm/memfd_noexec is "
                                    + Knob.read("vm/memfd_noexec")
                                    + ": leave UNSEALABLE out";
                    case ENODEV, EINVAL, ENOSYS -> huge ? "this kernel has no huge pages" : "";
                    default -> "";
                });
        try {
            reserve(name, fd, sizeBytes, huge);
            return fd;
        } catch (RuntimeException failed) {
            Unistd.close(fd);
            throw failed;
        }
    }

    static void checkSize(long sizeBytes, boolean huge) {
        if (sizeBytes < 1) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + ", least=1");
        }
        if (huge && sizeBytes % hugePageBytes() != 0) {
            throw new IllegalArgumentException(
                    "sizeBytes="
                            + sizeBytes
                            + " is no multiple of a huge page, "
                            + hugePageBytes()
                            + " bytes");
        }
    }

    /** Makes the file at least that large, with memory behind all of it. */
    static void reserve(String name, int fd, long sizeBytes, boolean huge) {
        String call = "posix_fallocate(\"" + name + "\", " + sizeBytes + ")";
        if (!huge) {
            MemoryRoom.check(call, sizeBytes - sizeBytes(fd));
        }
        int error;
        do {
            error = Fcntl.posixFallocate(fd, 0, sizeBytes);
        } while (error == EINTR);
        if (error != 0) {
            throw Errors.of(
                    call,
                    error,
                    switch (error) {
                        case ENOSPC, ENOMEM -> noRoom(huge);
                        case EPERM -> "it is sealed against growing";
                        default -> "";
                    });
        }
    }

    /** Maps a part; an empty one, which the kernel does not map, as no bytes. */
    static MemorySegment map(
            String what, int fd, long offset, long length, boolean readOnly, Arena arena) {
        if (length == 0) {
            return arena.allocate(0);
        }
        int protection = SysMman.PROT_READ | (readOnly ? 0 : SysMman.PROT_WRITE);
        long address = SysMman.mmap(length, protection, SysMman.MAP_SHARED, fd, offset);
        if (address == -EPERM && readOnly) {
            // Before Linux 6.7 what is sealed against writing could not be mapped shared; as it
            // does not change, private is the same.
            address = SysMman.mmap(length, protection, SysMman.MAP_PRIVATE, fd, offset);
        }
        if (address < 0) {
            throw Errors.of(
                    "mmap(" + what + ", " + offset + ", " + length + ")",
                    address,
                    switch ((int) -address) {
                        case EPERM -> "it is sealed against writing: mapReadOnly()";
                        case EACCES -> "the descriptor is open to read only: mapReadOnly()";
                        default -> "";
                    });
        }
        MemorySegment mapped = SysMman.mapped(address, length, arena);
        // A store to a page mapped to read would end the JVM.
        return readOnly ? mapped.asReadOnly() : mapped;
    }

    static long hugePageBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("Hugepagesize:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
                }
            }
        } catch (IOException unreadable) {
            // As on most machines, then.
        }
        return 2 * KIB * KIB;
    }

    private static long sizeBytes(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            return SysStat.fstat(fd, stat) < 0 ? 0 : Stat.size(stat);
        }
    }

    private static String noRoom(boolean huge) {
        return huge
                ? "too few huge pages are free: /proc/sys/vm/nr_hugepages is "
                        + Knob.read("vm/nr_hugepages")
                        + "; as root: sysctl vm.nr_hugepages=16"
                : "the machine has too little memory for it: see free -h";
    }
}
