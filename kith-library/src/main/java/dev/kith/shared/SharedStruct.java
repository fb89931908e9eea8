// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.codec.Codec;
import dev.kith.codec.StructLayout;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A record that threads of any process read and replace as a whole: who reads never sees a part of
 * one and a part of another. It lies in memory as a C struct, see {@link Codec#struct}.
 *
 * <pre>{@code
 * record Quote(double bid, double ask, long time) {}
 *
 * try (SharedStruct<Quote> quote = SharedStruct.openOrCreate("quote", new Quote(0, 0, 0))) {
 *     quote.set(new Quote(99.5, 100.5, System.nanoTime()));
 *     Quote now = quote.get();
 * }
 * }</pre>
 *
 * <p>To read takes no lock and no system call: it waits for nobody, and is tried again if the
 * record was replaced twice meanwhile. Who replaces it takes turns with others by a lock that
 * outlives its owner. A process may be killed anywhere: the record stays the last whole one, and
 * the next replaces it. What a thread did in shared memory before it replaced the record, a thread
 * sees that got it.
 *
 * <p>25 KiB and twice the record. For C, Python and others who read: the number of changes is a
 * {@code uint64_t} at byte 25024 of the file, and the struct begins at byte 25088 if it is even; if
 * it is odd, at 25088 and the size of the struct, rounded up to 64. Read the number, copy the
 * struct, read the number once more (each with acquire), and begin again if it has changed. They
 * should not write.
 *
 * <p>Any thread may call any method. Those that replace the record throw {@link Closed} when the
 * handle is closed.
 *
 * @param <R> the record class
 */
public final class SharedStruct<R extends Record> extends SharedObject {
    /*
     * The object's own part (Kind):
     *
     *    +0 | the lock of who writes (RobustLock), 64 bytes   |
     *   +64 | changes  u64  the copy of index changes & 1 is  |
     *       |               the record                        |
     *   +72 | shape    u64  a hash of names, types, offsets   |
     *
     * Data: two copies, each at a multiple of 64. The header's longest message is the struct's size.
     *
     * Who writes has the lock, reads changes = n, passes a release fence, writes the copy of n + 1,
     * and stores n + 1 with release. Who reads loads n with acquire, copies the copy of n, passes an
     * acquire fence, and loads n once more.
     *
     * Whole: the copy of n is written only by the writer that makes n + 2, after it has read n + 1,
     * which was stored before. If the reader has copied a byte of that writer, the fences order the
     * store of n + 1 before the reader's second load: it finds another number, and drops the copy.
     * It is decoded only then, so no constructor ever sees a record of two halves.
     *
     *   died after            leaves
     *   lock                  a dead owner; the record as it was
     *   some of the copy      the same: nobody reads that copy before it is written anew
     *   all of the copy       the same
     *   changes = n + 1       the new record; a dead owner
     *
     * So there is nothing to repair.
     */
    private static final long serialVersionUID = 1L;

    private static final long LOCK = 0;
    private static final long CHANGES = 64;
    private static final long SHAPE = 72;
    private static final long BYTES = 80;
    private static final long LINE = 64;

    private static final int SPINS = 100;

    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final transient StructLayout<R> layout;
    private final transient MemorySegment memory;
    private final transient RobustLock lock;
    private final transient long changesAt;
    private final transient long dataAt;
    private final transient int size;
    private final transient long stride;

    private SharedStruct(Opened opened, StructLayout<R> layout) {
        int size = size(layout);
        opened.check(BYTES, 2 * stride(size), size);
        StructHash.check(opened, SHAPE, layout);
        long at = opened.own();
        super(opened, slot -> RobustLock.release(opened.region(), at + LOCK, slot));
        this.layout = layout;
        this.memory = region().segment();
        this.lock = new RobustLock(member(), at + LOCK, 1, false);
        this.changesAt = at + CHANGES;
        this.dataAt = opened.shape().dataOffset();
        this.size = size;
        this.stride = stride(size);
    }

    /**
     * Makes a struct in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param <R> the record class
     * @param initial what it is at first; its class says which record it is
     * @return the struct
     * @throws IllegalArgumentException if the class cannot be a struct, see {@link Codec#struct}
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if this record cannot be written, or there is no room
     */
    public static <R extends Record> SharedStruct<R> create(String name, R initial) {
        return kind(type(initial)).create(Place.shm(name), plan(initial));
    }

    /**
     * Makes a struct in a file.
     *
     * @param path where; nothing may be there yet
     * @param <R> the record class
     * @param initial what it is at first; its class says which record it is
     * @return the struct
     * @throws IllegalArgumentException if the class cannot be a struct, see {@link Codec#struct}
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if this record cannot be written, or there is no room
     */
    public static <R extends Record> SharedStruct<R> create(Path path, R initial) {
        return kind(type(initial)).create(Place.file(path), plan(initial));
    }

    /**
     * Makes a struct without a name, in a memfd, which is gone with the last process that has it.
     * It reaches another process by being captured in a task for {@code Worker}, or sent over a
     * Unix socket; this handle stays open all the same. Takes native access.
     *
     * @param <R> the record class
     * @param initial what it is at first; its class says which record it is
     * @return the struct; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if the class cannot be a struct, see {@link Codec#struct}
     * @throws IpcException if this record cannot be written, there is no room, or no native access
     */
    public static <R extends Record> SharedStruct<R> anonymous(R initial) {
        return kind(type(initial)).anonymous(plan(initial));
    }

    /**
     * Opens a struct in shared memory.
     *
     * @param name of the object in /dev/shm
     * @param type the record class
     * @param <R> the record class
     * @return the struct
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, of another record say, or damaged
     */
    public static <R extends Record> SharedStruct<R> open(String name, Class<R> type) {
        return kind(type).open(Place.shm(name));
    }

    /**
     * Opens a struct in a file.
     *
     * @param path where it is
     * @param type the record class
     * @param <R> the record class
     * @return the struct
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, of another record say, or damaged
     */
    public static <R extends Record> SharedStruct<R> open(Path path, Class<R> type) {
        return kind(type).open(Place.file(path));
    }

    /**
     * Opens a struct in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param <R> the record class
     * @param initial what it is at first; its class says which record it is
     * @return the struct
     * @throws IllegalArgumentException if the class cannot be a struct, see {@link Codec#struct}
     * @throws IpcException if this record cannot be written
     * @throws Broken if there is something else, of another record say, or it is damaged
     */
    public static <R extends Record> SharedStruct<R> openOrCreate(String name, R initial) {
        return kind(type(initial)).openOrCreate(Place.shm(name), plan(initial));
    }

    /**
     * Opens a struct in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param <R> the record class
     * @param initial what it is at first; its class says which record it is
     * @return the struct
     * @throws IllegalArgumentException if the class cannot be a struct, see {@link Codec#struct}
     * @throws IpcException if this record cannot be written
     * @throws Broken if there is something else, of another record say, or it is damaged
     */
    public static <R extends Record> SharedStruct<R> openOrCreate(Path path, R initial) {
        return kind(type(initial)).openOrCreate(Place.file(path), plan(initial));
    }

    /**
     * The record as it is now.
     *
     * @return a whole one
     * @throws Broken if another process has cut the file off, or has written what is no such record
     */
    public R get() {
        byte[] copy = new byte[size];
        try {
            for (int tries = 1; !copied(copy); tries++) {
                if (tries % SPINS == 0) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
        return layout.read(MemorySegment.ofArray(copy), 0);
    }

    /**
     * Replaces the record. Waits while another thread of any process is at it.
     *
     * @param value the new one
     * @throws IpcException if this record cannot be written: a text is too long, say
     */
    public void set(R value) {
        byte[] bytes = encoded(value);
        lock("set");
        try {
            write(bytes);
        } finally {
            unlock();
        }
    }

    /**
     * Replaces the record. Waits while another thread of any process is at it.
     *
     * @param value the new one
     * @return what it was
     * @throws IpcException if this record cannot be written: a text is too long, say
     */
    public R getAndSet(R value) {
        return getAndUpdate(_ -> value);
    }

    /**
     * Makes of the record what a function says, which is called once, while nobody else can replace
     * the record. Waits while another thread of any process is at it.
     *
     * @param update what becomes of a record; if it throws, the record stays as it is
     * @return what it was
     * @throws IllegalStateException if this thread is in such a function already
     * @throws IpcException if the new record cannot be written
     */
    public R getAndUpdate(UnaryOperator<R> update) {
        lock("getAndUpdate");
        try {
            R now = get();
            write(encoded(update.apply(now)));
            return now;
        } finally {
            unlock();
        }
    }

    /**
     * Makes of the record what a function says, which is called once, while nobody else can replace
     * the record. Waits while another thread of any process is at it.
     *
     * @param update what becomes of a record; if it throws, the record stays as it is
     * @return what it is then
     * @throws IllegalStateException if this thread is in such a function already
     * @throws IpcException if the new record cannot be written
     */
    public R updateAndGet(UnaryOperator<R> update) {
        lock("updateAndGet");
        try {
            R next = update.apply(get());
            write(encoded(next));
            return next;
        } finally {
            unlock();
        }
    }

    /**
     * Makes of the record what a function says, as {@link #updateAndGet} does, unless others are at
     * it for longer than that: one that was stopped, say.
     *
     * @param update what becomes of a record; if it throws, the record stays as it is
     * @param timeout how long to wait for others; zero or less does not wait
     * @return false if the time has passed, and nothing was done
     * @throws InterruptedException if the thread was interrupted, and nothing was done
     * @throws IllegalStateException if this thread is in such a function already
     * @throws IpcException if the new record cannot be written
     */
    public boolean tryUpdate(UnaryOperator<R> update, Duration timeout)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Thread me = Thread.currentThread();
        checkNotInside("tryUpdate", me);
        if (!lock.tryLock(me) && !lock.lock(me, Parking.deadline(timeout))) {
            return false;
        }
        try {
            write(encoded(update.apply(get())));
            return true;
        } finally {
            unlock();
        }
    }

    /**
     * How often the record was replaced: who looks for news compares this.
     *
     * @return the number
     * @throws Broken if another process has cut the file off
     */
    public long changes() {
        try {
            return (long) LONG.getAcquire(memory, changesAt);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * How the record lies in memory, and in C and numpy.
     *
     * @return the layout
     */
    public StructLayout<R> layout() {
        return layout;
    }

    @Override
    String parameters() {
        return layout.toString();
    }

    @Override
    Object luggage() {
        return layout.type();
    }

    @Override
    void settle() {
        lock.drain();
    }

    static <R extends Record> Kind<SharedStruct<R>> kind(Class<R> type) {
        StructLayout<R> layout = Codec.struct(type);
        return new Kind<>(
                RegionKind.STRUCT, Kind.ENTRIES, opened -> new SharedStruct<>(opened, layout));
    }

    /** The kind of one that arrives from another process. */
    static Kind<?> arriving(Object type) {
        if (type instanceof Class<?> found && found.isRecord()) {
            return kind(found.asSubclass(Record.class));
        }
        throw new Broken("a struct that arrives names its record: found=" + type);
    }

    RobustLock robust() {
        return lock;
    }

    private void lock(String verb) {
        Thread me = Thread.currentThread();
        if (!lock.tryFree(me)) {
            checkNotInside(verb, me);
            lock.lockUninterruptibly(me);
        }
    }

    /** Gives it back, unless the handle was closed meanwhile, and another took it over. */
    private void unlock() {
        if (lock.isOwner(Thread.currentThread())) {
            lock.unlock();
        }
    }

    private void checkNotInside(String verb, Thread me) {
        if (lock.isOwner(me)) {
            throw new IllegalStateException(
                    verb
                            + " of "
                            + this
                            + " inside a function that updates it: return the new one");
        }
    }

    private boolean copied(byte[] copy) {
        long n = (long) LONG.getAcquire(memory, changesAt); // pairs with the release of write()
        MemorySegment.copy(memory, JAVA_BYTE, dataAt + (n & 1) * stride, copy, 0, size);
        VarHandle.acquireFence(); // pairs with the release fence of write()
        return (long) LONG.getOpaque(memory, changesAt) == n;
    }

    private void write(byte[] bytes) {
        if (region().isClosed()) {
            throw new Closed(this + " is closed"); // what was held is another's soon, see settle()
        }
        if (lock.recovered()) {
            lock.markConsistent();
        }
        try {
            long next = (long) LONG.getOpaque(memory, changesAt) + 1;
            VarHandle.releaseFence(); // pairs with the acquire fence of copied()
            long at = dataAt + (next & 1) * stride;
            int half = size / 2;
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, at, half);
            KillPoint.pass();
            MemorySegment.copy(bytes, half, memory, JAVA_BYTE, at + half, size - half);
            KillPoint.pass();
            LONG.setRelease(memory, changesAt, next); // pairs with the acquire of copied()
            KillPoint.pass();
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    private byte[] encoded(R value) {
        byte[] bytes = new byte[size];
        layout.write(value, MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private static <R extends Record> Plan plan(R initial) {
        StructLayout<R> layout = Codec.struct(type(initial));
        int size = size(layout);
        return new Plan(
                kind(layout.type()).shape(BYTES, 2 * stride(size), size, 0),
                layout.toString(),
                region -> {
                    MemorySegment memory = region.segment();
                    long at = Kind.own(region.header().shape(), Kind.ENTRIES);
                    memory.set(JAVA_LONG, at + SHAPE, StructHash.of(layout));
                    layout.write(initial, region.data(), 0);
                });
    }

    @SuppressWarnings("unchecked") // records have no subclasses
    private static <R extends Record> Class<R> type(R value) {
        return (Class<R>) value.getClass();
    }

    private static int size(StructLayout<?> layout) {
        return Math.toIntExact(layout.byteSize());
    }

    private static long stride(int size) {
        return (size + LINE - 1) / LINE * LINE;
    }
}
