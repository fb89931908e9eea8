// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.NotFound;
import dev.kith.blocking.Gate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Shared memory of ours: a header that is checked, a table of who is attached, and data. It is in a
 * POSIX shared memory object, a file, or a memfd.
 *
 * <p>The memory stays mapped after {@link #close()} until nobody can reach the segment any more: no
 * access ever meets memory that was unmapped under it. It is only cut off by a process that
 * truncates the file: accesses then throw {@link InternalError}, of which {@link #broken} makes the
 * exception to throw; a compare-and-set may end the JVM (JDK 25), so the paths of readers use none.
 *
 * <p>Any thread may use it.
 */
public final class Region implements AutoCloseable {
    /** The byte whose lock has who removes the region. */
    private static final long DOOR = (1L << 40) - 1;

    private final Place place;
    private final RegionFile file;
    private final Header header;
    private final MemorySegment segment;
    private final Words words;
    private final AttachTable table;
    private final Watch watch;
    private final List<Parking> parkings = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Wakes who waits when the region is closed; null without native access. */
    private final Gate gate;

    private Region(Place place, RegionFile file, Header header) {
        this.place = place;
        this.file = file;
        this.header = header;
        this.segment = file.memory().asSlice(0, header.shape().totalBytes());
        this.words = new Words(segment);
        this.table = new AttachTable(this, file, header.shape().slots());
        this.watch = new Watch(this);
        this.gate = RegionFile.NATIVE ? new Gate(toString()) : null;
    }

    /**
     * Makes a region (0600) with its room reserved. Nobody sees it before it is whole.
     *
     * @param prepare writes into it, and attaches to it, before it gets its name: who is killed
     *     half-way leaves nothing, or a region with a dead party
     * @throws AlreadyExists if there is something of that name
     * @throws dev.kith.IpcException if there is no room
     */
    public static Region create(Place place, Shape shape, Consumer<Region> prepare) {
        List<Region> made = new ArrayList<>();
        try {
            RegionFile.create(
                    place,
                    shape.totalBytes(),
                    file -> {
                        Header.write(file.memory(), shape);
                        Region region = new Region(place, file, read(place, file, shape.kind()));
                        made.add(region);
                        region.joined();
                        prepare.accept(region);
                    });
            return made.getFirst();
        } catch (RuntimeException | Error failed) {
            made.forEach(Region::close);
            throw failed;
        }
    }

    /**
     * Opens a region.
     *
     * @param kind the one that it must be; 0 for any
     * @throws NotFound if there is none
     * @throws Broken if it is something else, or damaged
     */
    public static Region open(Place place, int kind) {
        Region region = look(place, kind, Arena.ofAuto());
        if (region.isRemoved()) {
            // Who was removing it may have been killed, or be at it.
            region.sweep();
            region.close();
            throw new NotFound("open(" + place + "): it is being removed; create it");
        }
        region.joined();
        return region;
    }

    /**
     * Opens a region in order to look at it, or to remove it.
     *
     * @param arena ends the mapping
     */
    public static Region look(Place place, int kind, Arena arena) {
        RegionFile file = RegionFile.open(place, arena);
        try {
            return new Region(place, file, read(place, file, kind));
        } catch (RuntimeException | Error failed) {
            file.close();
            throw failed;
        }
    }

    /** Opens a region, made if there is none. */
    public static Region openOrCreate(Place place, Shape shape, Consumer<Region> prepare) {
        for (; ; ) {
            try {
                return create(place, shape, prepare);
            } catch (AlreadyExists there) {
                try {
                    return open(place, shape.kind());
                } catch (NotFound removed) {
                    Thread.yield();
                }
            }
        }
    }

    /** Where it is. */
    public Place place() {
        return place;
    }

    /** What its header says, as it was checked. */
    public Header header() {
        return header;
    }

    /** All of it, header included. */
    public MemorySegment segment() {
        return segment;
    }

    /** The words of all of it. */
    public Words words() {
        return words;
    }

    /** The data. */
    public MemorySegment data() {
        return segment.asSlice(header.shape().dataOffset(), header.shape().capacity());
    }

    /** Who is attached. */
    public AttachTable table() {
        return table;
    }

    /** The deaths of those who are attached. */
    public Watch watch() {
        return watch;
    }

    /**
     * A place to wait at: a word of 32 bits in the cursors of the region.
     *
     * @param offset where the word is, from the begin of the region
     */
    public Parking parking(long offset) {
        Parking parking = new Parking(this, offset);
        parkings.add(parking);
        return parking;
    }

    /**
     * A word by which who waits says so.
     *
     * @param offset where the word is, from the begin of the region
     */
    public Hint hint(long offset) {
        return new Hint(this, offset);
    }

    /** How often the slot of a dead party was swept. */
    public long epoch() {
        return Header.epoch(segment);
    }

    /**
     * What it means that an access threw: somebody has truncated the file. Any other error is
     * thrown as it is.
     *
     * @param verb what was tried: read, write
     */
    public Broken broken(String verb, InternalError fault) {
        if (!String.valueOf(fault.getMessage()).contains("unsafe memory access")) {
            throw fault;
        }
        Broken broken =
                new Broken(
                        verb
                                + " of "
                                + place
                                + ": another process has truncated it: size when mapped="
                                + segment.byteSize()
                                + "; remove it, and create it anew");
        broken.initCause(fault);
        return broken;
    }

    /** Does something with the memory, and says {@link #broken} if it throws so. */
    public <T> T guarded(String verb, Supplier<T> access) {
        try {
            return access.get();
        } catch (InternalError fault) {
            throw broken(verb, fault);
        }
    }

    /**
     * Removes the name if no living process is attached, so that nobody can attach any more.
     *
     * @return whether it was removed
     */
    public boolean sweep() {
        if (!place.isNamed() || !file.lock(DOOR)) {
            return false;
        }
        try {
            if (table.isAnyAlive()) {
                return false;
            }
            Header.raise(segment, Header.REMOVED);
            KillPoint.pass();
            if (table.isAnyAlive()) {
                Header.lower(segment, Header.REMOVED);
                return false;
            }
            boolean there = file.isStillThere();
            if (there) {
                file.unlink();
            }
            KillPoint.pass();
            return there;
        } finally {
            file.unlock(DOOR);
        }
    }

    /**
     * Removes the name. Who is attached goes on.
     *
     * @throws NotFound if the name is gone, or another region's by now
     */
    public void unlink() {
        if (!file.isStillThere()) {
            throw new NotFound("unlink(" + place + "): it was removed already");
        }
        file.unlink();
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed.get();
    }

    /** Detaches what this handle has attached and wakes who waits. The region stays. */
    @Override
    public void close() {
        close(() -> {});
    }

    /**
     * The same.
     *
     * @param settle run when the region says that it is closed, and before it detaches: ends what
     *     threads of this process still do in it
     */
    public void close(Runnable settle) {
        if (closed.compareAndSet(false, true)) {
            if (gate != null) {
                gate.close();
            }
            watch.close();
            try {
                settle.run();
            } finally {
                try {
                    table.detachAll();
                } finally {
                    wakeAll(); // now, so that who waits for what this handle held finds it free
                    file.close();
                }
            }
        }
    }

    @Override
    public String toString() {
        return place.toString();
    }

    /** Whether somebody has begun to remove it. */
    boolean isRemoved() {
        return (Header.flags(segment) & Header.REMOVED) != 0;
    }

    Gate gate() {
        return gate;
    }

    Closed closedException() {
        return new Closed(this + " is closed");
    }

    /** Wakes everybody who waits in this region, because somebody has come or died. */
    void wakeAll() {
        try {
            for (Parking parking : parkings) {
                parking.wakeWhoSleeps();
            }
        } catch (InternalError cut) {
            // Who uses the memory finds out, and says so.
        }
    }

    /** From now on others may rely on the barriers of this process. */
    private void joined() {
        if (RegionFile.NATIVE) {
            Fence.register();
            if (!Fence.reaches()) {
                Header.raise(segment, Header.FENCED);
            }
        }
    }

    private static Header read(Place place, RegionFile file, int kind) {
        MemorySegment memory = file.memory();
        try {
            return Header.read(place.toString(), memory, memory.byteSize(), kind);
        } catch (InternalError fault) {
            throw Header.broken(place.toString(), "its memory cannot be read: " + fault);
        }
    }
}
