// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.Broken;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads numbers and text from a segment through a window on the heap: each byte is read once, so a
 * peer that writes into the segment meanwhile changes values, but breaks no check.
 *
 * <p>No length is believed. Every element of a container takes at least a byte, so a container
 * {@linkplain #claim claims} the bytes of its elements before it makes room for them, and a claim
 * that exceeds what the message still holds, less what is claimed already, is refused. All that
 * nested containers make room for is thereby a small multiple of the message.
 */
final class Input {
    private static final int LONGEST = 1000;

    private final byte[] window;
    private int position;
    private int limit;
    private MemorySegment source;
    private long base;
    private long size;
    private long start;
    private long claimed;

    Input(int windowBytes) {
        window = new byte[windowBytes];
    }

    void begin(MemorySegment segment, long offset, long length) {
        source = segment;
        base = offset;
        size = length;
        claimed = 0;
        refill(0);
    }

    void end() {
        source = null;
    }

    long remaining() {
        return size - offset();
    }

    int get() {
        if (position == limit) {
            need(1);
        }
        return window[position++];
    }

    /** Reads a count or length. */
    int count() {
        return count(Integer.MAX_VALUE);
    }

    /** Reads a count or length that has a bound. */
    int count(int most) {
        int n = unsigned();
        if (n < 0 || n > most) {
            throw broken("number=" + Integer.toUnsignedString(n) + ", most=" + most);
        }
        return n;
    }

    int signed() {
        int n = unsigned();
        return n >>> 1 ^ -(n & 1);
    }

    /** Reads a number that has bounds. */
    int signed(int least, int most) {
        int n = signed();
        if (n < least || n > most) {
            throw broken("number=" + n + ", least=" + least + ", most=" + most);
        }
        return n;
    }

    long signedLong() {
        long n = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = get();
            n |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return n >>> 1 ^ -(n & 1);
            }
        }
        int last = get();
        if (last != (last & 1)) {
            throw broken("a number of more than 64 bits");
        }
        n |= (long) last << 63;
        return n >>> 1 ^ -(n & 1);
    }

    int fixedInt() {
        need(Integer.BYTES);
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value |= (window[position++] & 0xFF) << 8 * i;
        }
        return value;
    }

    long fixedLong() {
        need(Long.BYTES);
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value |= (window[position++] & 0xFFL) << 8 * i;
        }
        return value;
    }

    /** Reads how many elements follow and sets their least bytes aside. */
    int claim(int bytesEach) {
        int n = count();
        claim(n, bytesEach);
        return n;
    }

    /** Sets aside the least bytes of elements that follow. */
    void claim(int n, int bytesEach) {
        long bytes = (long) n * bytesEach;
        long free = remaining() - claimed;
        if (bytes > free) {
            throw broken(
                    "elements="
                            + n
                            + " need at least bytes="
                            + bytes
                            + ", but only "
                            + free
                            + " are left");
        }
        claimed += bytes;
    }

    /** Begins an element: its least bytes are no longer set aside. */
    void element(int bytes) {
        claimed -= bytes;
    }

    String string() {
        int length = length(1);
        if (length > limit - position) {
            return new String(large(length), StandardCharsets.ISO_8859_1);
        }
        String value = new String(window, position, length, StandardCharsets.ISO_8859_1);
        position += length;
        return value;
    }

    String wideString() {
        char[] units = new char[length(Character.BYTES)];
        for (int i = 0; i < units.length; i++) {
            need(Character.BYTES);
            units[i] = (char) (window[position] & 0xFF | window[position + 1] << 8);
            position += Character.BYTES;
        }
        return new String(units);
    }

    /** Reads text that is no value: a name. */
    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Reads the length and the bytes. */
    byte[] bytes() {
        int length = length(1);
        if (length > limit - position) {
            return large(length);
        }
        byte[] value = Arrays.copyOfRange(window, position, position + length);
        position += length;
        return value;
    }

    /** Reads how many elements of fixed size follow. */
    int length(int elementBytes) {
        int n = count();
        long bytes = (long) n * elementBytes;
        if (bytes > remaining() - claimed) {
            throw broken(
                    "length="
                            + n
                            + " needs bytes="
                            + bytes
                            + ", but only "
                            + (remaining() - claimed)
                            + " are left");
        }
        return n;
    }

    /**
     * Reads the elements of an array of primitives, whose {@link #length} was read, straight from
     * the segment.
     */
    void array(Object values, int length, ValueLayout element) {
        long from = offset();
        MemorySegment.copy(source, element, base + from, values, 0, length);
        refill(from + length * element.byteSize());
    }

    /** Whether exactly these bytes follow; if so, they are read. */
    boolean follows(byte[] expected) {
        if (limit - position < expected.length
                && (expected.length > window.length || remaining() < expected.length)) {
            return false;
        }
        need(expected.length);
        if (!Arrays.equals(
                window, position, position + expected.length, expected, 0, expected.length)) {
            return false;
        }
        position += expected.length;
        return true;
    }

    Broken broken(String what) {
        // What a peer wrote may stand in the message: as much as a reader wants to see of it.
        String said = what.length() > LONGEST ? what.substring(0, LONGEST) + "..." : what;
        return new Broken(
                "not a value of Codec.objects(): "
                        + said
                        + ", at byte "
                        + offset()
                        + " of "
                        + size);
    }

    Broken broken(String what, Throwable cause) {
        Broken broken = broken(what + ": " + cause);
        broken.initCause(cause);
        return broken;
    }

    private int unsigned() {
        int b = get();
        if (b >= 0) {
            return b;
        }
        int n = b & 0x7F;
        for (int shift = 7; shift < 28; shift += 7) {
            b = get();
            n |= (b & 0x7F) << shift;
            if (b >= 0) {
                return n;
            }
        }
        int last = get();
        if (last != (last & 0xF)) {
            throw broken("a number of more than 32 bits");
        }
        return n | last << 28;
    }

    private byte[] large(int length) {
        byte[] value = new byte[length];
        array(value, length, ValueLayout.JAVA_BYTE);
        return value;
    }

    private long offset() {
        return start + position;
    }

    private void need(int bytes) {
        if (limit - position < bytes) {
            if (remaining() < bytes) {
                throw broken("cut off: bytes needed=" + bytes + ", left=" + remaining());
            }
            refill(offset());
        }
    }

    private void refill(long from) {
        start = from;
        position = 0;
        limit = (int) Math.min(window.length, size - from);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, base + from, window, 0, limit);
    }
}
