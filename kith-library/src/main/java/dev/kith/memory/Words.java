// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * The words of shared memory, for code that runs once a message: aligned words of 64 bits, and some
 * of 32, in the access modes of {@link VarHandle}.
 *
 * <p>An access of a {@link MemorySegment} that the compiler does not know as a constant is 500 to
 * 800 bytes of machine code, most of it for segments of other kinds and for those that are closed
 * meanwhile; three of them are more than is put in line. With native access these here go through
 * one constant segment, all memory, after a check against the size of this one: 60 bytes. It is
 * safe because the memory stays mapped for as long as this object can be reached, see {@link
 * RegionFile}.
 */
public final class Words {
    private static final MemorySegment ALL = all();
    private static final VarHandle LONG = JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();

    /** Bytes; measured, see docs/design/ring-performance.md. */
    private static final int SHORT = 96;

    /** Also keeps the memory mapped. */
    private final MemorySegment segment;

    private final long address;

    /** How many offsets there are where a word of 64 bits can begin. */
    private final long places;

    /**
     * The words of a segment.
     *
     * @param segment off the heap, of a scope that ends with the collector's word alone
     */
    public Words(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("a segment on the heap: " + segment);
        }
        this.segment = segment;
        this.address = segment.address();
        this.places = segment.byteSize() - Long.BYTES + 1;
    }

    /** The segment. */
    public MemorySegment segment() {
        return segment;
    }

    /** Reads a word, opaque. */
    public long getOpaque(long offset) {
        long value = (long) LONG.getOpaque(memory(), at(offset));
        Reference.reachabilityFence(this);
        return value;
    }

    /** Reads a word, acquire. */
    public long getAcquire(long offset) {
        long value = (long) LONG.getAcquire(memory(), at(offset));
        Reference.reachabilityFence(this);
        return value;
    }

    /** Writes a word, opaque. */
    public void setOpaque(long offset, long value) {
        LONG.setOpaque(memory(), at(offset), value);
        Reference.reachabilityFence(this);
    }

    /** Writes a word, release. */
    public void setRelease(long offset, long value) {
        LONG.setRelease(memory(), at(offset), value);
        Reference.reachabilityFence(this);
    }

    /** Writes a word if it is as expected; volatile both ways. */
    public boolean compareAndSet(long offset, long expected, long value) {
        boolean set = (boolean) LONG.compareAndSet(memory(), at(offset), expected, value);
        Reference.reachabilityFence(this);
        return set;
    }

    /** Adds to a word; what it was. */
    public long getAndAdd(long offset, long delta) {
        long before = (long) LONG.getAndAdd(memory(), at(offset), delta);
        Reference.reachabilityFence(this);
        return before;
    }

    /** A word of 32 bits, in the first half of one of 64. */
    public int getIntOpaque(long offset) {
        int value = (int) INT.getOpaque(memory(), at(offset));
        Reference.reachabilityFence(this);
        return value;
    }

    /**
     * Copies bytes into the memory, plain. Short ones go word by word: a call of the copying
     * routine makes more stores than these do.
     */
    public void copyFrom(MemorySegment from, long offset, int length) {
        if (length > SHORT || (length & Long.BYTES - 1) != 0) {
            MemorySegment.copy(from, 0, segment, offset, length);
            return;
        }
        for (long at = 0; at < length; at += Long.BYTES) {
            segment.set(JAVA_LONG, offset + at, from.get(JAVA_LONG_UNALIGNED, at));
        }
        Reference.reachabilityFence(this);
    }

    @SuppressWarnings("restricted") // each access is checked against the segment that is mapped
    private static MemorySegment all() {
        return RegionFile.NATIVE
                ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE)
                : MemorySegment.NULL;
    }

    private MemorySegment memory() {
        return RegionFile.NATIVE ? ALL : segment;
    }

    private long at(long offset) {
        return RegionFile.NATIVE ? address + Objects.checkIndex(offset, places) : offset;
    }
}
