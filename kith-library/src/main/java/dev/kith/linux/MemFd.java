// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EBUSY;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.EPERM;

import dev.kith.HasFd;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Mapping;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Memory without a name, to be shared with those who are given it, and to be sealed: what can no
 * longer shrink or change can be read without fear of the other side.
 *
 * <pre>{@code
 * try (var memory = MemFd.create("prices", 4096).keep()) {
 *     memory.map().set(ValueLayout.JAVA_DOUBLE, 0, 3.14);
 *     memory.unmap();
 *     memory.seal(Seal.SHRINK, Seal.GROW, Seal.WRITE, Seal.SEAL);
 *     child.run(() -> System.out.println(memory.mapReadOnly().get(ValueLayout.JAVA_DOUBLE, 0)));
 * }
 * }</pre>
 *
 * <p>Its room is reserved when it is made, so too little memory is an error then, not a fault
 * later. It is gone with the last descriptor and mapping of it, in whatever process: nothing is
 * left behind when all die. Another program gets it by inheritance, through a Unix socket, by
 * pidfd_getfd(2), or opens {@link #path()}.
 *
 * <p>Any thread may use the segments, until {@link #unmap()} or {@link #close()}; an access after
 * that throws {@link IllegalStateException}. If another process makes it smaller than what is
 * mapped, accesses throw an {@link InternalError}, and a compare-and-set may end the JVM: seal it
 * with {@link Seal#SHRINK}, or require that of what you are given.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
 */
public final class MemFd implements HasFd, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final long PAGE_BYTES = 4096;
    private static final String TARGET = "/memfd:";

    private final transient OwnedFd owned;
    private final transient String name;
    private final transient boolean huge;

    /** What this handle has given out; guarded by itself. */
    private final transient List<Mapping> mappings = new ArrayList<>();

    private MemFd(int fd, String name, boolean huge) {
        this.owned = new OwnedFd(fd, "memfd " + name);
        this.name = name;
        this.huge = huge;
    }

    /** How it is made. */
    public enum Option {
        /** It cannot be sealed: {@link Seal#SEAL} is set from the beginning. */
        UNSEALABLE,
        /**
         * It consists of huge pages, which the administrator has reserved
         * (/proc/sys/vm/nr_hugepages); its size is a multiple of one, 2 MiB mostly.
         */
        HUGE_PAGES
    }

    /**
     * Makes memory that begins as zeros.
     *
     * @param name for people, in /proc/PID/maps and /proc/PID/fd; at most 249 bytes, need not be
     *     unique
     * @param sizeBytes how large, at least 1
     * @param options how it is made
     * @return the handle; nothing is mapped yet
     * @throws dev.kith.IpcException if there is no room
     */
    public static MemFd create(String name, long sizeBytes, Option... options) {
        Set<Option> given = EnumSet.noneOf(Option.class);
        given.addAll(List.of(options));
        return new MemFd(
                MemFdOpening.create(name, sizeBytes, given),
                name,
                given.contains(Option.HUGE_PAGES));
    }

    /**
     * Takes over memory that came from elsewhere: a native library, another process.
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the handle; nothing is mapped yet
     * @throws IllegalArgumentException if it is no memfd
     */
    public static MemFd own(Fd fd) {
        String target = fd.target();
        if (!target.startsWith(TARGET)) {
            throw new IllegalArgumentException(fd + " is no memfd: it is " + target);
        }
        String name = target.substring(TARGET.length()).replaceFirst(" \\(deleted\\)$", "");
        boolean huge = blockBytes(fd) > PAGE_BYTES;
        return new MemFd(fd.release(), name, huge);
    }

    /**
     * The memory, all of it, to read and to write.
     *
     * @return a segment, on a page of its own
     * @throws dev.kith.Denied if it is sealed against writing, or was opened to read only
     */
    public MemorySegment map() {
        return map(0, sizeBytes());
    }

    /**
     * A part of the memory, to read and to write.
     *
     * @param offset where it begins, a multiple of a page
     * @param length how many bytes
     * @return a segment of that length
     * @throws IllegalArgumentException if it reaches beyond the end
     * @throws dev.kith.Denied if it is sealed against writing, or was opened to read only
     */
    public MemorySegment map(long offset, long length) {
        return map(offset, length, false);
    }

    /**
     * The memory, all of it, to read.
     *
     * @return a read-only segment
     */
    public MemorySegment mapReadOnly() {
        return mapReadOnly(0, sizeBytes());
    }

    /**
     * A part of the memory, to read.
     *
     * @param offset where it begins, a multiple of a page
     * @param length how many bytes
     * @return a read-only segment of that length
     * @throws IllegalArgumentException if it reaches beyond the end
     */
    public MemorySegment mapReadOnly(long offset, long length) {
        return map(offset, length, true);
    }

    /**
     * Ends every segment that this handle has given out.
     *
     * @throws IllegalStateException if a call that has not returned uses one of them; it stays
     */
    public void unmap() {
        synchronized (mappings) {
            while (!mappings.isEmpty()) {
                mappings.getLast().close();
                mappings.removeLast();
            }
        }
    }

    /**
     * How large it is.
     *
     * @return bytes
     */
    public long sizeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            int error = owned.call(fd -> SysStat.fstat(fd, stat));
            Errors.check(error, "fstat(" + owned.what + ")", "");
            return Stat.size(stat);
        }
    }

    /**
     * Makes it larger or smaller, for everybody. Growing reserves the room; segments stay what they
     * are. Shrinking ends the segments of this handle, and takes the memory away from those of
     * others, see above.
     *
     * @param sizeBytes how large, at least 1
     * @throws dev.kith.Denied if it is sealed against it
     * @throws dev.kith.IpcException if there is no room
     * @throws IllegalStateException if it shrinks while a call that has not returned uses a segment
     */
    public void resize(long sizeBytes) {
        MemFdOpening.checkSize(sizeBytes, huge);
        synchronized (mappings) {
            long before = sizeBytes();
            if (sizeBytes > before) {
                owned.call(fd -> {
                    MemFdOpening.reserve(name, fd, sizeBytes, huge);
                    return 0;
                });
            } else if (sizeBytes < before) {
                shrink(sizeBytes);
            }
        }
    }

    /**
     * Forbids something for ever, to everybody who has it.
     *
     * @param seals what
     * @throws dev.kith.Denied if it takes no more seals, or was opened to read only
     * @throws dev.kith.IpcException with EBUSY for {@link Seal#WRITE} if somebody has it mapped to
     *     write; with EINVAL if this kernel does not know one of them
     */
    public void seal(Seal... seals) {
        Set<Seal> given = EnumSet.noneOf(Seal.class);
        given.addAll(List.of(seals));
        int error = owned.call(fd -> Fcntl.fcntl(fd, Fcntl.F_ADD_SEALS, Seal.bits(given)));
        Errors.check(
                error,
                "fcntl(" + owned.what + ", F_ADD_SEALS, " + given + ")",
                switch (-error) {
                    case EPERM ->
                            "sealed are "
                                    + seals()
                                    + "; with SEAL among them, or opened to read, it takes no more";
                    case EBUSY ->
                            "somebody has it mapped to write: unmap() here, and in every process"
                                    + " that has it";
                    case EINVAL -> "this kernel does not know all of them: EXEC takes Linux 6.3";
                    default -> "";
                });
    }

    /**
     * What is forbidden.
     *
     * @return the seals, by whomever they were set
     */
    public Set<Seal> seals() {
        int bits = owned.call(fd -> Fcntl.fcntl(fd, Fcntl.F_GET_SEALS, 0));
        return Seal.of(Errors.check(bits, "fcntl(" + owned.what + ", F_GET_SEALS)", ""));
    }

    /**
     * What it was named when it was made.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Where others find it: {@code Fd.open(memory.path())} is a descriptor that only reads, in any
     * process that may trace this one.
     *
     * @return /proc/PID/fd/N, valid while the handle is open
     */
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + owned.fd());
    }

    /**
     * Keeps this process's copy open when the handle is handed over.
     *
     * @return this
     */
    public MemFd keep() {
        owned.keep();
        return this;
    }

    @Override
    public int fd() {
        return owned.fd();
    }

    @Override
    public int duplicateFd() {
        return owned.duplicateFd();
    }

    /**
     * Ends the segments and closes this process's copy.
     *
     * @throws IllegalStateException if a call that has not returned uses a segment; the handle
     *     stays open then
     */
    @Override
    public void close() {
        synchronized (mappings) {
            unmap();
            owned.close();
        }
    }

    @Override
    public String toString() {
        return owned.what;
    }

    private static long blockBytes(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            Errors.check(SysStat.fstat(fd.fd(), stat), "fstat(" + fd + ")", "");
            return Stat.blockBytes(stat);
        }
    }

    private MemorySegment map(long offset, long length, boolean readOnly) {
        synchronized (mappings) {
            long size = sizeBytes();
            long page = huge ? MemFdOpening.hugePageBytes() : PAGE_BYTES;
            boolean whole = offset % page == 0 && (!huge || length % page == 0);
            if (offset < 0 || length < 0 || offset > size - length || !whole) {
                throw new IllegalArgumentException(
                        "no part of "
                                + owned.what
                                + ": offset="
                                + offset
                                + " (a multiple of "
                                + page
                                + "), length="
                                + length
                                + (huge ? " (the same)" : "")
                                + ", size="
                                + size);
            }
            Mapping mapping =
                    Mapping.of(owned.what, arena -> mapped(offset, length, readOnly, arena));
            mappings.add(mapping);
            return mapping.segment();
        }
    }

    private MemorySegment mapped(long offset, long length, boolean readOnly, Arena arena) {
        owned.descriptor.gate().enter();
        try {
            int fd = owned.descriptor.fd();
            return MemFdOpening.map(owned.what, fd, offset, length, readOnly, arena);
        } finally {
            owned.descriptor.gate().exit();
        }
    }

    private void shrink(long sizeBytes) {
        String call = "ftruncate(" + owned.what + ", " + sizeBytes + ")";
        // Asked first: what is refused must not have ended the segments.
        if (seals().contains(Seal.SHRINK)) {
            throw Errors.of(call, EPERM, "it is sealed against shrinking");
        }
        unmap();
        Errors.check(owned.call(fd -> Unistd.ftruncate(fd, sizeBytes)), call, "");
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(owned.give(this), name, huge);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a memfd travels as a descriptor");
    }

    /** Memory on its way to another process. */
    private record Travelling(int index, String name, boolean huge) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return OwnedFd.arrived(index, "memfd", fd -> new MemFd(fd, name, huge));
        }
    }
}
