// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

/**
 * A component of a record in its struct.
 *
 * @param name of the component
 * @param kind what it is
 * @param type of one element: primitive, an enum, a record, or String
 * @param nested the struct of one element, null if it is no record
 * @param count how many elements, or bytes of text; 1 if it is no array
 * @param offset from the begin of the struct, in bytes
 */
record StructField(
        String name, Kind kind, Class<?> type, StructShape nested, int count, long offset) {
    /** What a component is; arrays are of the elements that the name says. */
    enum Kind {
        PRIMITIVE,
        ENUM,
        TEXT,
        RECORD,
        PRIMITIVES,
        RECORDS
    }

    StructField at(long where) {
        return new StructField(name, kind, type, nested, count, where);
    }

    boolean isArray() {
        return kind == Kind.PRIMITIVES || kind == Kind.RECORDS;
    }

    long alignment() {
        return nested == null ? elementSize() : nested.alignment();
    }

    long elementSize() {
        return switch (kind) {
            case PRIMITIVE, PRIMITIVES -> StructMemory.layout(type).byteSize();
            case ENUM -> Integer.BYTES;
            case TEXT -> 1;
            case RECORD, RECORDS -> nested.size();
        };
    }

    long size() {
        return elementSize() * count;
    }

    long end() {
        return offset + size();
    }
}
