// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.codec.StructField.Kind;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the components of a record class lie, by the rules of the System V ABI of x86-64 and the
 * AAPCS64: a number is aligned to its size, an array as its elements, a struct as the strictest of
 * its members, and its size is a multiple of that.
 *
 * @param type the record class
 * @param fields in the order of the components
 * @param size in bytes, with the padding at the end
 * @param alignment in bytes
 */
record StructShape(Class<?> type, List<StructField> fields, long size, long alignment) {
    static StructShape of(Class<?> type) {
        return of(type, List.of());
    }

    boolean isPacked() {
        return type.isAnnotationPresent(Packed.class);
    }

    /** The component of a name. */
    StructField field(String name, String path) {
        for (StructField field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException(
                "path \""
                        + path
                        + "\": "
                        + type.getName()
                        + " has no component \""
                        + name
                        + "\"; it has "
                        + fields.stream().map(StructField::name).collect(Collectors.joining(", ")));
    }

    private static StructShape of(Class<?> type, List<Class<?>> outer) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(
                    "struct of " + type.getName() + ": not a record class; make it a record");
        }
        RecordComponent[] components = type.getRecordComponents();
        if (components.length == 0) {
            throw new IllegalArgumentException(
                    "struct of "
                            + type.getName()
                            + ": it has no components, and C knows no struct of no bytes; give it"
                            + " one");
        }
        List<Class<?>> inner = new ArrayList<>(outer);
        inner.add(type);
        boolean packed = type.isAnnotationPresent(Packed.class);
        List<StructField> fields = new ArrayList<>();
        long end = 0;
        long strictest = 1;
        for (RecordComponent component : components) {
            StructField field = field(component, inner);
            long alignment = packed ? 1 : field.alignment();
            strictest = Math.max(strictest, alignment);
            field = field.at(roundUp(end, alignment));
            end = field.end();
            fields.add(field);
        }
        return new StructShape(type, List.copyOf(fields), roundUp(end, strictest), strictest);
    }

    private static StructField field(RecordComponent component, List<Class<?>> outer) {
        String name = component.getName();
        Class<?> type = component.getType();
        Class<?> element = type.isArray() ? type.getComponentType() : type;
        Length length = component.getAnnotation(Length.class);
        boolean text = type == String.class;
        checkType(component, element);
        if ((type.isArray() || text) != (length != null)) {
            throw refusal(
                    component,
                    length != null
                            ? type.getTypeName() + " has a length of its own; take @Length away"
                            : text
                                    ? "C must know how long a text is; write @Length(n) before it,"
                                            + " n bytes of UTF-8"
                                    : "C must know how long an array is; write @Length(n) before"
                                            + " it, n elements");
        }
        if (length != null && length.value() < 1) {
            throw refusal(component, "@Length(" + length.value() + "); it must be at least 1");
        }
        int count = length == null ? 1 : length.value();
        if (text) {
            return new StructField(name, Kind.TEXT, element, null, count, 0);
        }
        if (element.isPrimitive()) {
            Kind kind = type.isArray() ? Kind.PRIMITIVES : Kind.PRIMITIVE;
            return new StructField(name, kind, element, null, count, 0);
        }
        if (element.isEnum()) {
            return new StructField(name, Kind.ENUM, element, null, count, 0);
        }
        if (outer.contains(element)) {
            throw refusal(
                    component,
                    "a "
                            + element.getName()
                            + " cannot hold another one, it would have no end; hold its number or"
                            + " name instead");
        }
        Kind kind = type.isArray() ? Kind.RECORDS : Kind.RECORD;
        return new StructField(name, kind, element, of(element, outer), count, 0);
    }

    private static void checkType(RecordComponent component, Class<?> element) {
        boolean array = component.getType().isArray();
        if (element.isPrimitive()
                || element.isRecord()
                || !array && (element.isEnum() || element == String.class)) {
            return;
        }
        String cure =
                array
                        ? "an array may have primitive types and records; put "
                                + element.getTypeName()
                                + " into a record, and have an array of that"
                        : primitive(element) != null
                                ? "it may be null, and a struct has no place for that; use "
                                        + primitive(element)
                                : "a struct has primitive types, enums, records, and String and"
                                        + " arrays with @Length(n); use those, or Codec.objects()";
        throw refusal(component, component.getType().getTypeName() + ": " + cure);
    }

    /** The primitive type of a box, or null. */
    private static Class<?> primitive(Class<?> box) {
        Class<?> unboxed = java.lang.invoke.MethodType.methodType(box).unwrap().returnType();
        return unboxed == box || unboxed == void.class ? null : unboxed;
    }

    private static IllegalArgumentException refusal(RecordComponent component, String reason) {
        return new IllegalArgumentException(
                "struct of "
                        + component.getDeclaringRecord().getName()
                        + ": component "
                        + component.getName()
                        + ": "
                        + reason);
    }

    private static long roundUp(long value, long alignment) {
        return (value + alignment - 1) / alignment * alignment;
    }
}
