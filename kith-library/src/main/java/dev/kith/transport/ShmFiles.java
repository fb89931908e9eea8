// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of /dev/shm. Those whose names begin with {@code sem.} are semaphores of glibc; all
 * other regular ones are shared memory. (musl gives its semaphores no prefix: they are shown as
 * memory.)
 */
final class ShmFiles {
    private static final Path DIRECTORY = Path.of("/dev/shm");
    private static final String SEMAPHORE = "sem.";

    private ShmFiles() {}

    /** A file with what the kernel says of it. */
    record ShmFile(long inode, long uid, int mode, long sizeBytes, Instant modified) {}

    static List<String> semaphores() {
        return names(true);
    }

    static List<String> memories() {
        return names(false);
    }

    static Optional<ShmFile> semaphore(String name) {
        return file(name, SEMAPHORE);
    }

    static Optional<ShmFile> memory(String name) {
        return name.startsWith("/" + SEMAPHORE) ? Optional.empty() : file(name, "");
    }

    private static List<String> names(boolean semaphores) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(DIRECTORY)) {
            for (Path path : files) {
                String file = path.getFileName().toString();
                if (file.startsWith(SEMAPHORE) == semaphores) {
                    names.add("/" + (semaphores ? file.substring(SEMAPHORE.length()) : file));
                }
            }
        } catch (IOException | DirectoryIteratorException none) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    private static Optional<ShmFile> file(String name, String prefix) {
        if (name.lastIndexOf('/') != 0 || name.length() == 1) {
            return Optional.empty();
        }
        Path path = DIRECTORY.resolve(prefix + name.substring(1));
        try {
            Map<String, Object> stat =
                    Files.readAttributes(
                            path,
                            "unix:ino,uid,mode,size,lastModifiedTime,isRegularFile",
                            LinkOption.NOFOLLOW_LINKS);
            if (!(boolean) stat.get("isRegularFile")) {
                return Optional.empty();
            }
            return Optional.of(
                    new ShmFile(
                            (long) stat.get("ino"),
                            (int) stat.get("uid"),
                            (int) stat.get("mode") & 07777,
                            (long) stat.get("size"),
                            ((FileTime) stat.get("lastModifiedTime")).toInstant()));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
