// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes numbers and text into a segment through a window on the heap. Past the end of the segment
 * it only counts, as snprintf(3) does.
 */
final class Output {
    private static final long LIMIT_BYTES = Integer.MAX_VALUE;

    private final byte[] window;
    private int position;
    private MemorySegment target;
    private long base;
    private long roomBytes;
    private long flushed;

    Output(int windowBytes) {
        window = new byte[windowBytes];
    }

    void begin(MemorySegment segment, long offset, long length) {
        target = segment;
        base = offset;
        roomBytes = length;
        position = 0;
        flushed = 0;
    }

    /** Writes what is still in the window; returns how many bytes the message takes. */
    long end() {
        flush();
        return flushed;
    }

    /** Lets go of the segment. */
    void drop() {
        target = null;
    }

    /** The bytes in the window, where it holds them all and no segment is written. */
    byte[] written() {
        return Arrays.copyOf(window, position);
    }

    void put(int b) {
        if (position == window.length) {
            flush();
        }
        window[position++] = (byte) b;
    }

    /** Writes a count or length. */
    void count(int n) {
        while ((n & ~0x7F) != 0) {
            put(n | 0x80);
            n >>>= 7;
        }
        put(n);
    }

    void signed(int value) {
        count(value << 1 ^ value >> 31);
    }

    void signed(long value) {
        long n = value << 1 ^ value >> 63;
        while ((n & ~0x7FL) != 0) {
            put((int) n | 0x80);
            n >>>= 7;
        }
        put((int) n);
    }

    void fixed(int value) {
        int at = room(Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            window[at + i] = (byte) (value >>> 8 * i);
        }
    }

    void fixed(long value) {
        int at = room(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            window[at + i] = (byte) (value >>> 8 * i);
        }
    }

    /** Writes a string value with its tag, in the narrower of the two forms. */
    void string(String value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            if (value.charAt(i) > 0xFF) {
                wideString(value, length);
                return;
            }
        }
        put(Tag.STRING);
        count(length);
        latin1(value, length);
    }

    /** Writes text that is no value: a name. */
    void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the length and the bytes. */
    void bytes(byte[] value) {
        count(value.length);
        raw(value, value.length);
    }

    /** Writes bytes without their length. */
    void raw(byte[] value, int length) {
        if (length <= window.length - position) {
            System.arraycopy(value, 0, window, position, length);
            position += length;
        } else {
            array(value, length, ValueLayout.JAVA_BYTE);
        }
    }

    /** Writes the elements of an array of primitives, straight from the array to the segment. */
    void array(Object values, int length, ValueLayout element) {
        flush();
        long bytes = length * element.byteSize();
        if (flushed + bytes <= roomBytes) {
            MemorySegment.copy(values, 0, target, element, base + flushed, length);
        }
        advance(bytes);
    }

    @SuppressWarnings("deprecation") // the one method that copies ISO 8859-1 without another array
    private void latin1(String value, int length) {
        int from = 0;
        while (length - from > window.length - position) {
            int to = from + window.length - position;
            value.getBytes(from, to, window, position);
            position = window.length;
            flush();
            from = to;
        }
        value.getBytes(from, length, window, position);
        position += length - from;
    }

    private void wideString(String value, int length) {
        put(Tag.WIDE_STRING);
        count(length);
        for (int i = 0; i < length; i++) {
            int at = room(Character.BYTES);
            char c = value.charAt(i);
            window[at] = (byte) c;
            window[at + 1] = (byte) (c >>> 8);
        }
    }

    /** Where the next few bytes go. */
    private int room(int bytes) {
        if (window.length - position < bytes) {
            flush();
        }
        int at = position;
        position += bytes;
        return at;
    }

    private void flush() {
        int bytes = position;
        if (flushed + bytes <= roomBytes) {
            MemorySegment.copy(window, 0, target, ValueLayout.JAVA_BYTE, base + flushed, bytes);
        }
        position = 0;
        advance(bytes);
    }

    private void advance(long bytes) {
        flushed += bytes;
        if (flushed > LIMIT_BYTES) {
            throw new Refused(
                    "the message is too large: written so far="
                            + flushed
                            + ", limit="
                            + LIMIT_BYTES
                            + "; send it in parts",
                    null);
        }
    }
}
