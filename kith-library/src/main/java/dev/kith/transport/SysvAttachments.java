// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which processes have System V memory attached: /proc/PID/maps shows it as a file /SYSV… whose
 * inode is the id. Read when it is first asked for, because it means reading all maps. Without
 * privilege only those of this user's processes can be read.
 */
final class SysvAttachments {
    private Map<Integer, List<Peer>> users;

    /** The processes that have the memory of this id attached. */
    List<Peer> of(int id) {
        if (users == null) {
            users = new HashMap<>();
            ProcessHandle.allProcesses().forEach(process -> read(process.pid()));
        }
        return users.getOrDefault(id, List.of());
    }

    private void read(long pid) {
        List<String> lines;
        try {
            lines =
                    Files.readAllLines(
                            Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1);
        } catch (IOException goneOrDenied) {
            return;
        }
        lines.stream()
                .filter(line -> line.contains(" /SYSV"))
                .map(line -> Integer.parseInt(line.split("\\s+")[4]))
                .distinct()
                .forEach(id ->
                        Peer.of(pid)
                                .ifPresent(peer ->
                                        users.computeIfAbsent(id, none -> new ArrayList<>())
                                                .add(peer)));
    }
}
