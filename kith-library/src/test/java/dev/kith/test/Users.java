// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import dev.kith.Inventory;
import dev.kith.IpcException;
import dev.kith.IpcObject;
import dev.kith.Peer;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who uses what was found, as far as the kernel tells. */
final class Users {
    /** As {@link IpcObject#details()} shows them: a process that has ended tells nothing. */
    private static final Pattern LIVING = Pattern.compile("\\d+");

    private Map<String, Set<Long>> openFiles;

    /** Whether living processes use it, and none of them is this one or descended from it. */
    boolean areOthers(Trace trace) {
        Set<Long> users =
                switch (trace.kind()) {
                    case MEMORY, QUEUE, SYSTEM_V -> ofObject(trace.name());
                    case FILE -> ofFile(trace);
                    case NAME, DESCRIPTOR, PROCESS, THREAD -> Set.of();
                };
        return !users.isEmpty() && users.stream().noneMatch(Users::isOurs);
    }

    private static Set<Long> ofObject(String uri) {
        Set<Long> users = new HashSet<>();
        for (Inventory inventory : ServiceLoader.load(Inventory.class)) {
            try {
                inventory.info(uri).ifPresent(object -> addUsers(object, users));
            } catch (IpcException | UnsupportedOperationException notKnown) {
                // nobody, then
            }
        }
        return users;
    }

    private static void addUsers(IpcObject object, Set<Long> users) {
        object.users().stream().map(Peer::pid).forEach(users::add);
        object.details()
                .forEach((name, value) -> {
                    boolean process = name.equals("creator") || name.startsWith("last ");
                    Matcher matcher = LIVING.matcher(value);
                    if (process && matcher.matches()) {
                        users.add(Long.parseLong(value));
                    }
                });
    }

    private Set<Long> ofFile(Trace trace) {
        if (openFiles == null) {
            openFiles = openFiles();
        }
        String path = trace.name().substring("unix:".length());
        return openFiles.getOrDefault(
                trace.name().startsWith("fifo:") ? path : socket(path), Set.of());
    }

    private static String socket(String path) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
                if (line.endsWith(" " + path)) {
                    return "socket:[" + line.strip().split(" +")[6] + "]";
                }
            }
        } catch (IOException noProc) {
            return "";
        }
        return "";
    }

    private static Map<String, Set<Long>> openFiles() {
        Map<String, Set<Long>> files = new HashMap<>();
        ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .forEach(pid -> {
                    try (DirectoryStream<Path> links =
                            Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
                        for (Path link : links) {
                            String target = Files.readSymbolicLink(link).toString();
                            files.computeIfAbsent(target, none -> new HashSet<>()).add(pid);
                        }
                    } catch (IOException | DirectoryIteratorException goneOrDenied) {
                        // what could be read until then
                    }
                });
        return files;
    }

    private static boolean isOurs(long pid) {
        long self = ProcessHandle.current().pid();
        for (Optional<ProcessHandle> at = ProcessHandle.of(pid);
                at.isPresent();
                at = at.get().parent()) {
            if (at.get().pid() == self) {
                return true;
            }
        }
        return false;
    }
}
