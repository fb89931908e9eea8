// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.EISDIR;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOSPC;
import static dev.kith.kernel.Errno.EOPNOTSUPP;

import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Function;

/** Makes and opens the files that are mapped, by the JDK alone as far as that goes. */
final class FileOpening {
    private static final Set<OpenOption> CREATE =
            Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);

    private FileOpening() {}

    static <T> T create(Path path, long sizeBytes, Function<FileChannel, T> use) {
        MemoryOpening.checkSize(sizeBytes);
        FileChannel created;
        try {
            created = FileChannel.open(path, CREATE, ownerOnly(path));
        } catch (IOException failed) {
            String call = "open(\"" + path + "\", O_CREAT|O_EXCL, 0600)";
            throw failed instanceof NoSuchFileException
                    ? Errors.of(call, ENOENT, "the directory must exist")
                    : failed(call, failed);
        }
        try {
            return using(
                    created,
                    channel -> {
                        reserve(path, channel, sizeBytes);
                        return use.apply(channel);
                    });
        } catch (RuntimeException failed) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException leftBehind) {
                failed.addSuppressed(leftBehind);
            }
            throw failed;
        }
    }

    /** Closes the channel afterwards. */
    static <T> T using(FileChannel opened, Function<FileChannel, T> use) {
        // A FileChannel closes itself under an interrupted thread, whatever it was asked to do.
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = opened) {
            return use.apply(channel);
        } catch (IOException failed) {
            throw failed("close(file)", failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * What tells a file from another one of the same name; null where the platform has no such
     * thing.
     */
    static Object identity(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException failed) {
            throw failed("stat(\"" + path + "\")", failed);
        }
    }

    static FileChannel open(Path path, boolean readOnly) {
        String call = "open(\"" + path + "\", " + (readOnly ? "O_RDONLY" : "O_RDWR") + ")";
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw Files.isDirectory(path)
                    ? Errors.of(call, EISDIR, "")
                    : new IpcException(call + ": not a regular file");
        }
        try {
            return readOnly
                    ? FileChannel.open(path, StandardOpenOption.READ)
                    : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException failed) {
            throw failed(call, failed);
        }
    }

    static long sizeBytes(Path path, FileChannel channel) {
        try {
            return channel.size();
        } catch (IOException failed) {
            throw failed("fstat(\"" + path + "\")", failed);
        }
    }

    /**
     * Makes the file at least that large, with room on the disk for all of it: a fault in mapped
     * memory is no way to learn that the disk is full. Never writes over what another process has
     * written.
     */
    static void reserve(Path path, FileChannel channel, long sizeBytes) {
        if (!allocated(path, sizeBytes)) {
            append(path, channel, sizeBytes);
        }
    }

    /** The exception with the error number that stands behind the JDK's. */
    static IpcException failed(String call, IOException failed) {
        IpcException exception =
                switch (failed) {
                    case NoSuchFileException none ->
                            Errors.of(call, ENOENT, "make it with MappedFile.create");
                    case FileAlreadyExistsException there ->
                            Errors.of(call, EEXIST, "open it with MappedFile.open");
                    case AccessDeniedException denied ->
                            Errors.of(
                                    call,
                                    EACCES,
                                    "the permissions of the file or of a folder do not let you in:"
                                            + " see ls -l");
                    default -> new IpcException(call + ": " + failed);
                };
        exception.initCause(failed);
        return exception;
    }

    /**
     * By posix_fallocate; false where there is none: no native access, or not on this file system.
     */
    private static boolean allocated(Path path, long sizeBytes) {
        try {
            int fd = Fcntl.open(path.toString(), Fcntl.O_RDWR | Fcntl.O_CLOEXEC, 0);
            if (fd < 0) {
                return false;
            }
            int error;
            do {
                error = Fcntl.posixFallocate(fd, 0, sizeBytes);
            } while (error == EINTR);
            Unistd.close(fd);
            if (error == 0 || error == EOPNOTSUPP || error == EINVAL) {
                return error == 0;
            }
            throw noRoom(path, "posix_fallocate", sizeBytes, error);
        } catch (Denied | UnsupportedOperationException noNativeAccess) {
            return false;
        }
    }

    private static void append(Path path, FileChannel channel, long sizeBytes) {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        try (FileChannel end = FileChannel.open(path, StandardOpenOption.APPEND)) {
            if (sizeBytes - channel.size() > freeBytes(path)) {
                throw noRoom(path, "write", sizeBytes, ENOSPC);
            }
            for (long missing; (missing = sizeBytes - channel.size()) > 0; ) {
                end.write(zeros.clear().limit((int) Math.min(missing, zeros.capacity())));
            }
        } catch (IOException failed) {
            throw failed("write(\"" + path + "\", zeros to " + sizeBytes + ")", failed);
        }
    }

    private static IpcException noRoom(Path path, String call, long sizeBytes, int error) {
        return Errors.of(
                call + "(\"" + path + "\", " + sizeBytes + " bytes)",
                error,
                error == ENOSPC ? "the disk has " + freeBytes(path) + " bytes free" : "");
    }

    private static long freeBytes(Path path) {
        return path.toAbsolutePath().getParent().toFile().getUsableSpace();
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
