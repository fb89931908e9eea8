// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.Serializable;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * The components of a record class, and how to get at them. Records are read by their canonical
 * constructor, which checks what arrives as it checks everything else.
 */
final class RecordShape {
    /** So many records are read or written by reflection, which starts sooner. */
    private static final int FEW = 32;

    private final Class<?> type;
    private final String[] names;
    private final byte[] definition;
    private final Method[] accessors;
    private final Constructor<?> constructor;
    private final String obstacle;
    private int uses;
    private RecordHandles handles;

    RecordShape(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        names = new String[components.length];
        accessors = new Method[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = components[i].getName();
            types[i] = components[i].getType();
            accessors[i] = components[i].getAccessor();
        }
        definition = definition(names);
        Constructor<?> canonical = null;
        String refusal = null;
        try {
            canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            AccessibleObject.setAccessible(accessors, true);
        } catch (InaccessibleObjectException | NoSuchMethodException e) {
            refusal = opening(type);
        }
        constructor = canonical;
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
        RecordHandles fast = handles;
        if (fast != null) {
            return fast.component(value, index);
        }
        try {
            return accessors[index].invoke(value);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /** A record of these components. */
    Object construct(Object[] components) throws Throwable {
        RecordHandles fast = handles;
        if (fast != null) {
            return fast.construct(components);
        }
        try {
            return constructor.newInstance(components);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /** Says that a record of the class is to be read or written. */
    void use() {
        // Threads may lose counts or make the handles twice: either does no harm.
        if (handles == null && uses <= FEW && uses++ == FEW) {
            handles = RecordHandles.of(accessors, constructor);
        }
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

    /** What to write where so that the record class can be reached. */
    static String opening(Class<?> type) {
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
