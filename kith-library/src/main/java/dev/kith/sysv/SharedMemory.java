// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.ENOMEM;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kith.Closed;
import dev.kith.Denied;
import dev.kith.Named;
import dev.kith.NotFound;
import dev.kith.blocking.Errors;
import dev.kith.kernel.SysShm;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * System V shared memory.
 *
 * <pre>{@code
 * try (var memory = SharedMemory.create(Key.of(0x1234), 4096)) {
 *     memory.attach().set(ValueLayout.JAVA_LONG, 0, 42);
 *     // another process: SharedMemory.open(Key.of(0x1234)).attach()
 *     memory.unlink();
 * }
 * }</pre>
 *
 * <p>Nothing orders what processes write: guard it with a {@link SemaphoreSet}, or use a
 * VarHandle's acquire and release. New memory is zeros. It stays, with what is in it, when every
 * process has let go, until it is removed; memory that is removed while attached stays until the
 * last process detaches or ends.
 *
 * <p>An access to a segment after {@link #detach()} or {@link #close()} throws
 * IllegalStateException.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/shmop.2.html">shmop(2)</a>
 */
public final class SharedMemory implements Named, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final int OWNER_ONLY = 0600;

    private final transient Identity identity;
    private transient Arena arena;
    private transient MemorySegment segment;
    private transient boolean closed;

    private SharedMemory(Identity identity) {
        this.identity = identity;
    }

    /**
     * Makes memory with a key that is free, for this user only.
     *
     * @param bytes how large, at least 1
     * @return the memory, not attached; its {@link #key()} is for those who shall open it
     */
    public static SharedMemory create(long bytes) {
        return new SharedMemory(
                Identity.createFree(
                        Kind.MEMORY, checkBytes(bytes) + ", ", OWNER_ONLY, get(bytes, 0)));
    }

    /**
     * Makes memory, for this user only.
     *
     * @param key a key that is free, or {@link Key#PRIVATE}
     * @param bytes how large, at least 1
     * @return the memory, not attached
     * @throws dev.kith.AlreadyExists if the key is taken
     */
    public static SharedMemory create(Key key, long bytes) {
        return create(key, bytes, OWNER_ONLY);
    }

    /**
     * Makes memory.
     *
     * @param key a key that is free, or {@link Key#PRIVATE}
     * @param bytes how large, at least 1
     * @param mode the permission bits, 0600 for this user only
     * @param options what kind of memory
     * @return the memory, not attached
     * @throws dev.kith.AlreadyExists if the key is taken
     */
    public static SharedMemory create(Key key, long bytes, int mode, CreateOption... options) {
        String arguments = checkBytes(bytes) + ", " + CreateOption.text(options);
        return new SharedMemory(
                Identity.create(
                        Kind.MEMORY,
                        key,
                        arguments,
                        mode,
                        get(bytes, CreateOption.flags(options))));
    }

    /**
     * Opens memory.
     *
     * @param key its key
     * @return the memory, not attached
     * @throws NotFound if there is none
     */
    public static SharedMemory open(Key key) {
        return new SharedMemory(Identity.open(Kind.MEMORY, key, "0, ", get(0, 0)));
    }

    /**
     * Opens memory by its id, as ipcs(1) prints it: the only way to private memory.
     *
     * @param id what {@link #id()} says
     * @return the memory, not attached
     * @throws NotFound if there is none
     */
    public static SharedMemory openId(int id) {
        return new SharedMemory(Identity.openId(Kind.MEMORY, id));
    }

    /**
     * Opens memory, or makes it, for this user only, if there is none.
     *
     * @param key its key
     * @param bytes how large at least
     * @return the memory, not attached
     */
    public static SharedMemory openOrCreate(Key key, long bytes) {
        return openOrCreate(key, bytes, OWNER_ONLY);
    }

    /**
     * Opens memory, or makes it if there is none.
     *
     * @param key its key
     * @param bytes how large at least
     * @param mode the permission bits if it is made
     * @return the memory, not attached
     */
    public static SharedMemory openOrCreate(Key key, long bytes, int mode) {
        return new SharedMemory(
                Identity.openOrCreate(
                        Kind.MEMORY, key, checkBytes(bytes) + ", ", mode, get(bytes, 0)));
    }

    /**
     * Attaches the memory, for reading and writing unless the options say otherwise. A handle has
     * one attachment at a time.
     *
     * @param options how
     * @return all of it
     * @throws Denied if its mode does not let this user in
     * @throws IllegalStateException if this handle has it attached already
     */
    public MemorySegment attach(AttachOption... options) {
        return attachAt(0, options);
    }

    /**
     * Attaches the memory at an address, for structures with pointers in them.
     *
     * @param address a multiple of the page size, or any with {@link AttachOption#ROUND_ADDRESS}; 0
     *     lets the kernel choose
     * @param options how
     * @return all of it
     * @throws dev.kith.IpcException if something else is at that address
     * @throws IllegalStateException if this handle has it attached already
     */
    public synchronized MemorySegment attachAt(long address, AttachOption... options) {
        long bytes = stat().sizeBytes();
        if (arena != null) {
            throw new IllegalStateException(
                    identity
                            + " is attached already, at "
                            + hex(segment.address())
                            + "; segment() is it, detach() ends it");
        }
        int flags = AttachOption.flags(options);
        long at = SysShm.shmat(identity.id(), address, flags);
        if (at < 0) {
            throw attachFailed(address, (int) -at, options);
        }
        arena = Arena.ofShared();
        MemorySegment all = SysShm.detachWith(arena, at, bytes);
        // A write to memory that the kernel maps read-only would end the JVM: let Java refuse it.
        segment = (flags & SysShm.SHM_RDONLY) == 0 ? all : all.asReadOnly();
        return segment;
    }

    /**
     * The memory as it is attached.
     *
     * @return what {@link #attach} returned
     * @throws IllegalStateException if it is not attached
     */
    public synchronized MemorySegment segment() {
        checkOpen();
        if (arena == null) {
            throw new IllegalStateException(identity + " is not attached; attach() does that");
        }
        return segment;
    }

    /**
     * Whether this handle has it attached.
     *
     * @return true between attach and detach
     */
    public synchronized boolean isAttached() {
        return arena != null;
    }

    /**
     * Writes bytes into the memory that is attached.
     *
     * @param offset where
     * @param bytes what
     * @throws IllegalArgumentException if they reach beyond the end
     * @throws IllegalStateException if it is not attached
     * @throws UnsupportedOperationException if it is attached {@link AttachOption#READ_ONLY}
     */
    public void write(long offset, byte[] bytes) {
        MemorySegment all = segment();
        checkRange("write", all, offset, bytes.length);
        if (all.isReadOnly()) {
            throw new UnsupportedOperationException(identity + " is attached read-only");
        }
        MemorySegment.copy(bytes, 0, all, JAVA_BYTE, offset, bytes.length);
    }

    /**
     * Reads bytes of the memory that is attached.
     *
     * @param offset where
     * @param length how many
     * @return a copy
     * @throws IllegalArgumentException if they reach beyond the end
     * @throws IllegalStateException if it is not attached
     */
    public byte[] read(long offset, int length) {
        MemorySegment all = segment();
        checkRange("read", all, offset, length);
        return all.asSlice(offset, length).toArray(JAVA_BYTE);
    }

    /**
     * Detaches the memory, if it is attached. Segments of it cannot be used any more, in any
     * thread.
     *
     * @throws IllegalStateException if another thread is passing a segment of it to a native
     *     function; it stays attached then
     */
    public synchronized void detach() {
        if (arena != null) {
            arena.close();
            arena = null;
            segment = null;
        }
    }

    /**
     * What the kernel says of the memory.
     *
     * @return its state now
     * @throws Denied if this user may not read it
     */
    public MemoryStat stat() {
        checkOpen();
        return identity.stat(MemoryStat::read);
    }

    /**
     * Gives the memory to another user and group.
     *
     * @param uid the user
     * @param gid the group
     * @throws Denied if this user is not its owner or creator
     */
    public void owner(long uid, long gid) {
        checkOpen();
        identity.owner(uid, gid);
    }

    /**
     * Changes who may attach it to read and to write.
     *
     * @param mode the permission bits, for example 0640
     * @throws Denied if this user is not its owner or creator
     */
    public void mode(int mode) {
        checkOpen();
        identity.mode(mode);
    }

    /**
     * The key.
     *
     * @return the key, or {@link Key#PRIVATE}
     */
    public Key key() {
        return identity.key();
    }

    /**
     * The number that the kernel gave it.
     *
     * @return the id: {@code shmid}
     */
    public int id() {
        return identity.id();
    }

    /** The key as {@code 0x00001234}; of private memory {@code id=5}. */
    @Override
    public String name() {
        return identity.name();
    }

    /** Removes the memory: nobody can open it any more; who has it attached keeps it. */
    @Override
    public void unlink() {
        identity.remove();
    }

    /**
     * Detaches, and lets go of this handle. The memory stays. As for {@link #detach()} otherwise.
     */
    @Override
    public synchronized void close() {
        detach();
        closed = true;
    }

    /** {@code sysvshm:0x00001234}. */
    @Override
    public String toString() {
        return identity.toString();
    }

    private RuntimeException attachFailed(long address, int errno, AttachOption... options) {
        String call =
                "shmat("
                        + identity.name()
                        + ", "
                        + hex(address)
                        + ", "
                        + Arrays.toString(options)
                        + ")";
        return switch (errno) {
            case ENOMEM ->
                    Errors.of(call, errno, "there is no room left in this process's address space");
            case EINVAL ->
                    address == 0
                            ? identity.failed(call, errno, "")
                            : Errors.of(
                                    call,
                                    errno,
                                    "the address is not of a page, or something else is there; let"
                                            + " the kernel choose with attach()");
            default -> identity.failed(call, errno, "");
        };
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw new Closed(identity + " is closed");
        }
    }

    private void checkRange(String verb, MemorySegment all, long offset, long length) {
        if (offset < 0 || length < 0 || offset > all.byteSize() - length) {
            throw new IllegalArgumentException(
                    verb
                            + " beyond the end of "
                            + identity
                            + ": offset="
                            + offset
                            + ", length="
                            + length
                            + ", size="
                            + all.byteSize());
        }
    }

    private static long checkBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes=" + bytes + ", lowest=1");
        }
        return bytes;
    }

    private static Identity.Get get(long bytes, int options) {
        return (key, flags) -> SysShm.shmget(key, bytes, flags | options);
    }

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }

    private Object writeReplace() {
        return new Travelling(identity);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("shared memory travels as " + Travelling.class.getName());
    }

    /** Shared memory on its way to another process, where it is attached again by who needs it. */
    private record Travelling(Identity identity) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() {
            return new SharedMemory(Identity.arrive(identity));
        }
    }
}
