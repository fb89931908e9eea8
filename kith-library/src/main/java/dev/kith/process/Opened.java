// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors that are made for a child: its ends and the parent's. Those of the parent are kept;
 * the others are closed when the child has its copies.
 */
final class Opened implements AutoCloseable {
    private static final String LIMIT = "raise the limit of open files (ulimit -n)";

    private final List<Integer> fds = new ArrayList<>();
    private final int lowest;

    /** All of them will have at least that number, so that none is overwritten in the child. */
    Opened(int lowest) {
        this.lowest = lowest;
    }

    /** The two ends of a pipe, the reading one first. */
    int[] pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            Errors.check(Unistd.pipe2(pair, Fcntl.O_CLOEXEC), "pipe2(O_CLOEXEC)", LIMIT);
            return both(pair);
        }
    }

    /** The two ends of a socketpair. */
    int[] socketPair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(JAVA_INT, 2);
            Errors.check(
                    SysSocket.socketpair(
                            SysSocket.AF_UNIX,
                            SysSocket.SOCK_STREAM | SysSocket.SOCK_CLOEXEC,
                            0,
                            pair),
                    "socketpair(AF_UNIX, SOCK_STREAM)",
                    LIMIT);
            return both(pair);
        }
    }

    /** A file that has lost its name already, so that nothing is left of it. */
    int file(String text) throws IOException {
        Path path = Files.createTempFile("kith-", ".args");
        try {
            Files.write(path, text.getBytes(InheritedFlags.charset()));
            int fd =
                    Errors.check(
                            Fcntl.open(path.toString(), Fcntl.O_RDONLY | Fcntl.O_CLOEXEC, 0),
                            "open(\"" + path + "\")",
                            LIMIT);
            fds.add(fd);
            return raised(fd);
        } finally {
            Files.delete(path);
        }
    }

    /** Leaves one open; the caller owns it from now on. */
    int keep(int fd) {
        fds.remove((Integer) fd);
        return fd;
    }

    @Override
    public void close() {
        fds.forEach(Unistd::close);
    }

    private int[] both(MemorySegment pair) {
        int first = pair.getAtIndex(JAVA_INT, 0);
        int second = pair.getAtIndex(JAVA_INT, 1);
        fds.addAll(List.of(first, second));
        return new int[] {raised(first), raised(second)};
    }

    private int raised(int fd) {
        int high =
                Errors.check(
                        Fcntl.fcntl(fd, Fcntl.F_DUPFD_CLOEXEC, lowest),
                        "fcntl(" + fd + ", F_DUPFD_CLOEXEC)",
                        LIMIT);
        fds.add(high);
        Unistd.close(keep(fd));
        return high;
    }
}
