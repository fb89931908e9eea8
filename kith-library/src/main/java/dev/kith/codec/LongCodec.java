// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** {@link Codec#longs()}. */
enum LongCodec implements Codec<Long> {
    LONGS;

    static final ValueLayout.OfLong LITTLE_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public long encode(Long value, MemorySegment target) {
        if (target.byteSize() >= Long.BYTES) {
            target.set(LITTLE_ENDIAN, 0, value);
        }
        return Long.BYTES;
    }

    @Override
    public Long decode(MemorySegment source) {
        return checked("long", source).get(LITTLE_ENDIAN, 0);
    }

    @Override
    public long fixedBytes() {
        return Long.BYTES;
    }

    @Override
    public String toString() {
        return "longs";
    }

    static MemorySegment checked(String what, MemorySegment source) {
        if (source.byteSize() != Long.BYTES) {
            throw new Broken("not a " + what + ": length=" + source.byteSize() + ", expected=8");
        }
        return source;
    }
}
