// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;

/**
 * An array of numbers for threads of any process: what those of all types have in common.
 *
 * <p>Methods of one element take one step that no other thread sees half of, and no lock. Copies in
 * bulk and what is done in a {@link #slice} are as fast as memory is, and are no single step: let a
 * {@link SharedLock} or an element that is set last put them in order, where that matters.
 *
 * <p>A process may be killed anywhere: each element is old or new, and nobody has to wait for the
 * dead.
 *
 * <p>9 KiB and the elements, whose room is reserved when it is made. For C, Python and others: the
 * elements follow each other in the byte order of the machine from byte 8704 of the file, which the
 * eight bytes at 32 say; how many there are say the eight at 8576.
 */
public abstract sealed class SharedArray extends SharedObject
        permits SharedLongArray,
                SharedIntArray,
                SharedDoubleArray,
                SharedFloatArray,
                SharedByteArray {
    /*
     * The object's own part (Kind):  +0 u64 number of elements;  flags: Primitive
     */
    private static final long serialVersionUID = 1L;

    private static final long BYTES = 8;
    private static final long MOST_BYTES = 1L << 46;

    private final transient Primitive type;
    private final transient MemorySegment elements;
    private final transient long length;

    SharedArray(Opened opened, Primitive type) {
        long found = opened.shape().capacity();
        opened.check(BYTES, found, 0);
        type.check(opened);
        long length = opened.region().segment().get(JAVA_LONG, opened.own());
        if (length < 0 || length > MOST_BYTES || capacity(type, length) != found) {
            throw new Broken(
                    opened.region()
                            + ": length of the array: found="
                            + length
                            + ", and room for "
                            + found
                            + " bytes of "
                            + type
                            + "; if nobody needs it, remove it");
        }
        super(opened, _ -> {});
        this.type = type;
        this.length = length;
        this.elements = region().data().asSlice(0, length * type.bytes());
    }

    /**
     * How many elements it has.
     *
     * @return the number, which never changes
     */
    public final long length() {
        return length;
    }

    /**
     * All of its elements, in place.
     *
     * @return a segment, which stays valid as long as it can be reached, even when this handle is
     *     closed
     */
    public final MemorySegment segment() {
        return elements;
    }

    /**
     * Some of its elements, in place.
     *
     * @param index of the first
     * @param count how many
     * @return a segment, which stays valid as long as it can be reached, even when this handle is
     *     closed
     * @throws IndexOutOfBoundsException if it has not that many there
     */
    public final MemorySegment slice(long index, long count) {
        return elements.asSlice(at("slice", index, count), count * type.bytes());
    }

    @Override
    final String parameters() {
        return text(type, length);
    }

    /** Where an element is in the segment. */
    final long at(String call, long index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException(
                    call + " of " + this + ": index=" + index + ", length=" + length);
        }
        return index * type.bytes();
    }

    /** Where so many elements are in the segment. */
    final long at(String call, long index, long count) {
        if (index < 0 || count < 0 || index > length - count) {
            throw new IndexOutOfBoundsException(
                    call
                            + " of "
                            + this
                            + ": index="
                            + index
                            + ", count="
                            + count
                            + ", length="
                            + length);
        }
        return index * type.bytes();
    }

    /** How many elements it has, for an array of Java. */
    final int intLength() {
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    this
                            + ": more elements than an array has: length="
                            + length
                            + "; copy a part of them");
        }
        return (int) length;
    }

    static Plan plan(Primitive type, long length) {
        if (length < 0 || length > MOST_BYTES / type.bytes()) {
            throw new IllegalArgumentException(
                    "array of "
                            + type
                            + ": length="
                            + length
                            + ", expected 0 to "
                            + MOST_BYTES / type.bytes());
        }
        return new Plan(
                Kind.shape(
                        RegionKind.ARRAY,
                        Kind.SLOTS,
                        0,
                        BYTES,
                        capacity(type, length),
                        0,
                        type.number()),
                text(type, length),
                region ->
                        region.segment()
                                .set(JAVA_LONG, Kind.own(region.header().shape(), 0), length));
    }

    private static long capacity(Primitive type, long length) {
        return Math.max(8, (length * type.bytes() + 7) / 8 * 8);
    }

    private static String text(Primitive type, long length) {
        return length + " of " + type;
    }
}
