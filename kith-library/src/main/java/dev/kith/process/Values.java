// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Broken;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The captured values and results that need no codec: null, boxed primitives, strings, arrays of
 * bytes, ints, longs and doubles. A tag, then the bytes, big-endian.
 *
 * <p>Beside {@code Codec.objects()}, which knows many more, because a child that touches a memory
 * segment or {@link java.io.ObjectInputStream} before its first result starts a third later.
 */
final class Values {
    /** What {@link #read} returns where {@link #write} wrote nothing but the tag. */
    static final Object OTHER = new Object();

    private static final int TAG_OTHER = 0;
    private static final int TAG_NULL = 1;
    private static final int TAG_FALSE = 2;
    private static final int TAG_TRUE = 3;
    private static final int TAG_BYTE = 4;
    private static final int TAG_SHORT = 5;
    private static final int TAG_CHAR = 6;
    private static final int TAG_INT = 7;
    private static final int TAG_LONG = 8;
    private static final int TAG_FLOAT = 9;
    private static final int TAG_DOUBLE = 10;
    private static final int TAG_LATIN1 = 11;
    private static final int TAG_UTF16 = 12;
    private static final int TAG_BYTES = 13;
    private static final int TAG_INTS = 14;
    private static final int TAG_LONGS = 15;
    private static final int TAG_DOUBLES = 16;

    private Values() {}

    /** Writes a value, or the tag OTHER and false if it is of another kind. */
    static boolean write(DataOutputStream out, Object value) throws IOException {
        if (value == null) {
            out.write(TAG_NULL);
        } else if (value instanceof String text) {
            writeString(out, text);
        } else if (value instanceof Integer number) {
            out.write(TAG_INT);
            out.writeInt(number);
        } else if (value instanceof Long number) {
            out.write(TAG_LONG);
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.write(TAG_DOUBLE);
            out.writeDouble(number);
        } else if (value instanceof Boolean truth) {
            out.write(truth ? TAG_TRUE : TAG_FALSE);
        } else if (value instanceof Byte number) {
            out.write(TAG_BYTE);
            out.write(number);
        } else if (value instanceof Short number) {
            out.write(TAG_SHORT);
            out.writeShort(number);
        } else if (value instanceof Character character) {
            out.write(TAG_CHAR);
            out.writeChar(character);
        } else if (value instanceof Float number) {
            out.write(TAG_FLOAT);
            out.writeFloat(number);
        } else {
            return writeArray(out, value);
        }
        return true;
    }

    /** Reads a value, or {@link #OTHER}. */
    static Object read(DataInputStream in) throws IOException {
        int tag = in.readUnsignedByte();
        return switch (tag) {
            case TAG_OTHER -> OTHER;
            case TAG_NULL -> null;
            case TAG_FALSE -> Boolean.FALSE;
            case TAG_TRUE -> Boolean.TRUE;
            case TAG_BYTE -> in.readByte();
            case TAG_SHORT -> in.readShort();
            case TAG_CHAR -> in.readChar();
            case TAG_INT -> in.readInt();
            case TAG_LONG -> in.readLong();
            case TAG_FLOAT -> in.readFloat();
            case TAG_DOUBLE -> in.readDouble();
            case TAG_LATIN1 -> new String(bytes(in), StandardCharsets.ISO_8859_1);
            case TAG_UTF16 -> readUtf16(in);
            case TAG_BYTES -> bytes(in);
            case TAG_INTS -> readInts(in);
            case TAG_LONGS -> readLongs(in);
            case TAG_DOUBLES -> readDoubles(in);
            default ->
                    throw new Broken("a value with an unknown tag: ".concat(Integer.toString(tag)));
        };
    }

    private static void writeString(DataOutputStream out, String text) throws IOException {
        byte[] latin1 = text.getBytes(StandardCharsets.ISO_8859_1);
        if (new String(latin1, StandardCharsets.ISO_8859_1).equals(text)) {
            begin(out, TAG_LATIN1, latin1.length);
            out.write(latin1);
        } else {
            // Not UTF-8, which has no form for a lone surrogate.
            begin(out, TAG_UTF16, text.length());
            out.writeChars(text);
        }
    }

    private static boolean writeArray(DataOutputStream out, Object value) throws IOException {
        if (value instanceof byte[] bytes) {
            begin(out, TAG_BYTES, bytes.length);
            out.write(bytes);
        } else if (value instanceof int[] ints) {
            begin(out, TAG_INTS, ints.length);
            for (int each : ints) {
                out.writeInt(each);
            }
        } else if (value instanceof long[] longs) {
            begin(out, TAG_LONGS, longs.length);
            for (long each : longs) {
                out.writeLong(each);
            }
        } else if (value instanceof double[] doubles) {
            begin(out, TAG_DOUBLES, doubles.length);
            for (double each : doubles) {
                out.writeDouble(each);
            }
        } else {
            out.write(TAG_OTHER);
            return false;
        }
        return true;
    }

    private static void begin(DataOutputStream out, int tag, int length) throws IOException {
        out.write(tag);
        out.writeInt(length);
    }

    private static String readUtf16(DataInputStream in) throws IOException {
        char[] chars = new char[length(in, Character.BYTES)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = in.readChar();
        }
        return new String(chars);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(length(in, 1));
    }

    private static int[] readInts(DataInputStream in) throws IOException {
        int[] ints = new int[length(in, Integer.BYTES)];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = in.readInt();
        }
        return ints;
    }

    private static long[] readLongs(DataInputStream in) throws IOException {
        long[] longs = new long[length(in, Long.BYTES)];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = in.readLong();
        }
        return longs;
    }

    private static double[] readDoubles(DataInputStream in) throws IOException {
        double[] doubles = new double[length(in, Double.BYTES)];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = in.readDouble();
        }
        return doubles;
    }

    /** Reads a length and makes sure that so many elements are there. */
    private static int length(DataInputStream in, int elementBytes) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available() / elementBytes) {
            throw new Broken("a value of impossible length: ".concat(Integer.toString(length)));
        }
        return length;
    }
}
