// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * The components of a record class, and how to get at them. Records are read by their canonical
 * constructor, which checks what arrives as it checks everything else.
 */
final class RecordShape {
    private static final MethodType GETTER = MethodType.methodType(Object.class, Object.class);

    private final Class<?> type;
    private final String[] names;
    private final byte[] definition;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;
    private final String obstacle;

    RecordShape(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        names = new String[components.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = components[i].getName();
        }
        definition = definition(names);
        accessors = new MethodHandle[names.length];
        MethodHandle made = null;
        String refusal = null;
        try {
            Class<?>[] types = new Class<?>[names.length];
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            for (int i = 0; i < names.length; i++) {
                types[i] = components[i].getType();
                accessors[i] =
                        lookup.unreflect(accessible(components[i].getAccessor())).asType(GETTER);
            }
            Constructor<?> canonical = accessible(type.getDeclaredConstructor(types));
            MethodHandle generic = lookup.unreflectConstructor(canonical);
            made =
                    generic.asType(generic.type().generic())
                            .asSpreader(Object[].class, names.length)
                            .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (InaccessibleObjectException | ReflectiveOperationException e) {
            refusal = opening(type);
        } catch (IllegalArgumentException tooMany) {
            refusal = type.getName() + " has too many components: " + tooMany.getMessage();
        }
        constructor = made;
        obstacle = refusal;
    }

    /**
     * Whether Java serialisation would write something else in place of such a record, or read
     * something else.
     */
    static boolean replacesItself(Class<?> type) {
        return Serializable.class.isAssignableFrom(type)
                && (declares(type, "writeReplace") || declares(type, "readResolve"));
    }

    /** Why such records can be neither written nor read, or null. */
    String obstacle() {
        return obstacle;
    }

    Class<?> type() {
        return type;
    }

    /** How many components there are. */
    int size() {
        return names.length;
    }

    String name(int component) {
        return names[component];
    }

    List<String> names() {
        return List.of(names);
    }

    /** The names of the components as they stand in a message. */
    byte[] definition() {
        return definition;
    }

    /** The value of a component. */
    Object component(Object value, int index) throws Throwable {
        return (Object) accessors[index].invokeExact(value);
    }

    /** A record of these components. */
    Object construct(Object[] components) throws Throwable {
        return (Object) constructor.invokeExact(components);
    }

    private static byte[] definition(String[] names) {
        int length = 5;
        for (String name : names) {
            length += 5 + 3 * name.length();
        }
        Output out = new Output(length);
        out.count(names.length);
        for (String name : names) {
            out.text(name);
        }
        return out.written();
    }

    private static <A extends AccessibleObject> A accessible(A member) {
        member.setAccessible(true);
        return member;
    }

    private static String opening(Class<?> type) {
        Module kith = RecordShape.class.getModule();
        return type.getName()
                + " is not open to Kith: write in the module-info of "
                + type.getModule().getName()
                + ": opens "
                + type.getPackageName()
                + (kith.isNamed() ? " to " + kith.getName() : "")
                + ";";
    }

    private static boolean declares(Class<?> type, String method) {
        try {
            type.getDeclaredMethod(method);
            return true;
        } catch (NoSuchMethodException none) {
            return false;
        }
    }
}
