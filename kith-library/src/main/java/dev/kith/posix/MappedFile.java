// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.blocking.Mapping;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A regular file, or a range of one, mapped into memory: what one process writes there, all others
 * that have it mapped see, and it stays in the file.
 *
 * <pre>{@code
 * try (var data = MappedFile.create(Path.of("data.txt"), 12)) {
 *     data.write(0, "Hello World!".getBytes());
 *     data.grow(16);
 *     data.write(4, "Hello Again!".getBytes());
 *     data.flush();
 * }
 * }</pre>
 *
 * <p>Nothing guards it: use a {@link FileLock}, or release and acquire accesses by a {@code
 * VarHandle}. A process that is killed loses nothing that it had written; a machine that fails
 * loses what was not {@linkplain #flush() flushed}.
 *
 * <p>Any thread may use the segment. After {@link #close()} or {@link #grow} an access to it throws
 * {@link IllegalStateException}. If another process truncates the file, {@link #read} and {@link
 * #write} throw {@link Broken}, other accesses an {@link InternalError}, and a compare-and-set may
 * end the JVM.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
 */
public final class MappedFile implements Named, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient Path path;
    private final transient Object identity;
    private final transient boolean readOnly;
    private final transient long offset;

    /** Null after the close. */
    private transient volatile Mapping mapping;

    private MappedFile(Path path, FileChannel channel, boolean readOnly, long offset, long length) {
        this.path = path.toAbsolutePath();
        this.identity = FileOpening.identity(path);
        this.readOnly = readOnly;
        this.offset = offset;
        this.mapping = mapped(channel, length);
    }

    /**
     * Makes a file of zeros that only this user may open (0600).
     *
     * @param path where; nothing may be there yet
     * @param sizeBytes how large; the room is reserved
     * @return the file, mapped
     * @throws AlreadyExists if there is something of that name
     * @throws dev.kith.IpcException if the disk is full
     */
    public static MappedFile create(Path path, long sizeBytes) {
        return FileOpening.create(
                path, sizeBytes, channel -> new MappedFile(path, channel, false, 0, sizeBytes));
    }

    /**
     * Opens a file to read and to write.
     *
     * @param path where it is
     * @return the file, mapped in the size that it has
     * @throws NotFound if there is none
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static MappedFile open(Path path) {
        return open(path, false, 0, -1);
    }

    /**
     * Opens a range of a file to read and to write.
     *
     * @param path where it is
     * @param offset where the range begins; need not be on a page
     * @param length how many bytes
     * @return the range, mapped
     * @throws NotFound if there is none
     * @throws dev.kith.Denied if its mode does not allow it
     * @throws IllegalArgumentException if the file is shorter
     */
    public static MappedFile open(Path path, long offset, long length) {
        return open(path, false, offset, checkedLength(length));
    }

    /**
     * Opens a file to read.
     *
     * @param path where it is
     * @return the file, mapped in the size that it has; its segment is read-only
     * @throws NotFound if there is none
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static MappedFile openReadOnly(Path path) {
        return open(path, true, 0, -1);
    }

    /**
     * Opens a range of a file to read.
     *
     * @param path where it is
     * @param offset where the range begins; need not be on a page
     * @param length how many bytes
     * @return the range, mapped; its segment is read-only
     * @throws NotFound if there is none
     * @throws dev.kith.Denied if its mode does not allow it
     * @throws IllegalArgumentException if the file is shorter
     */
    public static MappedFile openReadOnly(Path path, long offset, long length) {
        return open(path, true, offset, checkedLength(length));
    }

    /**
     * Opens a file to read and to write, made (0600) if there is none.
     *
     * @param path where it is or shall be
     * @param sizeBytes how large, if it is made
     * @return the file, mapped in the size that it has
     */
    public static MappedFile openOrCreate(Path path, long sizeBytes) {
        for (; ; ) {
            try {
                return create(path, sizeBytes);
            } catch (AlreadyExists there) {
                try {
                    return open(path);
                } catch (NotFound removed) {
                    // between the two calls: make it
                }
            }
        }
    }

    /**
     * The memory of the file or the range.
     *
     * @return a segment for any thread, valid until {@link #close()} or {@link #grow}
     */
    public MemorySegment segment() {
        return mapping().segment();
    }

    /**
     * Writes bytes.
     *
     * @param offset where in the mapping
     * @param bytes what
     * @throws IllegalArgumentException if they reach beyond the end; a mapped file does not grow by
     *     itself
     * @throws Broken if another process has truncated the file
     */
    public void write(long offset, byte[] bytes) {
        checkWritable();
        mapping().write(offset, bytes, "grow(" + (offset + bytes.length) + ") makes room");
    }

    /**
     * Reads bytes.
     *
     * @param offset where in the mapping
     * @param length how many
     * @return a copy
     * @throws IllegalArgumentException if they reach beyond the end
     * @throws Broken if another process has truncated the file
     */
    public byte[] read(long offset, int length) {
        return mapping().read(offset, length);
    }

    /**
     * Makes the mapping larger, and the file if it ends before; segments obtained before are ended.
     * What is new is zeros, or what the file has there. Others see it when they open the file or
     * call this.
     *
     * @param sizeBytes how large the mapping shall be
     * @throws IllegalArgumentException if it is smaller than now
     * @throws IllegalStateException if a call that has not returned uses the memory; it stays as it
     *     is
     * @throws Broken if there is another file of that name now
     * @throws dev.kith.IpcException if the disk is full
     */
    public synchronized void grow(long sizeBytes) {
        checkWritable();
        Mapping before = mapping();
        long now = before.segment().byteSize();
        if (sizeBytes < now) {
            throw new IllegalArgumentException(
                    "a mapped file does not shrink: sizeBytes=" + sizeBytes + ", now=" + now);
        }
        Mapping larger =
                FileOpening.using(
                        FileOpening.open(path, false),
                        channel -> {
                            checkSame();
                            FileOpening.reserve(path, channel, Math.addExact(offset, sizeBytes));
                            return mapped(channel, sizeBytes);
                        });
        try {
            before.close();
        } catch (IllegalStateException inUse) {
            larger.close();
            throw inUse;
        }
        mapping = larger;
    }

    /** Returns when everything that was written is on the disk. */
    public void flush() {
        flush(0, sizeBytes());
    }

    /**
     * Returns when a range of what was written is on the disk.
     *
     * @param offset where in the mapping
     * @param length how many bytes
     * @throws IllegalArgumentException if they reach beyond the end
     * @throws dev.kith.IpcException if the disk reports an error
     */
    public void flush(long offset, long length) {
        Mapping current = mapping();
        current.check("flush", offset, length, "");
        if (length == 0) {
            return;
        }
        try {
            current.segment().asSlice(offset, length).force();
        } catch (UncheckedIOException failed) {
            throw FileOpening.failed("msync(\"" + path + "\")", failed.getCause());
        }
    }

    /**
     * How large the mapping is.
     *
     * @return bytes
     */
    public long sizeBytes() {
        return mapping().segment().byteSize();
    }

    /**
     * Where the mapping begins in the file.
     *
     * @return bytes from its start
     */
    public long offset() {
        return offset;
    }

    /**
     * Whether it was opened to read only.
     *
     * @return true after {@code openReadOnly}
     */
    public boolean isReadOnly() {
        return readOnly;
    }

    /**
     * Where the file is.
     *
     * @return its absolute path
     */
    public Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** Removes the file's name. Who has it mapped may go on using it. */
    @Override
    public void unlink() {
        try {
            Files.delete(path);
        } catch (IOException failed) {
            throw FileOpening.failed("unlink(\"" + path + "\")", failed);
        }
    }

    /**
     * Ends the mapping; a later access to its segment throws {@link IllegalStateException}. What
     * was written is in the file.
     *
     * @throws IllegalStateException if a call that has not returned uses the memory; the handle
     *     stays open then
     */
    @Override
    public synchronized void close() {
        Mapping last = mapping;
        if (last != null) {
            last.close();
            mapping = null;
        }
    }

    @Override
    public String toString() {
        return "mapped file " + path;
    }

    private static MappedFile open(Path path, boolean readOnly, long offset, long length) {
        return FileOpening.using(
                FileOpening.open(path, readOnly),
                channel -> {
                    long there = FileOpening.sizeBytes(path, channel);
                    if (offset < 0 || offset > there || length > there - offset) {
                        throw new IllegalArgumentException(
                                "map beyond the end of "
                                        + path
                                        + ": offset="
                                        + offset
                                        + ", length="
                                        + length
                                        + ", size="
                                        + there);
                    }
                    long mapped = length < 0 ? there - offset : length;
                    return new MappedFile(path, channel, readOnly, offset, mapped);
                });
    }

    private static long checkedLength(long length) {
        if (length < 1) {
            throw new IllegalArgumentException("length=" + length + ", least=1");
        }
        return length;
    }

    private void checkWritable() {
        if (readOnly) {
            throw new UnsupportedOperationException(this + " was opened read-only");
        }
    }

    private void checkSame() {
        if (!Objects.equals(identity, FileOpening.identity(path))) {
            throw new Broken(
                    path + " is another file now: the one that is mapped was removed or replaced");
        }
    }

    private Mapping mapping() {
        Mapping current = mapping;
        if (current == null) {
            throw new Closed(this + " is closed");
        }
        return current;
    }

    private Mapping mapped(FileChannel channel, long length) {
        MapMode mode = readOnly ? MapMode.READ_ONLY : MapMode.READ_WRITE;
        return Mapping.of(
                toString(),
                arena -> {
                    try {
                        return channel.map(mode, offset, length, arena);
                    } catch (IOException failed) {
                        throw FileOpening.failed("mmap(\"" + path + "\", " + length + ")", failed);
                    }
                });
    }

    private Object writeReplace() {
        return new Travelling(path.toString(), readOnly, offset, sizeBytes());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a mapped file travels as " + Travelling.class.getName());
    }

    /** A handle on its way to another process. */
    private record Travelling(String path, boolean readOnly, long offset, long length)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return open(Path.of(path), readOnly, offset, length);
        }
    }
}
