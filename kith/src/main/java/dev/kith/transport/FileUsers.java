// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which processes have a queue open or a file of /dev/shm open or mapped, by the links in
 * /proc/PID/fd and the lines of /proc/PID/maps. Read when it is first asked for, because it means
 * reading all of them. Without privilege only those of this user's processes can be read.
 */
final class FileUsers {
    private static final String SHM = "/dev/shm/";

    private Map<String, SortedSet<Long>> users;

    /** The processes that use a queue ({@code /jobs}) or a file ({@code /dev/shm/sum}). */
    List<Peer> of(String target) {
        if (users == null) {
            users = new HashMap<>();
            ProcessHandle.allProcesses().forEach(process -> read(process.pid()));
        }
        return users.getOrDefault(target, new TreeSet<>()).stream()
                .map(Peer::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private void read(long pid) {
        readDescriptors(pid);
        readMaps(pid);
    }

    private void readDescriptors(long pid) {
        try (DirectoryStream<Path> links =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path link : links) {
                readLink(pid, link);
            }
        } catch (IOException | DirectoryIteratorException goneOrDenied) {
            // what could be read until then
        }
    }

    private void readLink(long pid, Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            if (target.startsWith(SHM) || isQueue(target, link)) {
                add(target, pid);
            }
        } catch (IOException closed) {
            // by now it is not used
        }
    }

    /**
     * The link of a queue reads as that of a file in the root directory, which is another device.
     */
    private static boolean isQueue(String target, Path link) throws IOException {
        return target.startsWith("/")
                && target.lastIndexOf('/') == 0
                && target.length() > 1
                && !Files.getAttribute(link, "unix:dev")
                        .equals(Files.getAttribute(Path.of("/"), "unix:dev"));
    }

    private void readMaps(long pid) {
        try {
            for (String line :
                    Files.readAllLines(
                            Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
                int at = line.indexOf(SHM);
                if (at >= 0) {
                    byte[] name = line.substring(at).getBytes(StandardCharsets.ISO_8859_1);
                    add(new String(name, StandardCharsets.UTF_8), pid);
                }
            }
        } catch (IOException goneOrDenied) {
            // nothing to be known of it
        }
    }

    private void add(String target, long pid) {
        users.computeIfAbsent(target, none -> new TreeSet<>()).add(pid);
    }
}
