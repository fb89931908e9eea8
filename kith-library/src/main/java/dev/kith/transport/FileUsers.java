// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which processes have a queue open, by the links in /proc/PID/fd, or a file of /dev/shm mapped, by
 * the lines of /proc/PID/maps. Read when it is first asked for, because it means reading those of
 * all processes. Without privilege only those of this user's can be read.
 */
final class FileUsers {
    private Map<String, SortedSet<Long>> queues;
    private Map<String, SortedSet<Long>> memories;

    /** The processes that have a queue open. */
    List<Peer> ofQueue(String name) {
        if (queues == null) {
            queues = new HashMap<>();
            ProcessLinks.forEach(this::readLink);
        }
        return peers(queues, name);
    }

    /**
     * The processes that have a file of /dev/shm mapped, given by its inode: a semaphore is mapped
     * under another name by who made it.
     */
    List<Peer> ofMemory(long inode) {
        if (memories == null) {
            memories = new HashMap<>();
            ProcessHandle.allProcesses().forEach(process -> readMaps(process.pid()));
        }
        return peers(memories, Long.toString(inode));
    }

    private static List<Peer> peers(Map<String, SortedSet<Long>> users, String key) {
        return users.getOrDefault(key, new TreeSet<>()).stream()
                .map(Peer::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private void readLink(long pid, Path link) throws IOException {
        String target = Files.readSymbolicLink(link).toString();
        if (target.lastIndexOf('/') == 0 && target.length() > 1 && !inRoot(link)) {
            queues.computeIfAbsent(target, none -> new TreeSet<>()).add(pid);
        }
    }

    /**
     * The link of a queue reads as that of a file in the root directory, which is another device.
     */
    private static boolean inRoot(Path link) throws IOException {
        return Files.getAttribute(link, "unix:dev")
                .equals(Files.getAttribute(Path.of("/"), "unix:dev"));
    }

    private void readMaps(long pid) {
        try {
            for (String line :
                    Files.readAllLines(
                            Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
                if (line.contains(" /dev/shm/")) {
                    String inode = line.split(" +")[4];
                    memories.computeIfAbsent(inode, none -> new TreeSet<>()).add(pid);
                }
            }
        } catch (IOException goneOrDenied) {
            // nothing to be known of it
        }
    }
}
