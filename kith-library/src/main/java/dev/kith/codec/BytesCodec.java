// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link Codec#bytes()}. */
enum BytesCodec implements Codec<byte[]> {
    BYTES;

    @Override
    public long encode(byte[] value, MemorySegment target) {
        if (value.length <= target.byteSize()) {
            MemorySegment.copy(value, 0, target, ValueLayout.JAVA_BYTE, 0, value.length);
        }
        return value.length;
    }

    @Override
    public byte[] decode(MemorySegment source) {
        return source.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public String toString() {
        return "bytes";
    }
}
