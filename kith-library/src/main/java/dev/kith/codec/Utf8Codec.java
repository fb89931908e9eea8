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
    private static final int SHORT = 32;

    @Override
    public long encode(String value, MemorySegment target) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (!isLongAscii(value, bytes) && hasSurrogates(value)) {
            checkPairs(value);
        }
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

    /**
     * Compares, which the JVM does many characters at a time, where looking at each takes longer.
     */
    private static boolean isLongAscii(String value, byte[] bytes) {
        return bytes.length > SHORT
                && bytes.length == value.length()
                && value.equals(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static boolean hasSurrogates(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Refuses what {@link String#getBytes} would replace by a question mark. */
    private static void checkPairs(String value) {
        for (int i = 0; i < value.length(); i++) {
            int point = value.codePointAt(i);
            if (Character.isSupplementaryCodePoint(point)) {
                i++;
            } else if (Character.isSurrogate((char) point)) {
                throw new IpcException(
                        "not text: a surrogate without its other half, U+"
                                + Integer.toHexString(point).toUpperCase(Locale.ROOT)
                                + " at index "
                                + i
                                + " of "
                                + value.length()
                                + "; send it with Codec.objects()");
            }
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
