// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.codec.Codec;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The text of a whole number for a mechanism that carries exactly 8 bytes. */
final class DecimalCodec implements Codec<byte[]> {
    @Override
    public long encode(byte[] value, MemorySegment target) {
        String text = new String(value, StandardCharsets.UTF_8).strip();
        try {
            return Codec.longs().encode(Long.decode(text), target);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(
                    "\""
                            + text
                            + "\": not a whole number of 64 bits, which is all that a message"
                            + " carries here");
        }
    }

    @Override
    public byte[] decode(MemorySegment source) {
        return Long.toString(Codec.longs().decode(source)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long fixedBytes() {
        return Long.BYTES;
    }

    @Override
    public String toString() {
        return "decimal";
    }
}
