// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * An {@link java.util.concurrent.atomic.AtomicBoolean} for threads of any process: each method is
 * one step that no other thread sees half of, and takes no lock.
 *
 * <pre>{@code
 * try (SharedBoolean started = SharedBoolean.openOrCreate("started", false)) {
 *     if (started.compareAndSet(false, true)) {
 *         start(); // in one process of all
 *     }
 * }
 * }</pre>
 *
 * <p>A process may be killed anywhere: a step was taken or was not, and nobody has to wait for the
 * dead. Memory effects are those of volatile: what a thread did before it set the value, a thread
 * sees that got it; {@link #getAcquire} and {@link #setRelease} promise that alone, which costs
 * less.
 *
 * <p>9 KiB. For C, Python and others: the value is an {@code int32_t}, 0 for false and 1 for true,
 * at byte 8704 of the file, and the eight bytes at 32 say so; they may read and write it, and add
 * to it by the atomic instructions of the processor.
 */
public final class SharedBoolean extends SharedObject {
    private static final long serialVersionUID = 1L;

    static final Kind<SharedBoolean> KIND = new Kind<>(RegionKind.VALUE, 0, SharedBoolean::new);

    private static final VarHandle VALUE = JAVA_INT.varHandle();

    private final transient MemorySegment memory;
    private final transient long at;

    SharedBoolean(Opened opened) {
        Primitive.BOOLEAN.checkValue(opened);
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
    public static SharedBoolean create(String name, boolean initial) {
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
    public static SharedBoolean create(Path path, boolean initial) {
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
    public static SharedBoolean anonymous(boolean initial) {
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
    public static SharedBoolean open(String name) {
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
    public static SharedBoolean open(Path path) {
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
    public static SharedBoolean openOrCreate(String name, boolean initial) {
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
    public static SharedBoolean openOrCreate(Path path, boolean initial) {
        return KIND.openOrCreate(Place.file(path), plan(initial));
    }

    /**
     * What it is now.
     *
     * @return the value
     * @throws Broken if another process has cut the file off
     */
    public boolean get() {
        try {
            return (int) VALUE.getVolatile(memory, at) != 0;
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
    public void set(boolean value) {
        try {
            VALUE.setVolatile(memory, at, value ? 1 : 0);
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
    public boolean getAcquire() {
        try {
            return (int) VALUE.getAcquire(memory, at) != 0;
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
    public void setRelease(boolean value) {
        try {
            VALUE.setRelease(memory, at, value ? 1 : 0);
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
    public boolean compareAndSet(boolean expected, boolean value) {
        return VALUE.compareAndSet(memory, at, expected ? 1 : 0, value ? 1 : 0);
    }

    /**
     * Makes it another value if it is the expected one.
     *
     * @param expected what it must be
     * @param value the new one
     * @return what it was: the expected value if it is the new one now
     */
    public boolean compareAndExchange(boolean expected, boolean value) {
        return (int) VALUE.compareAndExchange(memory, at, expected ? 1 : 0, value ? 1 : 0) != 0;
    }

    /**
     * Makes it another value.
     *
     * @param value the new one
     * @return what it was
     */
    public boolean getAndSet(boolean value) {
        return (int) VALUE.getAndSet(memory, at, value ? 1 : 0) != 0;
    }

    @Override
    String parameters() {
        return Primitive.BOOLEAN.toString();
    }

    private static Plan plan(boolean initial) {
        return Primitive.BOOLEAN.value(
                (memory, at) -> VALUE.setRelease(memory, at, initial ? 1 : 0));
    }
}
