// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import dev.kith.codec.StructField.Kind;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way from a struct to something in it.
 *
 * @param shape where it begins
 * @param path as the user wrote it
 * @param steps as java.lang.foreign wants it
 * @param target the component where it ends
 * @param indexed whether it ends at an element of the component
 * @param open whether an index is left open
 */
record StructPath(
        StructShape shape,
        String path,
        List<PathElement> steps,
        StructField target,
        boolean indexed,
        boolean open) {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)(?:\\[(\\d{0,9})])?(\\.|$)");

    static StructPath of(StructShape shape, String path) {
        Matcher matcher = STEP.matcher(path);
        List<PathElement> steps = new ArrayList<>();
        StructShape where = shape;
        boolean open = false;
        int at = 0;
        while (true) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw wrong(path, "not of the form name, name.name, name[3] or name[]");
            }
            StructField field = where.field(matcher.group(1), path);
            steps.add(PathElement.groupElement(field.name()));
            String index = matcher.group(2);
            if (index != null) {
                steps.add(element(field, index, path));
                open |= index.isEmpty();
            }
            at = matcher.end();
            if (matcher.group(3).isEmpty()) {
                return new StructPath(shape, path, steps, field, index != null, open);
            }
            if (field.nested() == null) {
                throw wrong(path, field.name() + " is no record, there is nothing in it");
            }
            if (field.isArray() && index == null) {
                throw wrong(
                        path,
                        field.name() + " is an array; say which element: " + field.name() + "[0]");
            }
            where = field.nested();
        }
    }

    long offset() {
        if (open) {
            throw wrong(path, "an open index has no offset; write a number into []");
        }
        return layout(shape, false).byteOffset(steps.toArray(PathElement[]::new));
    }

    VarHandle varHandle() {
        boolean many = target.isArray() || target.kind() == Kind.TEXT;
        if (many && !indexed) {
            throw wrong(
                    path,
                    "it has many elements; say \""
                            + path
                            + "[]\" for a handle that takes an index, or use offset()");
        }
        if (target.nested() != null) {
            throw wrong(path, "a record is no number; say which component of it");
        }
        return layout(shape, false).varHandle(steps.toArray(PathElement[]::new));
    }

    /** The struct for java.lang.foreign, its numbers aligned as in C, or not at all. */
    static MemoryLayout layout(StructShape shape, boolean aligned) {
        List<MemoryLayout> members = new ArrayList<>();
        long end = 0;
        boolean natural = aligned && !shape.isPacked();
        for (StructField field : shape.fields()) {
            pad(members, end, field.offset());
            MemoryLayout element =
                    switch (field.kind()) {
                        case PRIMITIVE, PRIMITIVES -> StructMemory.layout(field.type());
                        case ENUM -> StructMemory.layout(int.class);
                        case TEXT -> ValueLayout.JAVA_BYTE;
                        case RECORD, RECORDS -> layout(field.nested(), natural);
                    };
            if (field.nested() == null) {
                element = element.withByteAlignment(natural ? element.byteSize() : 1);
            }
            boolean many = field.isArray() || field.kind() == Kind.TEXT;
            members.add(
                    (many ? MemoryLayout.sequenceLayout(field.count(), element) : element)
                            .withName(field.name()));
            end = field.end();
        }
        pad(members, end, shape.size());
        return MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new))
                .withName(shape.type().getSimpleName());
    }

    private static void pad(List<MemoryLayout> members, long from, long to) {
        if (to > from) {
            members.add(MemoryLayout.paddingLayout(to - from));
        }
    }

    private static PathElement element(StructField field, String index, String path) {
        if (!field.isArray() && field.kind() != Kind.TEXT) {
            throw wrong(path, field.name() + " is no array");
        }
        if (index.isEmpty()) {
            return PathElement.sequenceElement();
        }
        int element = Integer.parseInt(index);
        if (element >= field.count()) {
            throw wrong(path, "index=" + index + ", length=" + field.count());
        }
        return PathElement.sequenceElement(element);
    }

    private static IllegalArgumentException wrong(String path, String reason) {
        return new IllegalArgumentException("path \"" + path + "\": " + reason);
    }
}
