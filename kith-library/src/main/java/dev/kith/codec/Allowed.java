// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/*
 * Two questions, asked by the writer as well, so that a refusal meets the sender first:
 *
 * data(type): records and enums in the compact form, and components of arrays. Reading one runs no
 * code of the class but its initialiser, its canonical constructor, equals, hashCode and compareTo:
 * allowed, unless the filter rejects it.
 *
 * java(type): what Java serialisation reads. A stream may hold references, and so a small one a
 * graph whose hash code takes for ever. The standard list therefore has no class that computes with
 * what it holds: values, exceptions, Kith's handles. Who allows a class of his own has to do with
 * java.util's collections, with records and enums anyway, and gets those too.
 */

/**
 * Which classes an {@link ObjectsCodec} writes and reads. Asks the filter first, then the list,
 * then the rule.
 */
final class Allowed {
    static final Allowed STANDARD = new Allowed(Set.of(), null);

    private final Set<Class<?>> classes;
    private final ObjectInputFilter filter;

    private Allowed(Set<Class<?>> classes, ObjectInputFilter filter) {
        this.classes = classes;
        this.filter = filter;
    }

    static Allowed classes(Class<?>... allowed) {
        Set<Class<?>> all = new LinkedHashSet<>();
        for (Class<?> type : allowed) {
            addFamily(type, all);
        }
        return all.isEmpty() ? STANDARD : new Allowed(all, null);
    }

    static Allowed filter(ObjectInputFilter filter) {
        return new Allowed(Set.of(), filter);
    }

    /** The classes allowed by name; none if there is a filter. */
    Set<Class<?>> classes() {
        return Collections.unmodifiableSet(classes);
    }

    /** The user's filter, or null. */
    ObjectInputFilter filter() {
        return filter;
    }

    /** Whether the user allowed more than the standard. */
    boolean extended() {
        return filter != null || !classes.isEmpty();
    }

    /** Whether values of a class may stand in the compact form. */
    boolean data(Class<?> type) {
        return filter == null
                || filter.checkInput(new OfClass(type)) != ObjectInputFilter.Status.REJECTED;
    }

    /** Whether Java serialisation may write objects of a class. */
    boolean java(Class<?> type) {
        return java(new OfClass(type));
    }

    /**
     * Whether Java serialisation may read what a stream has come to; no class is asked for where it
     * says none.
     */
    boolean java(ObjectInputFilter.FilterInfo info) {
        if (filter != null) {
            ObjectInputFilter.Status status = filter.checkInput(info);
            if (status != ObjectInputFilter.Status.UNDECIDED) {
                return status == ObjectInputFilter.Status.ALLOWED;
            }
        }
        Class<?> type = info.serialClass();
        while (type != null && type.isArray()) {
            type = type.getComponentType();
        }
        return type == null
                || type.isPrimitive()
                || classes.contains(type)
                || SafeClasses.contains(type)
                || extended() && SafeClasses.isStructure(type);
    }

    /** What to say of a class that is not allowed. */
    String refusal(Class<?> type) {
        String name = type.getName();
        if (filter != null) {
            return name + " is not allowed: the filter given to Codec.objects(filter) refuses it";
        }
        if (type == SerializedLambda.class) {
            return "a lambda is code, and not allowed: Codec.objects(SerializedLambda.class,"
                    + " X.class) allows those of X";
        }
        String cure = "Codec.objects(" + type.getSimpleName() + ".class) allows it";
        return name
                + " is not allowed: "
                + cure
                + (type.isRecord() ? "" : ", and a record needs no leave");
    }

    /**
     * Adds a class with the classes it extends, whose state is part of it, and those that a sealed
     * one permits.
     */
    private static void addFamily(Class<?> type, Set<Class<?>> all) {
        if (!all.add(type)) {
            return;
        }
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                addFamily(permitted, all);
            }
        }
        Class<?> above = type.getSuperclass();
        while (above != null && above != Object.class) {
            all.add(above);
            above = above.getSuperclass();
        }
    }

    /** A question about a class alone. */
    private record OfClass(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }
}
