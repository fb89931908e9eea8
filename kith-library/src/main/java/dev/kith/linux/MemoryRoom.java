// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.ENOMEM;

import dev.kith.blocking.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory there is to be had. A file in memory has no limit of its own: the kernel goes on
 * reserving until it must end processes, this one first, so what cannot fit is refused beforehand.
 * What others take meanwhile is not foreseen.
 */
final class MemoryRoom {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");
    private static final long KIB = 1024;

    private MemoryRoom() {}

    /** Refuses to reserve more bytes than there are. */
    static void check(String call, long bytes) {
        long available = availableBytes();
        if (bytes > available) {
            throw Errors.of(
                    call,
                    ENOMEM,
                    "more than the machine or its container has: needed="
                            + bytes
                            + ", available="
                            + available
                            + " bytes; see free -b");
        }
    }

    /** Bytes that are free, can be freed or swapped out; the largest number if nobody tells. */
    static long availableBytes() {
        long free = meminfo("MemAvailable:");
        long machine = free < 0 ? Long.MAX_VALUE : free + Math.max(0, meminfo("SwapFree:"));
        return Math.min(
                machine, Math.min(limit("memory.max"), limit("memory/memory.limit_in_bytes")));
    }

    /**
     * That of the container, if it has one. How much of it is used says little: the kernel drops
     * what it has cached of files before it refuses anything.
     */
    private static long limit(String file) {
        try {
            return Long.parseLong(Files.readString(CGROUP.resolve(file)).strip());
        } catch (IOException | NumberFormatException none) {
            return Long.MAX_VALUE;
        }
    }

    private static long meminfo(String key) {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
                }
            }
        } catch (IOException | NumberFormatException unreadable) {
            // Nobody tells.
        }
        return -1;
    }
}
