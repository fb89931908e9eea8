// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.ENOENT;

import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Mqueue;
import dev.kith.kernel.SysMount;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the queues that exist. The kernel lists them only as the files of the mqueue file system,
 * which need not be mounted. So, until one works: open that file system without mounting it; look
 * where it is mounted; look at the descriptors of all processes.
 */
final class QueueNames {
    private QueueNames() {}

    static List<String> list() {
        return List.copyOf(unmounted().or(QueueNames::mounted).orElseGet(QueueNames::opened));
    }

    private static Optional<Collection<String>> unmounted() {
        int context = SysMount.fsopen("mqueue", SysMount.FSOPEN_CLOEXEC);
        if (context < 0) {
            return Optional.empty();
        }
        try {
            if (SysMount.fsconfig(context, SysMount.FSCONFIG_CMD_CREATE) < 0) {
                return Optional.empty();
            }
            int root = SysMount.fsmount(context, SysMount.FSMOUNT_CLOEXEC, 0);
            if (root < 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(files(Path.of("/proc/self/fd/" + root)));
            } finally {
                Unistd.close(root);
            }
        } catch (IOException noProc) {
            return Optional.empty();
        } finally {
            Unistd.close(context);
        }
    }

    private static Optional<Collection<String>> mounted() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                String[] fields = line.split(" ");
                if (fields[2].equals("mqueue")) {
                    return Optional.of(files(Path.of(fields[1])));
                }
            }
        } catch (IOException unreadable) {
            // as if it were not mounted
        }
        return Optional.empty();
    }

    private static Collection<String> opened() {
        Collection<String> names = new TreeSet<>();
        for (Path process : entries(Path.of("/proc"))) {
            if (Character.isDigit(process.getFileName().toString().charAt(0))) {
                for (Path descriptor : entries(process.resolve("fd"))) {
                    target(descriptor).filter(QueueNames::exists).ifPresent(names::add);
                }
            }
        }
        return names;
    }

    private static Optional<String> target(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.lastIndexOf('/') == 0 && target.length() > 1
                    ? Optional.of(target)
                    : Optional.empty();
        } catch (IOException closedOrForeign) {
            return Optional.empty();
        }
    }

    /** Tells a queue from a file in the root directory, whose link reads the same. */
    private static boolean exists(String name) {
        int fd = Mqueue.open(name, Fcntl.O_RDONLY, 0, MemorySegment.NULL);
        if (fd >= 0) {
            Unistd.close(fd);
        }
        return fd != -ENOENT;
    }

    private static Collection<String> files(Path directory) throws IOException {
        Collection<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(file -> names.add("/" + file.getFileName()));
        } catch (DirectoryIteratorException wrapped) {
            throw wrapped.getCause();
        }
        return names;
    }

    private static List<Path> entries(Path directory) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException goneOrForeign) {
            // what could be read until then
        }
        return entries;
    }
}
