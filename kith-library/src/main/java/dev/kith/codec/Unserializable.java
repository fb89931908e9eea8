// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The object that keeps a graph from being serialised, and the way to it: Java serialisation says
 * the class only. The search walks where Java serialisation does, as far as it may look, and runs
 * after a failure only.
 *
 * @param path from the root, empty if it is the root
 * @param type the class that is not Serializable
 */
record Unserializable(String path, Class<?> type) {
    private static final int DEEPEST = 64;

    /** The first such object under a root, or null if none was found. */
    static Unserializable in(Object root) {
        return search(root, "", DEEPEST, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** What to say of it. */
    String reason() {
        return reason(type);
    }

    /** What to say of a class that is not Serializable. */
    static String reason(Class<?> type) {
        boolean own = type.getClassLoader() != null && !type.isHidden();
        return type.getName()
                + " is not Serializable; "
                + (own
                        ? "make it a record, or Serializable"
                        : "send what the other side needs to know of it");
    }

    private static Unserializable search(Object value, String path, int deepest, Set<Object> seen) {
        if (value == null || deepest == 0 || value instanceof Class || !seen.add(value)) {
            return null;
        }
        Class<?> type = value.getClass();
        if (!(value instanceof Serializable)) {
            return new Unserializable(path, type);
        }
        if (type.isArray()) {
            return type.getComponentType().isPrimitive()
                    ? null
                    : inArray(value, path, deepest - 1, seen);
        }
        if (value instanceof Collection<?> elements) {
            return inArray(elements.toArray(), path, deepest - 1, seen);
        }
        if (value instanceof Map<?, ?> map) {
            return inMap(map, path, deepest - 1, seen);
        }
        return inFields(value, path, deepest - 1, seen);
    }

    private static Unserializable inArray(
            Object array, String path, int deepest, Set<Object> seen) {
        for (int i = 0; i < Array.getLength(array); i++) {
            Unserializable found = search(Array.get(array, i), path + "[" + i + "]", deepest, seen);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static Unserializable inMap(Map<?, ?> map, String path, int deepest, Set<Object> seen) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Unserializable found = search(entry.getKey(), path + ".key", deepest, seen);
            if (found == null) {
                found =
                        search(
                                entry.getValue(),
                                path + Refused.step(entry.getKey()),
                                deepest,
                                seen);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static Unserializable inFields(
            Object value, String path, int deepest, Set<Object> seen) {
        for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
            ObjectStreamClass description = ObjectStreamClass.lookup(type);
            if (description == null) {
                return null;
            }
            for (ObjectStreamField field : description.getFields()) {
                Unserializable found =
                        field.isPrimitive()
                                ? null
                                : search(
                                        read(type, field, value),
                                        path + "." + field.getName(),
                                        deepest,
                                        seen);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static Object read(Class<?> type, ObjectStreamField description, Object value) {
        try {
            Field field = type.getDeclaredField(description.getName());
            field.setAccessible(true);
            return field.get(value);
        } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
            return null;
        }
    }
}
