// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An array of floats for threads of any process, whose elements change as those of {@link
 * java.util.concurrent.atomic.AtomicLongArray} do, with copies in bulk, and slices that are used in
 * place.
 *
 * <pre>{@code
 * try (SharedFloatArray weights = SharedFloatArray.open("weights")) {
 *     MemorySegment layer = weights.slice(0, 512); // in place, without a copy
 *     weights.addAndGet(7, 0.5f);
 * }
 * }</pre>
 *
 * <p>Where elements are compared, their bits are: a NaN equals itself, and 0.0 is not -0.0. What
 * adds computes and tries again until nobody was faster.
 *
 * <p>For C, Python and others: the elements are {@code float}, {@code float32} of numpy.
 *
 * @see SharedArray
 */
public final class SharedFloatArray extends SharedArray {
    private static final long serialVersionUID = 1L;

    static final Kind<SharedFloatArray> KIND =
            new Kind<>(RegionKind.ARRAY, 0, SharedFloatArray::new);

    private static final VarHandle ELEMENT = JAVA_FLOAT.varHandle();

    private final transient MemorySegment memory;

    SharedFloatArray(Opened opened) {
        super(opened, Primitive.FLOAT);
        this.memory = segment();
    }

    /**
     * Makes an array in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param length how many elements
     * @return the array, all zero
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedFloatArray create(String name, long length) {
        return KIND.create(Place.shm(name), plan(length));
    }

    /**
     * Makes an array in a file.
     *
     * @param path where; nothing may be there yet
     * @param length how many elements
     * @return the array, all zero
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedFloatArray create(Path path, long length) {
        return KIND.create(Place.file(path), plan(length));
    }

    /**
     * Makes an array without a name, in a memfd, which is gone with the last process that has it.
     * It reaches another process by being captured in a task for {@code Worker}, or sent over a
     * Unix socket; this handle stays open all the same. Takes native access.
     *
     * @param length how many elements
     * @return the array, all zero; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedFloatArray anonymous(long length) {
        return KIND.anonymous(plan(length));
    }

    /**
     * Opens an array in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the array
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedFloatArray open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens an array in a file.
     *
     * @param path where it is
     * @return the array
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedFloatArray open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens an array in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param length how many elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedFloatArray openOrCreate(String name, long length) {
        return KIND.openOrCreate(Place.shm(name), plan(length));
    }

    /**
     * Opens an array in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param length how many elements
     * @return the array
     * @throws IllegalArgumentException if the length is negative, or more than 64 TiB
     * @throws AlreadyExists if there is one that is otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedFloatArray openOrCreate(Path path, long length) {
        return KIND.openOrCreate(Place.file(path), plan(length));
    }

    /**
     * What an element is now, with the memory effect of volatile.
     *
     * @param index which element, from 0
     * @return the element
     * @throws IndexOutOfBoundsException if there is none of that index
     * @throws Broken if another process has cut the file off
     */
    public float get(long index) {
        long at = at("get", index);
        try {
            return (float) ELEMENT.getVolatile(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes an element another, with the memory effect of volatile.
     *
     * @param index which element, from 0
     * @param value the new one
     * @throws IndexOutOfBoundsException if there is none of that index
     * @throws Broken if another process has cut the file off
     */
    public void set(long index, float value) {
        long at = at("set", index);
        try {
            ELEMENT.setVolatile(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * What an element is now, with the memory effect of acquire.
     *
     * @param index which element, from 0
     * @return the element
     * @throws IndexOutOfBoundsException if there is none of that index
     * @throws Broken if another process has cut the file off
     */
    public float getAcquire(long index) {
        long at = at("getAcquire", index);
        try {
            return (float) ELEMENT.getAcquire(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes an element another, with the memory effect of release.
     *
     * @param index which element, from 0
     * @param value the new one
     * @throws IndexOutOfBoundsException if there is none of that index
     * @throws Broken if another process has cut the file off
     */
    public void setRelease(long index, float value) {
        long at = at("setRelease", index);
        try {
            ELEMENT.setRelease(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * What an element is now, without memory effects: the fastest, for what one thread uses alone
     * or something else puts in order.
     *
     * @param index which element, from 0
     * @return the element
     * @throws IndexOutOfBoundsException if there is none of that index
     * @throws Broken if another process has cut the file off
     */
    public float getPlain(long index) {
        long at = at("getPlain", index);
        try {
            return (float) ELEMENT.get(memory, at);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Makes an element another, without memory effects: the fastest, for what one thread uses alone
     * or something else puts in order.
     *
     * @param index which element, from 0
     * @param value the new one
     * @throws IndexOutOfBoundsException if there is none of that index
     * @throws Broken if another process has cut the file off
     */
    public void setPlain(long index, float value) {
        long at = at("setPlain", index);
        try {
            ELEMENT.set(memory, at, value);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * Makes an element another if it is the expected one.
     *
     * @param index which element, from 0
     * @param expected what it must be
     * @param value the new one
     * @return whether it was, and is the new one now
     * @throws IndexOutOfBoundsException if there is none of that index
     */
    public boolean compareAndSet(long index, float expected, float value) {
        return ELEMENT.compareAndSet(memory, at("compareAndSet", index), expected, value);
    }

    /**
     * Makes an element another.
     *
     * @param index which element, from 0
     * @param value the new one
     * @return what it was
     * @throws IndexOutOfBoundsException if there is none of that index
     */
    public float getAndSet(long index, float value) {
        return (float) ELEMENT.getAndSet(memory, at("getAndSet", index), value);
    }

    /**
     * Adds to an element.
     *
     * @param index which element, from 0
     * @param delta how much
     * @return what it was
     * @throws IndexOutOfBoundsException if there is none of that index
     */
    public float getAndAdd(long index, float delta) {
        long at = at("getAndAdd", index);
        for (; ; ) {
            float now = (float) ELEMENT.getVolatile(memory, at);
            float next = now + delta;
            if (ELEMENT.compareAndSet(memory, at, now, next)) {
                return now;
            }
        }
    }

    /**
     * Adds to an element.
     *
     * @param index which element, from 0
     * @param delta how much
     * @return what it is then
     * @throws IndexOutOfBoundsException if there is none of that index
     */
    public float addAndGet(long index, float delta) {
        long at = at("addAndGet", index);
        for (; ; ) {
            float now = (float) ELEMENT.getVolatile(memory, at);
            float next = now + delta;
            if (ELEMENT.compareAndSet(memory, at, now, next)) {
                return next;
            }
        }
    }

    /**
     * Copies elements into an array. Others may change them meanwhile: each element is whole, and
     * old or new.
     *
     * @param index of the first element
     * @param target where to
     * @param offset of the first in the target
     * @param count how many
     * @throws IndexOutOfBoundsException if either has not that many there
     * @throws Broken if another process has cut the file off
     */
    public void copyTo(long index, float[] target, int offset, int count) {
        long at = at("copyTo", index, count);
        Objects.checkFromIndexSize(offset, count, target.length);
        try {
            MemorySegment.copy(memory, JAVA_FLOAT, at, target, offset, count);
        } catch (InternalError cut) {
            throw region().broken("read", cut);
        }
    }

    /**
     * Copies elements from an array. Others see each whole, and old or new.
     *
     * @param index of the first element
     * @param source where from
     * @param offset of the first in the source
     * @param count how many
     * @throws IndexOutOfBoundsException if either has not that many there
     * @throws Broken if another process has cut the file off
     */
    public void copyFrom(long index, float[] source, int offset, int count) {
        long at = at("copyFrom", index, count);
        Objects.checkFromIndexSize(offset, count, source.length);
        try {
            MemorySegment.copy(source, offset, memory, JAVA_FLOAT, at, count);
        } catch (InternalError cut) {
            throw region().broken("write", cut);
        }
    }

    /**
     * Copies all elements. Others may change them meanwhile: each element is whole, and old or new.
     *
     * @return a new array
     * @throws IllegalStateException if there are more than an array can have
     * @throws Broken if another process has cut the file off
     */
    public float[] toArray() {
        float[] copy = new float[intLength()];
        copyTo(0, copy, 0, copy.length);
        return copy;
    }

    private static Plan plan(long length) {
        return plan(Primitive.FLOAT, length);
    }
}
