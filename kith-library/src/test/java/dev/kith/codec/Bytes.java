// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;

/**
 * Encodes to an array and back, coming again with a larger segment as every caller of a codec does.
 */
final class Bytes {
    private Bytes() {}

    static <T> byte[] encode(Codec<T> codec, T value) {
        byte[] bytes = new byte[64];
        while (true) {
            long length = codec.encode(value, MemorySegment.ofArray(bytes));
            if (length <= bytes.length) {
                return java.util.Arrays.copyOf(bytes, (int) length);
            }
            bytes = new byte[(int) length];
        }
    }

    static <T> T decode(Codec<T> codec, byte[] bytes) {
        return codec.decode(MemorySegment.ofArray(bytes));
    }

    static <T> T roundTrip(Codec<T> codec, T value) {
        return decode(codec, encode(codec, value));
    }
}
