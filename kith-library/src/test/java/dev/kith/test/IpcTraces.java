// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.IpcException;
import dev.kith.posix.MessageQueue;
import dev.kith.sysv.Key;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects of the kernel that belong to this user. */
final class IpcTraces {
    private static final Path MEMORIES = Path.of("/dev/shm");
    private static final String SEMAPHORE = "sem.";

    private IpcTraces() {}

    static List<Trace> memories() {
        List<Trace> traces = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(MEMORIES)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String uri =
                        name.startsWith(SEMAPHORE)
                                ? "psem:/" + name.substring(SEMAPHORE.length())
                                : "shm:/" + name;
                ofThisUser(file, uri, traces);
            }
        } catch (IOException | DirectoryIteratorException none) {
            return List.of();
        }
        return traces;
    }

    private static void ofThisUser(Path file, String uri, List<Trace> traces) {
        try {
            Map<String, Object> stat =
                    Files.readAttributes(file, "unix:ino,uid", LinkOption.NOFOLLOW_LINKS);
            if (stat.get("uid").equals(ThisUser.UID)) {
                traces.add(Trace.ofObject(Leftover.MEMORY, uri, stat.get("ino").toString()));
            }
        } catch (IOException gone) {
            // not left behind
        }
    }

    /** Those that can be listed; without native access there are none of ours. */
    static List<Trace> queues() {
        if (!MessageQueue.class.getModule().isNativeAccessEnabled()) {
            return List.of();
        }
        try {
            return MessageQueue.list().stream()
                    .map(name -> Trace.ofObject(Leftover.QUEUE, "mq:" + name, ""))
                    .toList();
        } catch (IpcException | UnsupportedOperationException notHere) {
            return List.of();
        }
    }

    static List<Trace> systemV() {
        List<Trace> traces = new ArrayList<>();
        systemV("msg", "sysvmq", traces);
        systemV("sem", "sysvsem", traces);
        systemV("shm", "sysvshm", traces);
        return traces;
    }

    private static void systemV(String file, String scheme, List<Trace> traces) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/sysvipc", file));
        } catch (IOException none) {
            return;
        }
        List<String> columns = List.of(lines.getFirst().strip().split("\\s+"));
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.strip().split("\\s+");
            if (values[columns.indexOf("cuid")].equals(ThisUser.UID.toString())) {
                Key key = Key.of((int) Long.parseLong(values[0]));
                String name = key.isPrivate() ? "id=" + values[1] : key.toString();
                traces.add(Trace.ofObject(Leftover.SYSTEM_V, scheme + ":" + name, values[1]));
            }
        }
    }
}
