// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.ELOOP;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOSPC;

import dev.kith.IpcException;
import dev.kith.blocking.Errors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A file by the JDK alone: no descriptor is kept, and no lock is ever taken. */
final class PlainFile implements RegionFile {
    private static final Set<OpenOption> CREATE =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);

    private static final Set<OpenOption> OPEN =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Place place;
    private final MemorySegment memory;
    private final Object identity;

    private PlainFile(Place place, MemorySegment memory, Object identity) {
        this.place = place;
        this.memory = memory;
        this.identity = identity;
    }

    static PlainFile create(Place place, long sizeBytes, Consumer<RegionFile> fill) {
        checkNamed(place);
        Path temporary = TemporaryName.beside(place.path());
        try {
            PlainFile file = filled(place, temporary, sizeBytes, fill);
            KillPoint.pass();
            link(place, temporary);
            KillPoint.pass();
            return file;
        } finally {
            delete(temporary);
        }
    }

    static PlainFile open(Place place, Arena arena) {
        checkNamed(place);
        return at(place, place.path(), "open(\"" + place.path() + "\", O_RDWR|O_NOFOLLOW)", arena);
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public boolean lock(long at) {
        return true;
    }

    @Override
    public void unlock(long at) {
        // There are no locks.
    }

    @Override
    public boolean isLocked(long at) {
        return false;
    }

    @Override
    public boolean isStillThere() {
        try {
            return Objects.equals(identity, identity(place.path()));
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void unlink() {
        try {
            Files.delete(place.path());
        } catch (IOException failed) {
            throw failed("unlink(\"" + place.path() + "\")", failed);
        }
    }

    @Override
    public void close() {
        // There is no descriptor.
    }

    /** The exception with the error number that stands behind the JDK's. */
    static IpcException failed(String call, IOException failed) {
        IpcException exception =
                switch (failed) {
                    case NoSuchFileException none -> Errors.of(call, ENOENT, "");
                    case FileAlreadyExistsException there -> Errors.of(call, EEXIST, "");
                    case AccessDeniedException denied -> Errors.of(call, EACCES, "");
                    default -> new IpcException(call + ": " + failed);
                };
        exception.initCause(failed);
        return exception;
    }

    private static void checkNamed(Place place) {
        if (!place.isNamed()) {
            Place.checkUnnamed(place.toString());
        }
    }

    private static PlainFile filled(
            Place place, Path temporary, long sizeBytes, Consumer<RegionFile> fill) {
        String call = "open(\"" + temporary + "\", O_CREAT|O_EXCL, 0600)";
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(temporary, CREATE, ownerOnly(temporary))) {
            KillPoint.pass();
            ZeroFill.write(place, channel, sizeBytes);
            KillPoint.pass();
        } catch (NoSuchFileException none) {
            throw Errors.of(call, ENOENT, "the directory must exist");
        } catch (IOException failed) {
            throw Room.freeBytes(place) == 0
                    ? Room.failed("write", place, sizeBytes, ENOSPC)
                    : failed(call, failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        PlainFile file = at(place, temporary, call, Arena.ofAuto());
        fill.accept(file);
        return file;
    }

    /** Opens and maps what is at a path. */
    private static PlainFile at(Place place, Path path, String call, Arena arena) {
        if (Files.isSymbolicLink(path)) {
            throw Errors.of(call, ELOOP, "a symbolic link is not followed");
        }
        // A FileChannel closes itself under an interrupted thread, whatever it was asked to do.
        boolean interrupted = Thread.interrupted();
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(
                            path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw Header.broken(
                        place.toString(),
                        "type: expected=a regular file, found="
                                + (attributes.isDirectory() ? "a directory" : "something else"));
            }
            return mapped(place, path, attributes, arena);
        } catch (NoSuchFileException none) {
            throw Errors.of(
                    call, ENOENT, "nothing is there: kith ls shows what is, kith create makes it");
        } catch (AccessDeniedException denied) {
            throw Errors.of(call, EACCES, "see its owner and mode with: ls -l " + path);
        } catch (IOException failed) {
            throw failed(call, failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static PlainFile mapped(
            Place place, Path path, BasicFileAttributes attributes, Arena arena)
            throws IOException {
        try (FileChannel channel = FileChannel.open(path, OPEN)) {
            long size = channel.size();
            if (size < Header.BYTES) {
                throw Header.broken(
                        place.toString(),
                        "size of the file: expected=" + Header.BYTES + " or more, found=" + size);
            }
            return new PlainFile(
                    place, channel.map(MapMode.READ_WRITE, 0, size, arena), attributes.fileKey());
        }
    }

    private static void link(Place place, Path temporary) {
        try {
            Files.createLink(place.path(), temporary);
        } catch (FileAlreadyExistsException there) {
            throw Errors.of(
                    "link(\"" + place.path() + "\")",
                    EEXIST,
                    "open it, or remove it with: kith rm " + place);
        } catch (IOException failed) {
            throw failed("link(\"" + place.path() + "\")", failed);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException leftBehind) {
            // The reaper knows by its name that it is nobody's once this process has ended.
        }
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
