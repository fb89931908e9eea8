// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/** The accessors and the canonical constructor of a record class as method handles. */
final class RecordHandles {
    private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);
    private static final MethodType CONSTRUCTOR =
            MethodType.methodType(Object.class, Object[].class);

    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    private RecordHandles(Method[] methods, Constructor<?> canonical)
            throws IllegalAccessException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        accessors = new MethodHandle[methods.length];
        for (int i = 0; i < methods.length; i++) {
            accessors[i] = lookup.unreflect(methods[i]).asType(ACCESSOR);
        }
        constructor =
                lookup.unreflectConstructor(canonical)
                        .asSpreader(Object[].class, methods.length)
                        .asType(CONSTRUCTOR);
    }

    /**
     * Of methods and a constructor that were made accessible; null if there are more components
     * than a method handle takes, which are some fewer than a class file allows.
     */
    static RecordHandles of(Method[] methods, Constructor<?> canonical) {
        try {
            return new RecordHandles(methods, canonical);
        } catch (IllegalAccessException | IllegalArgumentException tooMany) {
            return null;
        }
    }

    Object component(Object value, int index) throws Throwable {
        return (Object) accessors[index].invokeExact(value);
    }

    Object construct(Object[] components) throws Throwable {
        return (Object) constructor.invokeExact(components);
    }
}
