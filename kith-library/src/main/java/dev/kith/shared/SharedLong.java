// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * An {@link java.util.concurrent.atomic.AtomicLong} for threads of any process: each method is one
 * step that no other thread sees half of, and takes no lock.
 *
 * <pre>{@code
 * try (SharedLong hits = SharedLong.openOrCreate("hits", 0)) {
 *     hits.incrementAndGet();
 * }
 * }</pre>
 *
 * <p>A process may be killed anywhere: a step was taken or was not, and nobody has to wait for the
 * dead. Memory effects are those of volatile: what a thread did before it set the value, a thread
 * sees that got it; {@link #getAcquire} and {@link #setRelease} promise that alone, which costs
 * less.
 *
 * <p>9 KiB. For C, Python and others: the value is the {@code int64_t}, in the byte order of the
 * machine, at byte 8704 of the file, and the eight bytes at 32 say so; they may read and write it,
 * and add to it by the atomic instructions of the processor.
 */
public final class SharedLong extends SharedObject {
    private static final long serialVersionUID = 1L;

    static final Kind<SharedLong> KIND = new Kind<>(RegionKind.VALUE, 0, SharedLong::new);

    private static final VarHandle VALUE = JAVA_LONG.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedLong(Opened opened) {
        Primitive.LONG.checkValue(opened);
        super(opened, _ -> {});
        this.memory = region().segment();
        this.at = opened.shape().dataOffset();
    }

    /**
     * Makes a value in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param initial what it is at first
     * @return the value
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedLong create(String name, long initial) {
        return KIND.create(Place.shm(name), plan(initial));
    }

    /**
     * Makes a value in a file.
     *
     * @param path where; nothing may be there yet
     * @param initial what it is at first
     * @return the value
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedLong create(Path path, long initial) {
        return KIND.create(Place.file(path), plan(initial));
    }

    /**
     * Makes a value without a name, in a memfd, which is gone with the last process that has it. It
     * reaches another process by being captured in a task for {@code Worker}, or sent over a Unix
     * socket; this handle stays open all the same. Takes native access.
     *
     * @param initial what it is at first
     * @return the value; its name is empty, and {@link #unlink()} refused
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedLong anonymous(long initial) {
        return KIND.anonymous(plan(initial));
    }

    /**
     * Opens a value in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the value
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedLong open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a value in a file.
     *
     * @param path where it is
     * @return the value
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedLong open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a value in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param initial what it is at first
     * @return the value
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedLong openOrCreate(String name, long initial) {
        return KIND.openOrCreate(Place.shm(name), plan(initial));
    }

    /**
     * Opens a value in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param initial what it is at first
     * @return the value
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedLong openOrCreate(Path path, long initial) {
        return KIND.openOrCreate(Place.file(path), plan(initial));
    }

    /**
     * What it is now.
     *
     * @return the value
     * @throws Broken if another process has cut the file off
     */
    public long get() {
        try {
            return (long) VALUE.getVolatile(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes it another value.
     *
     * @param value the new one
     * @throws Broken if another process has cut the file off
     */
    public void set(long value) {
        try {
            VALUE.setVolatile(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * What it is now, with the memory effect of acquire: what was done before the {@link
     * #setRelease} or {@link #set} that is seen here, is seen after.
     *
     * @return the value
     * @throws Broken if another process has cut the file off
     */
    public long getAcquire() {
        try {
            return (long) VALUE.getAcquire(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes it another value, with the memory effect of release: who gets it by {@link #getAcquire}
     * or {@link #get} sees all that was done before.
     *
     * @param value the new one
     * @throws Broken if another process has cut the file off
     */
    public void setRelease(long value) {
        try {
            VALUE.setRelease(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * Makes it another value if it is the expected one.
     *
     * @param expected what it must be
     * @param value the new one
     * @return whether it was, and is the new one now
     */
    public boolean compareAndSet(long expected, long value) {
        return VALUE.compareAndSet(memory, at, expected, value);
    }

    /**
     * Makes it another value if it is the expected one.
     *
     * @param expected what it must be
     * @param value the new one
     * @return what it was: the expected value if it is the new one now
     */
    public long compareAndExchange(long expected, long value) {
        return (long) VALUE.compareAndExchange(memory, at, expected, value);
    }

    /**
     * Makes it another value.
     *
     * @param value the new one
     * @return what it was
     */
    public long getAndSet(long value) {
        return (long) VALUE.getAndSet(memory, at, value);
    }

    /**
     * Adds. What overflows wraps.
     *
     * @param delta how much
     * @return what it was
     */
    public long getAndAdd(long delta) {
        return (long) VALUE.getAndAdd(memory, at, delta);
    }

    /**
     * Adds. What overflows wraps.
     *
     * @param delta how much
     * @return what it is then
     */
    public long addAndGet(long delta) {
        return getAndAdd(delta) + delta;
    }

    /**
     * Adds one.
     *
     * @return what it was
     */
    public long getAndIncrement() {
        return getAndAdd(1);
    }

    /**
     * Adds one.
     *
     * @return what it is then
     */
    public long incrementAndGet() {
        return getAndAdd(1) + 1;
    }

    /**
     * Takes one away.
     *
     * @return what it was
     */
    public long getAndDecrement() {
        return getAndAdd(-1);
    }

    /**
     * Takes one away.
     *
     * @return what it is then
     */
    public long decrementAndGet() {
        return getAndAdd(-1) - 1;
    }

    /**
     * Makes of it what a function says. The function is called again if another thread was faster,
     * so it should do nothing else.
     *
     * @param update what becomes of a value
     * @return what it was
     */
    public long getAndUpdate(LongUnaryOperator update) {
        for (; ; ) {
            long now = get();
            long next = update.applyAsLong(now);
            if (compareAndSet(now, next)) {
                return now;
            }
        }
    }

    /**
     * Makes of it what a function says. The function is called again if another thread was faster,
     * so it should do nothing else.
     *
     * @param update what becomes of a value
     * @return what it is then
     */
    public long updateAndGet(LongUnaryOperator update) {
        for (; ; ) {
            long now = get();
            long next = update.applyAsLong(now);
            if (compareAndSet(now, next)) {
                return next;
            }
        }
    }

    /**
     * Makes of it what a function of it and an operand says. The function is called again if
     * another thread was faster, so it should do nothing else.
     *
     * @param operand the second argument of the function
     * @param accumulate what becomes of a value and the operand
     * @return what it was
     */
    public long getAndAccumulate(long operand, LongBinaryOperator accumulate) {
        return getAndUpdate(now -> accumulate.applyAsLong(now, operand));
    }

    /**
     * Makes of it what a function of it and an operand says. The function is called again if
     * another thread was faster, so it should do nothing else.
     *
     * @param operand the second argument of the function
     * @param accumulate what becomes of a value and the operand
     * @return what it is then
     */
    public long accumulateAndGet(long operand, LongBinaryOperator accumulate) {
        return updateAndGet(now -> accumulate.applyAsLong(now, operand));
    }

    @Override
    String parameters() {
        return Primitive.LONG.toString();
    }

    private static Plan plan(long initial) {
        return Primitive.LONG.value((memory, at) -> VALUE.setRelease(memory, at, initial));
    }
}
