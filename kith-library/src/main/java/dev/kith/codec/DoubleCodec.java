// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** {@link Codec#doubles()}. */
enum DoubleCodec implements Codec<Double> {
    DOUBLES;

    private static final ValueLayout.OfDouble LITTLE_ENDIAN =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public long encode(Double value, MemorySegment target) {
        return encode(value, target, 0, target.byteSize());
    }

    @Override
    public long encode(Double value, MemorySegment target, long offset, long length) {
        if (length >= Double.BYTES) {
            target.set(LITTLE_ENDIAN, offset, value);
        }
        return Double.BYTES;
    }

    @Override
    public Double decode(MemorySegment source) {
        return decode(source, 0, source.byteSize());
    }

    @Override
    public Double decode(MemorySegment source, long offset, long length) {
        LongCodec.check("double", length);
        return source.get(LITTLE_ENDIAN, offset);
    }

    @Override
    public long fixedBytes() {
        return Double.BYTES;
    }

    @Override
    public String toString() {
        return "doubles";
    }
}
