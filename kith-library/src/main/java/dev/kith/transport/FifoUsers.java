// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which processes have which FIFO open, and what for, by the links in /proc/PID/fd. Without
 * privilege only those of this user's can be read.
 */
final class FifoUsers {
    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final int ACCESS = 3;
    private static final int READ_ONLY = 0;
    private static final int WRITE_ONLY = 1;

    private final TreeMap<Path, SortedSet<Long>> readers = new TreeMap<>();
    private final TreeMap<Path, SortedSet<Long>> writers = new TreeMap<>();

    FifoUsers() {
        ProcessLinks.forEach(this::read);
    }

    /** Whether that is the mode of a FIFO. */
    static boolean isFifo(int mode) {
        return (mode & TYPE) == FIFO;
    }

    /** Those that are open. */
    Collection<Path> paths() {
        SortedSet<Path> paths = new TreeSet<>(readers.keySet());
        paths.addAll(writers.keySet());
        return paths;
    }

    SortedSet<Long> readers(Path path) {
        return readers.getOrDefault(path, new TreeSet<>());
    }

    SortedSet<Long> writers(Path path) {
        return writers.getOrDefault(path, new TreeSet<>());
    }

    SortedSet<Long> all(Path path) {
        SortedSet<Long> all = new TreeSet<>(readers(path));
        all.addAll(writers(path));
        return all;
    }

    /** Numbers of processes, for people. */
    static String text(Collection<Long> pids) {
        return pids.isEmpty()
                ? "nobody"
                : pids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private void read(long pid, Path link) throws IOException {
        Path target = Files.readSymbolicLink(link);
        if (target.isAbsolute() && isFifo((int) Files.getAttribute(link, "unix:mode"))) {
            int access = access(pid, link);
            if (access != WRITE_ONLY) {
                readers.computeIfAbsent(target, none -> new TreeSet<>()).add(pid);
            }
            if (access != READ_ONLY) {
                writers.computeIfAbsent(target, none -> new TreeSet<>()).add(pid);
            }
        }
    }

    /** O_RDONLY, O_WRONLY or O_RDWR, as /proc/PID/fdinfo tells in octal. */
    private static int access(long pid, Path link) throws IOException {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc/" + pid + "/fdinfo", link.getFileName().toString()))) {
            return lines.filter(line -> line.startsWith("flags:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8) & ACCESS)
                    .findFirst()
                    .orElse(READ_ONLY);
        } catch (UncheckedIOException closed) {
            throw closed.getCause();
        }
    }
}
