// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sockets and FIFOs of this user in the folder of temporary files, and in the folders in it that
 * were not there at first. JUnit removes its own folders ({@code @TempDir}) after the last look, so
 * those are left out.
 */
final class TemporaryFiles {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int FIFO = 0010000;
    private static final int FOLDER = 0040000;

    private final Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    private final Set<Path> known = new HashSet<>();

    private TemporaryFiles() {}

    static TemporaryFiles now() {
        TemporaryFiles files = new TemporaryFiles();
        files.walk(
                files.folder,
                (path, mode, inode) -> {
                    if (mode == FOLDER) {
                        files.known.add(path);
                    }
                });
        return files;
    }

    List<Trace> socketsAndFifos() {
        List<Trace> traces = new ArrayList<>();
        Visitor inFolder = (path, mode, inode) -> add(path, mode, inode, traces);
        walk(
                folder,
                (path, mode, inode) -> {
                    add(path, mode, inode, traces);
                    if (mode == FOLDER
                            && !known.contains(path)
                            && !path.getFileName().toString().startsWith("junit")) {
                        walk(path, inFolder);
                    }
                });
        return traces;
    }

    private static void add(Path path, int mode, String inode, List<Trace> traces) {
        if (mode == SOCKET || mode == FIFO) {
            String uri = (mode == SOCKET ? "unix:" : "fifo:") + path;
            traces.add(Trace.ofObject(Leftover.FILE, uri, inode));
        }
    }

    private interface Visitor {
        void visit(Path path, int mode, String inode);
    }

    /** The entries of a folder that belong to this user. */
    private void walk(Path from, Visitor visitor) {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(from)) {
            for (Path path : paths) {
                visit(path, visitor);
            }
        } catch (IOException | DirectoryIteratorException goneOrDenied) {
            // what could be read until then
        }
    }

    private static void visit(Path path, Visitor visitor) {
        try {
            Map<String, Object> stat =
                    Files.readAttributes(path, "unix:ino,uid,mode", LinkOption.NOFOLLOW_LINKS);
            if (stat.get("uid").equals(ThisUser.UID)) {
                visitor.visit(path, (int) stat.get("mode") & TYPE, stat.get("ino").toString());
            }
        } catch (IOException gone) {
            // not left behind
        }
    }
}
