// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What the code of a {@link StructCode} calls, by name, for each kind of component. Numbers are
 * little-endian, and may lie anywhere.
 */
final class StructMemory {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfBoolean BOOLEAN = ValueLayout.JAVA_BOOLEAN;
    private static final ValueLayout.OfChar CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfLong LONG = LongCodec.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);

    private StructMemory() {}

    /** How a primitive type lies in memory. */
    static ValueLayout layout(Class<?> primitive) {
        return switch (primitive.getName()) {
            case "boolean" -> BOOLEAN;
            case "byte" -> JAVA_BYTE;
            case "char" -> CHAR;
            case "short" -> SHORT;
            case "int" -> INT;
            case "long" -> LONG;
            case "float" -> FLOAT;
            default -> DOUBLE;
        };
    }

    static void put(boolean value, MemorySegment target, long offset) {
        target.set(BOOLEAN, offset, value);
    }

    static void put(byte value, MemorySegment target, long offset) {
        target.set(JAVA_BYTE, offset, value);
    }

    static void put(char value, MemorySegment target, long offset) {
        target.set(CHAR, offset, value);
    }

    static void put(short value, MemorySegment target, long offset) {
        target.set(SHORT, offset, value);
    }

    static void put(int value, MemorySegment target, long offset) {
        target.set(INT, offset, value);
    }

    static void put(long value, MemorySegment target, long offset) {
        target.set(LONG, offset, value);
    }

    static void put(float value, MemorySegment target, long offset) {
        target.set(FLOAT, offset, value);
    }

    static void put(double value, MemorySegment target, long offset) {
        target.set(DOUBLE, offset, value);
    }

    static boolean getBoolean(MemorySegment source, long offset) {
        return source.get(JAVA_BYTE, offset) != 0; // as C sees it
    }

    static byte getByte(MemorySegment source, long offset) {
        return source.get(JAVA_BYTE, offset);
    }

    static char getChar(MemorySegment source, long offset) {
        return source.get(CHAR, offset);
    }

    static short getShort(MemorySegment source, long offset) {
        return source.get(SHORT, offset);
    }

    static int getInt(MemorySegment source, long offset) {
        return source.get(INT, offset);
    }

    static long getLong(MemorySegment source, long offset) {
        return source.get(LONG, offset);
    }

    static float getFloat(MemorySegment source, long offset) {
        return source.get(FLOAT, offset);
    }

    static double getDouble(MemorySegment source, long offset) {
        return source.get(DOUBLE, offset);
    }

    static void putEnum(Object value, MemorySegment target, long offset, String name) {
        target.set(INT, offset, ((Enum<?>) present(value, name)).ordinal());
    }

    static Object getEnum(MemorySegment source, long offset, Object[] constants, String name) {
        int ordinal = source.get(INT, offset);
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new Refused(
                            "ordinal="
                                    + ordinal
                                    + ", expected one of "
                                    + constants.length
                                    + ": "
                                    + Arrays.toString(constants),
                            null)
                    .within(source, "." + name);
        }
        return constants[ordinal];
    }

    static void putArray(
            Object array,
            MemorySegment target,
            long offset,
            ValueLayout layout,
            int count,
            String name) {
        checkLength(Array.getLength(present(array, name)), count, name);
        if (array instanceof boolean[] booleans) {
            for (int i = 0; i < count; i++) {
                target.set(BOOLEAN, offset + i, booleans[i]);
            }
        } else {
            MemorySegment.copy(array, 0, target, layout, offset, count);
        }
    }

    static Object getArray(
            MemorySegment source, long offset, ValueLayout layout, Class<?> element, int count) {
        Object array = Array.newInstance(element, count);
        if (array instanceof boolean[] booleans) {
            for (int i = 0; i < count; i++) {
                booleans[i] = getBoolean(source, offset + i);
            }
        } else {
            MemorySegment.copy(source, layout, offset, array, 0, count);
        }
        return array;
    }

    static void putRecord(
            Object value, MemorySegment target, long offset, StructCode code, String name) {
        try {
            code.write(present(value, name), target, offset);
        } catch (Refused refused) {
            throw value == null ? refused : refused.within(value, "." + name);
        }
    }

    static Object getRecord(MemorySegment source, long offset, StructCode code, String name) {
        try {
            return code.read(source, offset);
        } catch (Refused refused) {
            throw refused.within(source, "." + name);
        }
    }

    static void putRecords(
            Object value,
            MemorySegment target,
            long offset,
            StructCode code,
            long size,
            int count,
            String name) {
        Object[] records = (Object[]) present(value, name);
        checkLength(records.length, count, name);
        for (int i = 0; i < count; i++) {
            if (records[i] == null) {
                throw missing(name + "[" + i + "]");
            }
            try {
                code.write(records[i], target, offset + i * size);
            } catch (Refused refused) {
                throw refused.within(records, "." + name + "[" + i + "]");
            }
        }
    }

    static Object getRecords(
            MemorySegment source,
            long offset,
            StructCode code,
            long size,
            Class<?> element,
            int count,
            String name) {
        Object[] records = (Object[]) Array.newInstance(element, count);
        for (int i = 0; i < count; i++) {
            try {
                records[i] = code.read(source, offset + i * size);
            } catch (Refused refused) {
                throw refused.within(source, "." + name + "[" + i + "]");
            }
        }
        return records;
    }

    static void putText(Object value, MemorySegment target, long offset, int count, String name) {
        StructUtf8.put((String) present(value, name), target, offset, count, name);
    }

    static Object getText(MemorySegment source, long offset, int count, String name) {
        return StructUtf8.get(source, offset, count, name);
    }

    /** What to throw when a canonical constructor throws. */
    static Throwable refusal(Throwable thrown, String type) {
        return thrown instanceof Error
                ? thrown
                : new Refused(
                        "record " + type + " refuses its components: " + thrown, null, thrown);
    }

    private static Object present(Object value, String name) {
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private static void checkLength(int length, int count, String name) {
        if (length != count) {
            throw refused("array of length=" + length + ", expected=" + count + " (@Length)", name);
        }
    }

    private static Refused missing(String name) {
        return refused("null, and a struct has no place for that", name);
    }

    static Refused refused(String reason, String name) {
        return new Refused(reason, null).within(name, "." + name);
    }
}
