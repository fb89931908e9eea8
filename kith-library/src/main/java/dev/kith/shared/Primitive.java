// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/** What a value or the elements of an array are: the flags of their headers. */
enum Primitive {
    LONG(1, JAVA_LONG),
    INT(2, JAVA_INT),
    DOUBLE(3, JAVA_DOUBLE),
    BOOLEAN(4, JAVA_INT),
    FLOAT(5, JAVA_FLOAT),
    BYTE(6, JAVA_BYTE);

    private static final long VALUE_BYTES = 8;

    private final int number;
    private final ValueLayout layout;

    Primitive(int number, ValueLayout layout) {
        this.number = number;
        this.layout = layout;
    }

    /** Writes the first content of a value. */
    interface Initial {
        void write(MemorySegment memory, long at);
    }

    /** A value of any of them, as it arrives from another process. */
    static Kind<?> ofValues() {
        return new Kind<>(RegionKind.VALUE, 0, Primitive::value);
    }

    /** An array of any of them, as it arrives from another process. */
    static Kind<?> ofArrays() {
        return new Kind<>(RegionKind.ARRAY, 0, Primitive::array);
    }

    /** What a value of this is to be like. */
    Plan value(Initial initial) {
        return new Plan(
                Kind.shape(RegionKind.VALUE, Kind.SLOTS, 0, 0, VALUE_BYTES, 0, number),
                toString(),
                region -> initial.write(region.segment(), region.header().shape().dataOffset()));
    }

    /**
     * Refuses what is no value of this.
     *
     * @throws Broken if it is none
     */
    void checkValue(Opened opened) {
        opened.check(0, VALUE_BYTES, 0);
        check(opened);
    }

    /**
     * Refuses what is of another type.
     *
     * @throws Broken if it is
     */
    void check(Opened opened) {
        int found = opened.shape().flags();
        if (found != number) {
            throw new Broken(
                    opened.region()
                            + ": type of the "
                            + opened.kind().region()
                            + ": expected="
                            + this
                            + ", found="
                            + name(found)
                            + "; open it as what it is");
        }
    }

    /** For the header. */
    int number() {
        return number;
    }

    /** Bytes of one. */
    long bytes() {
        return layout.byteSize();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static SharedObject value(Opened opened) {
        return switch (of(opened)) {
            case LONG -> new SharedLong(opened);
            case INT -> new SharedInt(opened);
            case DOUBLE -> new SharedDouble(opened);
            case BOOLEAN -> new SharedBoolean(opened);
            case FLOAT, BYTE ->
                    throw new Broken(opened.region() + ": there are no values of " + of(opened));
        };
    }

    private static SharedObject array(Opened opened) {
        return switch (of(opened)) {
            case LONG -> new SharedLongArray(opened);
            case INT -> new SharedIntArray(opened);
            case DOUBLE -> new SharedDoubleArray(opened);
            case FLOAT -> new SharedFloatArray(opened);
            case BYTE -> new SharedByteArray(opened);
            case BOOLEAN -> throw new Broken(opened.region() + ": there are no arrays of boolean");
        };
    }

    private static Primitive of(Opened opened) {
        int found = opened.shape().flags();
        for (Primitive each : Primitive.values()) {
            if (each.number == found) {
                return each;
            }
        }
        throw new Broken(
                opened.region() + ": type: expected=1 to " + values().length + ", found=" + found);
    }

    private static String name(int number) {
        for (Primitive each : Primitive.values()) {
            if (each.number == number) {
                return each.toString();
            }
        }
        return "type " + number;
    }
}
