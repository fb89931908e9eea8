// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import dev.kith.IpcException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** {@link Codec#utf8()}. */
enum Utf8Codec implements Codec<String> {
    UTF8;

    private static final char REPLACEMENT = 0xFFFD;

    @Override
    public long encode(String value, MemorySegment target) {
        checkSurrogates(value);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= target.byteSize()) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
        }
        return bytes.length;
    }

    @Override
    public String decode(MemorySegment source) {
        byte[] bytes = source.toArray(ValueLayout.JAVA_BYTE);
        String value = new String(bytes, StandardCharsets.UTF_8);
        // The constructor puts this character in place of what is malformed; it may also have been
        // sent.
        return value.indexOf(REPLACEMENT) < 0 ? value : strict(bytes);
    }

    @Override
    public String toString() {
        return "utf8";
    }

    /** Refuses what {@link String#getBytes} would replace by a question mark. */
    private static void checkSurrogates(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                continue;
            }
            if (c >= Character.MIN_LOW_SURROGATE
                    || i + 1 == length
                    || !Character.isLowSurrogate(value.charAt(i + 1))) {
                throw new IpcException(
                        "not text: a surrogate without its other half, U+"
                                + Integer.toHexString(c).toUpperCase(Locale.ROOT)
                                + " at index "
                                + i
                                + " of "
                                + length
                                + "; send it with Codec.objects()");
            }
            i++;
        }
    }

    private static String strict(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw new Broken(
                    "not UTF-8: "
                            + malformed.getMessage()
                            + ", of "
                            + bytes.length
                            + " bytes; read it with Codec.bytes()");
        }
    }
}
