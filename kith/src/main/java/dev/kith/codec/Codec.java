// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;

/**
 * Turns values into bytes in a memory segment and back.
 *
 * <p>A codec holds no state of a conversation: any number of threads may use it at the same time,
 * and every message is decoded on its own. The built-in ones are {@link java.io.Serializable}, so a
 * channel that uses them can travel to a child.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {
    /**
     * Writes a value at the start of {@code target}, as snprintf(3) does: if the value needs more
     * bytes than there are, what was written is void, and the caller comes again with a segment
     * that is large enough.
     *
     * @param value the value, not null
     * @param target where to write; of any alignment
     * @return how many bytes the value takes; more than {@code target.byteSize()} if it did not fit
     * @throws dev.kith.IpcException if this value can never be encoded; says which part and why
     */
    long encode(T value, MemorySegment target);

    /**
     * Reads a value.
     *
     * @param source exactly the bytes of one value; of any alignment; not valid after the call, so
     *     what is kept must be copied
     * @return the value, never null
     * @throws dev.kith.Broken if the bytes are not such a value
     */
    T decode(MemorySegment source);

    /**
     * The length that every value has, for mechanisms that carry only that.
     *
     * @return bytes, or -1 if the length depends on the value
     */
    default long fixedBytes() {
        return -1;
    }

    /**
     * Bytes as they are.
     *
     * @return the codec; the arrays are copied in both directions
     */
    static Codec<byte[]> bytes() {
        return BytesCodec.BYTES;
    }

    /**
     * Text in UTF-8.
     *
     * @return the codec; what is not UTF-8 is refused in both directions, as {@link
     *     dev.kith.Broken} when reading
     */
    static Codec<String> utf8() {
        return Utf8Codec.UTF8;
    }

    /**
     * A 64-bit integer, 8 bytes, little-endian: the {@code int64_t} of C on x86-64 and aarch64.
     *
     * @return the codec
     */
    static Codec<Long> longs() {
        return LongCodec.LONGS;
    }

    /**
     * A floating-point number, 8 bytes, little-endian: the {@code double} of C on x86-64 and
     * aarch64.
     *
     * @return the codec
     */
    static Codec<Double> doubles() {
        return DoubleCodec.DOUBLES;
    }
}
