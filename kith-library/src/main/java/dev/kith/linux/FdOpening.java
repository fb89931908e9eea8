// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EISDIR;
import static dev.kith.kernel.Errno.ELOOP;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENXIO;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Unistd;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opens a path with the flags of open(2) that the options of java.nio.file stand for. */
final class FdOpening {
    private record Flag(String name, int bits) {}

    private static final Map<StandardOpenOption, Flag> FLAGS =
            new EnumMap<>(
                    Map.of(
                            StandardOpenOption.APPEND,
                            new Flag("O_APPEND", Fcntl.O_APPEND),
                            StandardOpenOption.TRUNCATE_EXISTING,
                            new Flag("O_TRUNC", Fcntl.O_TRUNC),
                            StandardOpenOption.CREATE,
                            new Flag("O_CREAT", Fcntl.O_CREAT),
                            StandardOpenOption.CREATE_NEW,
                            new Flag("O_CREAT|O_EXCL", Fcntl.O_CREAT | Fcntl.O_EXCL),
                            StandardOpenOption.SYNC,
                            new Flag("O_SYNC", Fcntl.O_SYNC),
                            StandardOpenOption.DSYNC,
                            new Flag("O_DSYNC", Fcntl.O_DSYNC)));

    private FdOpening() {}

    static int open(Path path, OpenOption... options) {
        Set<OpenOption> given = Set.copyOf(Arrays.asList(options));
        Flag access = access(given);
        int bits = access.bits;
        List<String> names = new ArrayList<>(List.of(access.name));
        for (OpenOption option : given) {
            Flag flag = flag(option, path);
            if (flag != null) {
                bits |= flag.bits;
                names.add(flag.name);
            }
        }
        if ((bits & Fcntl.O_TRUNC) != 0 && access.bits == Fcntl.O_RDONLY) {
            throw new IllegalArgumentException(
                    "TRUNCATE_EXISTING needs WRITE: options=" + given + ", path=" + path);
        }
        return checked(path, bits, String.join("|", names));
    }

    private static int checked(Path path, int bits, String names) {
        // Never waits for the other end of a FIFO; the mode goes back to blocking below.
        int flags = bits | Fcntl.O_NONBLOCK | Fcntl.O_NOCTTY | Fcntl.O_CLOEXEC;
        int fd;
        do {
            fd = Fcntl.open(path.toString(), flags, 0600);
        } while (fd == -EINTR);
        Errors.check(
                fd,
                "open(\"" + path + "\", " + names + ")",
                switch (-fd) {
                    case ENOENT -> "add the option CREATE to make it";
                    case EEXIST -> "leave CREATE_NEW out to open what is there";
                    case ENXIO -> "nobody reads this FIFO: Fifo.openForWriting waits for a reader";
                    case EISDIR -> "a directory is opened with the option READ alone";
                    case ELOOP -> "NOFOLLOW_LINKS follows no symbolic link";
                    default -> "";
                });
        int error = Fcntl.fcntl(fd, Fcntl.F_SETFL, bits & Fcntl.O_APPEND);
        if (error < 0) {
            Unistd.close(fd);
            throw Errors.of("fcntl(\"" + path + "\", F_SETFL)", error, "");
        }
        return fd;
    }

    private static Flag access(Set<OpenOption> given) {
        boolean writes =
                given.contains(StandardOpenOption.WRITE)
                        || given.contains(StandardOpenOption.APPEND);
        if (!writes) {
            return new Flag("O_RDONLY", Fcntl.O_RDONLY);
        }
        return given.contains(StandardOpenOption.READ)
                ? new Flag("O_RDWR", Fcntl.O_RDWR)
                : new Flag("O_WRONLY", Fcntl.O_WRONLY);
    }

    /** The flag of an option, or null if it is one of access. */
    private static Flag flag(OpenOption option, Path path) {
        if (option == LinkOption.NOFOLLOW_LINKS) {
            return new Flag("O_NOFOLLOW", Fcntl.O_NOFOLLOW);
        }
        if (option == StandardOpenOption.READ || option == StandardOpenOption.WRITE) {
            return null;
        }
        Flag flag = option instanceof StandardOpenOption known ? FLAGS.get(known) : null;
        if (flag == null) {
            throw new IllegalArgumentException(
                    "open(\""
                            + path
                            + "\"): unknown option "
                            + option
                            + "; known are NOFOLLOW_LINKS, READ, WRITE and "
                            + FLAGS.keySet());
        }
        return flag;
    }
}
