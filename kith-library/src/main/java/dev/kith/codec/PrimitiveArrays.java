// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Arrays of primitives: the length, then the elements as C has them in memory. */
final class PrimitiveArrays {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout CHAR = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
    private static final ValueLayout DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ORDER);

    private PrimitiveArrays() {}

    static void write(Output out, int tag, Object value) {
        out.put(tag);
        switch (tag) {
            case Tag.BOOLEANS -> writeBooleans(out, (boolean[]) value);
            case Tag.BYTES -> out.bytes((byte[]) value);
            case Tag.CHARS -> write(out, value, ((char[]) value).length, CHAR);
            case Tag.SHORTS -> write(out, value, ((short[]) value).length, SHORT);
            case Tag.INTS -> write(out, value, ((int[]) value).length, INT);
            case Tag.LONGS -> write(out, value, ((long[]) value).length, LONG);
            case Tag.FLOATS -> write(out, value, ((float[]) value).length, FLOAT);
            default -> write(out, value, ((double[]) value).length, DOUBLE);
        }
    }

    static Object read(Input in, int tag) {
        return switch (tag) {
            case Tag.BOOLEANS -> readBooleans(in);
            case Tag.BYTES -> in.bytes();
            case Tag.CHARS -> {
                char[] values = new char[in.length(Character.BYTES)];
                in.array(values, values.length, CHAR);
                yield values;
            }
            case Tag.SHORTS -> {
                short[] values = new short[in.length(Short.BYTES)];
                in.array(values, values.length, SHORT);
                yield values;
            }
            case Tag.INTS -> {
                int[] values = new int[in.length(Integer.BYTES)];
                in.array(values, values.length, INT);
                yield values;
            }
            case Tag.LONGS -> {
                long[] values = new long[in.length(Long.BYTES)];
                in.array(values, values.length, LONG);
                yield values;
            }
            case Tag.FLOATS -> {
                float[] values = new float[in.length(Float.BYTES)];
                in.array(values, values.length, FLOAT);
                yield values;
            }
            default -> {
                double[] values = new double[in.length(Double.BYTES)];
                in.array(values, values.length, DOUBLE);
                yield values;
            }
        };
    }

    private static void write(Output out, Object values, int length, ValueLayout element) {
        out.count(length);
        out.array(values, length, element);
    }

    private static void writeBooleans(Output out, boolean[] values) {
        out.count(values.length);
        for (boolean value : values) {
            out.put(value ? 1 : 0);
        }
    }

    private static boolean[] readBooleans(Input in) {
        boolean[] values = new boolean[in.length(1)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.count(1) == 1;
        }
        return values;
    }
}
