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
        return encode(value, target, 0, target.byteSize());
    }

    @Override
    public long encode(Long value, MemorySegment target, long offset, long length) {
        if (length >= Long.BYTES) {
            target.set(LITTLE_ENDIAN, offset, value);
        }
        return Long.BYTES;
    }

    @Override
    public Long decode(MemorySegment source) {
        return decode(source, 0, source.byteSize());
    }

    @Override
    public Long decode(MemorySegment source, long offset, long length) {
        check("long", length);
        return source.get(LITTLE_ENDIAN, offset);
    }

    @Override
    public long fixedBytes() {
        return Long.BYTES;
    }

    @Override
    public String toString() {
        return "longs";
    }

    static void check(String what, long length) {
        if (length != Long.BYTES) {
            throw new Broken("not a " + what + ": length=" + length + ", expected=8");
        }
    }
}
