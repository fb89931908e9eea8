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
        if (target.byteSize() >= Double.BYTES) {
            target.set(LITTLE_ENDIAN, 0, value);
        }
        return Double.BYTES;
    }

    @Override
    public Double decode(MemorySegment source) {
        return LongCodec.checked("double", source).get(LITTLE_ENDIAN, 0);
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
