// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What this process holds. */
final class ProcessTraces {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int FOLDER = 0040000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int READ_ONLY = 0;
    private static final int ACCESS = 3;

    private ProcessTraces() {}

    /**
     * Descriptors of what is not a file, and of files that are open for writing. The JVM opens
     * files to read them (classes, above all) and keeps them.
     */
    static List<Trace> descriptors() {
        List<Trace> traces = new ArrayList<>();
        Map<String, String> names = socketNames();
        each((fd, target) -> {
            if (counts(fd, target)) {
                String name = names.get(target);
                traces.add(
                        new Trace(
                                Leftover.DESCRIPTOR,
                                "descriptor " + fd + " (" + (name == null ? target : name) + ")",
                                fd + " " + target,
                                "close() of whatever holds it"));
            }
        });
        return traces;
    }

    /** Names in the abstract namespace that belong to a socket of this process. */
    static List<Trace> names() {
        Map<String, String> names = socketNames();
        List<Trace> traces = new ArrayList<>();
        each((fd, target) -> {
            String name = names.getOrDefault(target, "");
            if (name.startsWith("unix:@")) {
                traces.add(
                        new Trace(
                                Leftover.NAME,
                                name,
                                target,
                                "close() of the socket, which is descriptor " + fd));
            }
        });
        return traces;
    }

    static List<Trace> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .map(child ->
                        new Trace(
                                Leftover.PROCESS,
                                "process "
                                        + child.pid()
                                        + " ("
                                        + child.info().commandLine().orElse("?")
                                        + ")",
                                "" + child.pid(),
                                "kill " + child.pid()))
                .toList();
    }

    static List<Trace> threads() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[all.activeCount() + 100];
        return Stream.of(threads)
                .limit(all.enumerate(threads))
                .filter(thread -> !thread.isDaemon() && thread.getName().startsWith("kith-"))
                .map(thread ->
                        new Trace(
                                Leftover.THREAD,
                                "thread " + thread.getName(),
                                "" + thread.threadId(),
                                "close() of what started it"))
                .toList();
    }

    private interface Visitor {
        void visit(String fd, String target);
    }

    private static void each(Visitor visitor) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                visitor.visit(link.getFileName().toString(), target(link));
            }
        } catch (IOException | DirectoryIteratorException noProc) {
            // as if there were none
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static boolean counts(String fd, String target) {
        int type;
        try {
            type = (int) Files.getAttribute(DESCRIPTORS.resolve(fd), "unix:mode") & TYPE;
        } catch (IOException closedMeanwhile) {
            return false;
        }
        return switch (type) {
            case FOLDER, CHARACTER_DEVICE, BLOCK_DEVICE -> false;
            // A queue reads as a file in the root directory.
            case REGULAR ->
                    target.startsWith("/dev/shm/") || target.lastIndexOf('/') == 0 || isWritten(fd);
            default -> true;
        };
    }

    private static boolean isWritten(String fd) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", fd))) {
            return lines.filter(line -> line.startsWith("flags:"))
                    .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                    .anyMatch(flags -> (flags & ACCESS) != READ_ONLY);
        } catch (IOException | UncheckedIOException closedMeanwhile) {
            return false;
        }
    }

    /** The addresses of Unix sockets by the link of their descriptors. */
    private static Map<String, String> socketNames() {
        Map<String, String> names = new HashMap<>();
        try {
            for (String line :
                    Files.readAllLines(Path.of("/proc/net/unix"), StandardCharsets.ISO_8859_1)) {
                String[] fields = line.strip().split(" +", 8);
                if (fields.length == 8) {
                    names.put("socket:[" + fields[6] + "]", "unix:" + fields[7]);
                }
            }
        } catch (IOException noProc) {
            return Map.of();
        }
        return names;
    }
}
