// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.memory.Party;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * Shared memory for threads of any process, of which everybody can see who uses it.
 *
 * <pre>{@code
 * try (SharedBlock block = SharedBlock.create("picture", 8 << 20)) {
 *     block.segment().copyFrom(picture);
 * }
 *
 * try (SharedBlock block = SharedBlock.openReadOnly("picture")) { // in another process
 *     show(block.segment());
 *     block.unlink(); // only this removes it
 * }
 * }</pre>
 *
 * <p>Nobody owns it: it stays when all who opened it have closed it or died, until one unlinks it,
 * or {@link Reaper} finds that whoever used it last has died. Memory that has no header and no such
 * table is {@link dev.kith.posix.SharedMemory}.
 *
 * <p>What threads do in it is for them to put in order, by a {@link SharedLock} say. Its segment
 * stays valid as long as it can be reached, even when the handle is closed. If another process cuts
 * the file off, accesses throw {@link InternalError}.
 *
 * <p>9 KiB and its own bytes, whose room is reserved when it is made. For C, Python and others: it
 * begins at byte 8704 of the file, which the eight bytes at 32 say; how long it is say the eight at
 * 8576.
 */
public final class SharedBlock extends SharedObject {
    private static final long serialVersionUID = 1L;

    private static final long OWN_BYTES = 8;
    private static final long MOST = 1L << 46;

    private final transient boolean readOnly;
    private final transient MemorySegment segment;

    private SharedBlock(Opened opened, boolean readOnly) {
        long found = opened.shape().capacity();
        opened.check(OWN_BYTES, found, 0);
        long bytes = opened.region().segment().get(JAVA_LONG, opened.own());
        if (bytes < 0 || bytes > MOST || capacity(bytes) != found) {
            throw new Broken(
                    opened.region()
                            + ": length of the block: found="
                            + bytes
                            + ", and room for "
                            + found
                            + "; if nobody needs it, remove it");
        }
        super(opened, _ -> {});
        this.readOnly = readOnly;
        MemorySegment own = region().data().asSlice(0, bytes);
        this.segment = readOnly ? own.asReadOnly() : own;
    }

    /**
     * Makes a block in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param sizeBytes how long it is
     * @return the block
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedBlock create(String name, long sizeBytes) {
        return kind(false).create(Place.shm(name), plan(sizeBytes));
    }

    /**
     * Makes a block in a file.
     *
     * @param path where; nothing may be there yet
     * @param sizeBytes how long it is
     * @return the block
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedBlock create(Path path, long sizeBytes) {
        return kind(false).create(Place.file(path), plan(sizeBytes));
    }

    /**
     * Makes a block without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param sizeBytes how long it is
     * @return the block; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedBlock anonymous(long sizeBytes) {
        return kind(false).anonymous(plan(sizeBytes));
    }

    /**
     * Opens a block in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the block
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedBlock open(String name) {
        return kind(false).open(Place.shm(name));
    }

    /**
     * Opens a block in a file.
     *
     * @param path where it is
     * @return the block
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedBlock open(Path path) {
        return kind(false).open(Place.file(path));
    }

    /**
     * Opens a block in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param sizeBytes how long it is
     * @return the block
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedBlock openOrCreate(String name, long sizeBytes) {
        return kind(false).openOrCreate(Place.shm(name), plan(sizeBytes));
    }

    /**
     * Opens a block in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param sizeBytes how long it is
     * @return the block
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedBlock openOrCreate(Path path, long sizeBytes) {
        return kind(false).openOrCreate(Place.file(path), plan(sizeBytes));
    }

    /**
     * Opens a block in shared memory in order to read it: who writes into its segment is refused.
     *
     * @param name of the object in /dev/shm
     * @return the block
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedBlock openReadOnly(String name) {
        return kind(true).open(Place.shm(name));
    }

    /**
     * Opens a block in a file in order to read it: who writes into its segment is refused.
     *
     * @param path where it is
     * @return the block
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedBlock openReadOnly(Path path) {
        return kind(true).open(Place.file(path));
    }

    /**
     * Its memory, in place.
     *
     * @return a segment, which cannot be written to if it was opened in order to read
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * How long it is.
     *
     * @return bytes, as it was made with
     */
    public long sizeBytes() {
        return segment.byteSize();
    }

    /**
     * Whether this handle can only read.
     *
     * @return true if it was opened so
     */
    public boolean isReadOnly() {
        return readOnly;
    }

    /**
     * Who has it open: living processes, one of them for each of its handles.
     *
     * @return in the order of their slots
     */
    public List<Peer> users() {
        return region().table().parties().stream()
                .filter(region().table()::isAlive)
                .map(Party::peer)
                .toList();
    }

    @Override
    String parameters() {
        return text(sizeBytes());
    }

    @Override
    Object luggage() {
        return readOnly;
    }

    static Kind<SharedBlock> kind(boolean readOnly) {
        return new Kind<>(RegionKind.BLOCK, 0, opened -> new SharedBlock(opened, readOnly));
    }

    /** The kind of one that arrives from another process. */
    static Kind<?> arriving(Object readOnly) {
        return kind(Boolean.TRUE.equals(readOnly));
    }

    private static Plan plan(long bytes) {
        if (bytes < 0 || bytes > MOST) {
            throw new IllegalArgumentException("block: bytes=" + bytes + ", expected 0 to " + MOST);
        }
        return new Plan(
                Kind.shape(RegionKind.BLOCK, Kind.SLOTS, 0, OWN_BYTES, capacity(bytes), 0, 0),
                text(bytes),
                region ->
                        region.segment()
                                .set(JAVA_LONG, Kind.own(region.header().shape(), 0), bytes));
    }

    private static long capacity(long bytes) {
        return Math.max(8, (bytes + 7) / 8 * 8);
    }

    private static String text(long bytes) {
        return bytes + " bytes";
    }
}
