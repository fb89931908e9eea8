// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.AlreadyExists;
import dev.kith.HasFd;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Mapping;
import dev.kith.kernel.Errno;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.SysMman;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A POSIX shared memory object: named memory that several processes have mapped at once.
 *
 * <pre>{@code
 * try (var memory = SharedMemory.create("/sum", 8)) {
 *     memory.segment().set(ValueLayout.JAVA_DOUBLE, 0, 3.14);
 *     ...                                      // another process: SharedMemory.open("/sum")
 *     memory.unlink();
 * }
 * }</pre>
 *
 * <p>It is the file of that name in /dev/shm: the memory of C's shm_open and of Python's {@code
 * multiprocessing.shared_memory}. It begins as zeros, stays until {@link #unlink()} or the end of
 * the machine, and nothing guards it: use a {@link Semaphore} or a {@link FileLock}, or release and
 * acquire accesses by a {@code VarHandle}. Its room is reserved when it is made, so a full /dev/shm
 * is an error then, not a fault later.
 *
 * <p>Any thread may use the segment. After {@link #close()} or {@link #resize} an access to it
 * throws {@link IllegalStateException}. If another process truncates the object, {@link #read} and
 * {@link #write} throw {@link dev.kith.Broken}, other accesses an {@link InternalError}, and a
 * compare-and-set may end the JVM: share memory with processes that you trust.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/shm_overview.7.html">shm_overview(7)</a>
 */
public final class SharedMemory implements Named, HasFd, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient String name;
    private final transient boolean readOnly;
    private final transient Descriptor file;

    /** Null after the close. */
    private transient volatile Mapping mapping;

    private SharedMemory(String name, boolean readOnly, int fd) {
        this.name = name;
        this.readOnly = readOnly;
        this.file = new Descriptor(fd, toString());
        try {
            this.mapping = mapped(FileStatus.of(fd).sizeBytes());
        } catch (RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /**
     * Makes an object that only this user may open (0600).
     *
     * @param name a slash and at most 255 bytes, {@code /sum}
     * @param sizeBytes how large
     * @return the object, mapped
     * @throws AlreadyExists if there is one of that name
     * @throws dev.kith.IpcException if there is no room in /dev/shm
     */
    public static SharedMemory create(String name, long sizeBytes) {
        return create(name, sizeBytes, 0600);
    }

    /**
     * Makes an object.
     *
     * @param name a slash and at most 255 bytes, {@code /sum}
     * @param sizeBytes how large
     * @param mode permission bits; the umask is not applied
     * @return the object, mapped
     * @throws AlreadyExists if there is one of that name
     * @throws dev.kith.IpcException if there is no room in /dev/shm
     */
    public static SharedMemory create(String name, long sizeBytes, int mode) {
        int fd = MemoryOpening.create(name, sizeBytes, mode);
        try {
            return new SharedMemory(name, false, fd);
        } catch (RuntimeException failed) {
            SysMman.shmUnlink(name);
            throw failed;
        }
    }

    /**
     * Makes an object (0600) under a free name that is made up; {@link #name()} tells it.
     *
     * @param sizeBytes how large
     * @return the object, mapped
     * @throws dev.kith.IpcException if there is no room in /dev/shm
     */
    public static SharedMemory create(long sizeBytes) {
        return create(ObjectName.made(), sizeBytes);
    }

    /**
     * Opens an object to read and to write.
     *
     * @param name {@code /sum}
     * @return the object, mapped in the size that it has
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static SharedMemory open(String name) {
        return new SharedMemory(name, false, MemoryOpening.open(name, false));
    }

    /**
     * Opens an object to read.
     *
     * @param name {@code /sum}
     * @return the object, mapped in the size that it has; its segment is read-only
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if its mode does not allow it
     */
    public static SharedMemory openReadOnly(String name) {
        return new SharedMemory(name, true, MemoryOpening.open(name, true));
    }

    /**
     * Opens an object to read and to write, made (0600) if there is none.
     *
     * @param name {@code /sum}
     * @param sizeBytes how large, if it is made
     * @return the object, mapped in the size that it has
     */
    public static SharedMemory openOrCreate(String name, long sizeBytes) {
        return openOrCreate(name, sizeBytes, 0600);
    }

    /**
     * Opens an object to read and to write, made if there is none.
     *
     * @param name {@code /sum}
     * @param sizeBytes how large, if it is made
     * @param mode permission bits if it is made; the umask is not applied
     * @return the object, mapped in the size that it has
     */
    public static SharedMemory openOrCreate(String name, long sizeBytes, int mode) {
        for (; ; ) {
            try {
                return create(name, sizeBytes, mode);
            } catch (AlreadyExists there) {
                try {
                    return open(name);
                } catch (NotFound removed) {
                    // between the two calls: make it
                }
            }
        }
    }

    /**
     * How large a page of memory is on this machine: the kernel gives memory out in pages, and
     * addresses and offsets of mappings are multiples of it.
     *
     * @return bytes, 4096 on x86-64
     */
    public static int pageBytes() {
        return Unistd.getpagesize();
    }

    /**
     * Removes the name of an object. Who has it open may go on using it.
     *
     * @param name {@code /sum}
     * @throws NotFound if there is none of that name
     * @throws dev.kith.Denied if it belongs to somebody else
     */
    public static void unlink(String name) {
        MemoryOpening.unlink(name);
    }

    /**
     * The memory, all of it, on a page of its own.
     *
     * @return a segment for any thread, valid until {@link #close()} or {@link #resize}
     */
    public MemorySegment segment() {
        return mapping().segment();
    }

    /**
     * Writes bytes.
     *
     * @param offset where
     * @param bytes what
     * @throws IllegalArgumentException if they reach beyond the end
     * @throws dev.kith.Broken if another process has truncated the object
     */
    public void write(long offset, byte[] bytes) {
        if (readOnly) {
            throw new UnsupportedOperationException(this + " was opened read-only");
        }
        mapping().write(offset, bytes, "resize(" + (offset + bytes.length) + ") makes room");
    }

    /**
     * Reads bytes.
     *
     * @param offset where
     * @param length how many
     * @return a copy
     * @throws IllegalArgumentException if they reach beyond the end
     * @throws dev.kith.Broken if another process has truncated the object
     */
    public byte[] read(long offset, int length) {
        return mapping().read(offset, length);
    }

    /**
     * Changes the size and maps the object anew; segments obtained before are ended. Others see the
     * new size when they open it. Growing reserves the room. Shrinking takes memory away from those
     * who have it mapped, see above: do it only while nobody has.
     *
     * @param sizeBytes how large
     * @throws IllegalStateException if a call that has not returned uses the memory; nothing has
     *     changed
     * @throws dev.kith.IpcException if there is no room in /dev/shm
     */
    public synchronized void resize(long sizeBytes) {
        if (readOnly) {
            throw new UnsupportedOperationException(this + " was opened read-only");
        }
        MemoryOpening.checkSize(sizeBytes);
        Mapping before = mapping();
        if (sizeBytes > before.segment().byteSize()) {
            MemoryOpening.reserve(name, file.fd(), sizeBytes);
        }
        before.close();
        // Until here everything is as it was; should the rest fail, the handle has no memory any
        // more.
        mapping = mapped(0);
        MemoryOpening.truncate(name, file.fd(), sizeBytes);
        Mapping empty = mapping;
        mapping = mapped(sizeBytes);
        empty.close();
    }

    /** Makes every page present now, so that no later access waits for it. */
    public void populate() {
        MemorySegment all = mapping().segment();
        int advice = readOnly ? SysMman.MADV_POPULATE_READ : SysMman.MADV_POPULATE_WRITE;
        int error;
        do {
            error = all.byteSize() == 0 ? 0 : SysMman.madvise(all, all.byteSize(), advice);
        } while (error == -Errno.EINTR);
        if (error == -Errno.EINVAL) {
            // Before Linux 5.14: the room is reserved, so touching the pages is all there is to do.
            for (long page = 0; page < all.byteSize(); page += pageBytes()) {
                all.get(ValueLayout.JAVA_BYTE, page);
            }
        } else if (error == -Errno.EFAULT) {
            throw mapping().truncated("populate", 0, all.byteSize(), null);
        } else {
            Errors.check(error, "madvise(" + this + ", MADV_POPULATE)", "");
        }
    }

    /**
     * How large the mapping is.
     *
     * @return bytes; {@link #status()} tells whether somebody has resized the object since
     */
    public long sizeBytes() {
        return mapping().segment().byteSize();
    }

    /**
     * Whether it was opened to read only.
     *
     * @return true after {@link #openReadOnly}
     */
    public boolean isReadOnly() {
        return readOnly;
    }

    /**
     * The size, the owner and the permissions of the object.
     *
     * @return as the kernel says at this moment
     */
    public FileStatus status() {
        file.gate().enter();
        try {
            return FileStatus.of(file.fd());
        } finally {
            file.gate().exit();
        }
    }

    @Override
    public int fd() {
        return file.openFd();
    }

    @Override
    public int duplicateFd() {
        return file.duplicate();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void unlink() {
        unlink(name);
    }

    /**
     * Ends the mapping; a later access to its segment throws {@link IllegalStateException}. The
     * object stays.
     *
     * @throws IllegalStateException if a call that has not returned uses the memory, say a {@link
     *     Semaphore} in it; the handle stays open then
     */
    @Override
    public synchronized void close() {
        Mapping last = mapping;
        if (last != null) {
            last.close();
            mapping = null;
            file.close();
        }
    }

    @Override
    public String toString() {
        return "shared memory " + name;
    }

    /** Where it is, to be locked. */
    Path file() {
        return Path.of("/dev/shm" + name);
    }

    /** A descriptor with an open file description of its own, which is what a lock belongs to. */
    int reopened() {
        file.gate().enter();
        try {
            String path = "/proc/self/fd/" + file.fd();
            int access = readOnly ? Fcntl.O_RDONLY : Fcntl.O_RDWR;
            return Errors.check(
                    Fcntl.open(path, access | Fcntl.O_CLOEXEC, 0), "open(\"" + path + "\")", "");
        } finally {
            file.gate().exit();
        }
    }

    private Mapping mapping() {
        Mapping current = mapping;
        if (current == null) {
            throw file.gate().closedException();
        }
        return current;
    }

    private Mapping mapped(long sizeBytes) {
        return Mapping.of(
                toString(),
                arena -> MemoryOpening.map(name, file.fd(), sizeBytes, readOnly, arena));
    }

    private Object writeReplace() {
        return new Travelling(name, readOnly);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("shared memory travels as " + Travelling.class.getName());
    }

    /** A handle on its way to another process. */
    private record Travelling(String name, boolean readOnly) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return readOnly ? openReadOnly(name) : open(name);
        }
    }
}
