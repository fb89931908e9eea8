// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link Codec#bytes()}. */
enum BytesCodec implements Codec<byte[]> {
    BYTES;

    @Override
    public long encode(byte[] value, MemorySegment target) {
        return encode(value, target, 0, target.byteSize());
    }

    @Override
    public long encode(byte[] value, MemorySegment target, long offset, long length) {
        if (value.length <= length) {
            MemorySegment.copy(value, 0, target, ValueLayout.JAVA_BYTE, offset, value.length);
        }
        return value.length;
    }

    @Override
    public byte[] decode(MemorySegment source) {
        return source.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public byte[] decode(MemorySegment source, long offset, long length) {
        byte[] value = new byte[Math.toIntExact(length)];
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, value, 0, value.length);
        return value;
    }

    @Override
    public String toString() {
        return "bytes";
    }
}
