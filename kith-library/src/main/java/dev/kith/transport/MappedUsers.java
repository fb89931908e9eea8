// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which processes have which files mapped to share what they write, by the lines of /proc/PID/maps;
 * without shared memory, which {@link FileUsers} knows. Without privilege only this user's
 * processes can be read.
 */
final class MappedUsers {
    /** Address, permissions, offset, device, inode, path. */
    private static final Pattern SHARED =
            Pattern.compile("\\S+ rw.s \\S+ \\S+ ([1-9]\\d*) +(/(?!dev/shm/|dev/zero|memfd:).*)");

    private static final String GONE = " (deleted)";

    private final Map<Path, SortedSet<Long>> users = new TreeMap<>();

    MappedUsers() {
        ProcessHandle.allProcesses().forEach(process -> read(process.pid()));
    }

    /** The files, in the order of their paths. */
    Set<Path> files() {
        return users.keySet();
    }

    /** The processes that have a file mapped. */
    List<Peer> of(Path file) {
        return users.getOrDefault(file, new TreeSet<>()).stream()
                .map(Peer::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private void read(long pid) {
        try {
            for (String line :
                    Files.readAllLines(Path.of("/proc/" + pid + "/maps"), StandardCharsets.UTF_8)) {
                Matcher matcher = SHARED.matcher(line);
                if (matcher.matches()) {
                    long inode = Long.parseLong(matcher.group(1));
                    file(inode, matcher.group(2).replace("\\012", "\n"))
                            .ifPresent(file ->
                                    users.computeIfAbsent(file, none -> new TreeSet<>()).add(pid));
                }
            }
        } catch (IOException | RuntimeException goneOrDeniedOrNoPath) {
            // nothing to be known of it
        }
    }

    /**
     * The file of a mapping. Who has made one without a name, and given it its name afterwards, has
     * mapped {@code #INODE (deleted)} in the same folder.
     */
    private Optional<Path> file(long inode, String mapped) throws IOException {
        if (!mapped.endsWith(GONE)) {
            return Optional.of(Path.of(mapped));
        }
        Path path = Path.of(mapped.substring(0, mapped.length() - GONE.length()));
        if (!path.getFileName().toString().equals("#" + inode)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(path.getParent())) {
            return files.filter(file -> isOf(inode, file)).findFirst();
        }
    }

    private static boolean isOf(long inode, Path file) {
        try {
            return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS).equals(inode);
        } catch (IOException gone) {
            return false;
        }
    }
}
