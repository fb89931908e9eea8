// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import dev.kith.IpcException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** {@link Codec#utf8()}. */
enum Utf8Codec implements Codec<String> {
    UTF8;

    @Override
    public long encode(String value, MemorySegment target) {
        byte[] bytes;
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            bytes = encoded.array();
            int length = encoded.limit();
            if (length <= target.byteSize()) {
                MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, length);
            }
            return length;
        } catch (CharacterCodingException lone) {
            throw new IpcException(
                    "not text: a surrogate without its other half (" + lone.getMessage() + ")",
                    lone);
        }
    }

    @Override
    public String decode(MemorySegment source) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(source.asByteBuffer()).toString();
        } catch (CharacterCodingException malformed) {
            throw new Broken(
                    "not UTF-8: "
                            + malformed.getMessage()
                            + ", of "
                            + source.byteSize()
                            + " bytes; read it with Codec.bytes()");
        }
    }

    @Override
    public String toString() {
        return "utf8";
    }
}
