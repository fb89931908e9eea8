// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in a struct: UTF-8 in an array of bytes, padded with NUL. */
final class StructUtf8 {
    private static final char REPLACEMENT = 0xFFFD;

    private StructUtf8() {}

    /** Writes UTF-8 by hand: what the JDK has for it allocates. */
    static void put(String text, MemorySegment target, long offset, int count, String name) {
        int at = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            int point = text.charAt(i);
            if (point < 0x80) {
                if (point == 0) {
                    throw StructMemory.refused(
                            "a NUL at index " + i + ", which is where C ends a text", name);
                }
                if (at == count) {
                    throw tooLong(text, count, name);
                }
                target.set(JAVA_BYTE, offset + at++, (byte) point);
                continue;
            }
            if (Character.isSurrogate((char) point)) {
                point = text.codePointAt(i);
                if (!Character.isSupplementaryCodePoint(point)) {
                    throw StructMemory.refused(
                            "not text: a surrogate without its other half at index " + i, name);
                }
                i++;
            }
            int bytes = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (at + bytes > count) {
                throw tooLong(text, count, name);
            }
            int lead = (0xF00 >> bytes & 0xFF) | point >> 6 * (bytes - 1);
            target.set(JAVA_BYTE, offset + at++, (byte) lead);
            for (int rest = bytes - 2; rest >= 0; rest--) {
                target.set(JAVA_BYTE, offset + at++, (byte) (0x80 | point >> 6 * rest & 0x3F));
            }
        }
        for (; at < count; at++) {
            target.set(JAVA_BYTE, offset + at, (byte) 0);
        }
    }

    /** Up to the first NUL; what is behind it C may have left there. */
    static String get(MemorySegment source, long offset, int count, String name) {
        int length = 0;
        while (length < count && source.get(JAVA_BYTE, offset + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        MemorySegment.copy(source, JAVA_BYTE, offset, bytes, 0, length);
        String text = new String(bytes, StandardCharsets.UTF_8);
        // The constructor puts this character in place of what is malformed; or it was written.
        if (text.indexOf(REPLACEMENT) >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw StructMemory.refused("not UTF-8: \"" + text + "\"; make it a byte[]", name);
        }
        return text;
    }

    private static Refused tooLong(String text, int count, String name) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return StructMemory.refused(
                "text too long: length=" + length + ", limit=" + count + " bytes (@Length)", name);
    }
}
