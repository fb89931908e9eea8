// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a user of the library can name, as text: the public types of the exported packages with
 * their public and protected members, sorted. What a public type inherits from a hidden one is
 * written as its own.
 */
final class PublicApi {
    private final Set<String> exported =
            Library.module().exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(Exports::source)
                    .collect(Collectors.toSet());

    /** The whole text, one declaration a line. */
    String text() {
        return Library.types().stream()
                .filter(this::isVisible)
                .sorted(Comparator.comparing(Class::getName))
                .map(this::describe)
                .collect(Collectors.joining("\n"));
    }

    private boolean isVisible(Class<?> type) {
        return exported.contains(type.getPackageName())
                && isVisible(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private String describe(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Class<?> from : parts(type)) {
            Stream.<Member[]>of(from.getDeclaredFields(), from.getDeclaredMethods())
                    .flatMap(Arrays::stream)
                    .filter(member -> isVisible(member.getModifiers()) && !member.isSynthetic())
                    .map(PublicApi::describe)
                    .forEach(members::add);
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
                members.add(describe(constructor));
            }
        }
        return head(type)
                + members.stream().map(line -> "    " + line + "\n").collect(Collectors.joining());
    }

    /** The type and the hidden types whose members it inherits. */
    private Set<Class<?>> parts(Class<?> type) {
        Set<Class<?>> parts = new LinkedHashSet<>(List.of(type));
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()))
                .filter(this::isHidden)
                .forEach(parent -> parts.addAll(parts(parent)));
        return parts;
    }

    private boolean isHidden(Class<?> type) {
        return type.getPackageName().startsWith("dev.kith") && !isVisible(type);
    }

    private String head(Class<?> type) {
        Set<String> parents = new LinkedHashSet<>();
        for (Class<?> part : parts(type)) {
            Stream.concat(
                            Stream.ofNullable(part.getGenericSuperclass()),
                            Stream.of(part.getGenericInterfaces()))
                    .map(PublicApi::name)
                    .filter(name -> !name.matches("Object|Record|Enum<.*"))
                    .forEach(parents::add);
        }
        parts(type).forEach(part -> parents.removeIf(name -> name.startsWith(name(part))));
        int modifiers = type.getModifiers() & ~Modifier.STATIC & ~Modifier.INTERFACE;
        if (type.isInterface()) {
            modifiers &= ~Modifier.ABSTRACT;
        }
        return words(
                        modifiers(modifiers),
                        type.isSealed() ? "sealed" : "",
                        kind(type),
                        name(type) + parameters(type),
                        list(": ", parents.stream()),
                        type.isSealed()
                                ? list("permits ", Stream.of(type.getPermittedSubclasses()))
                                : "")
                + "\n";
    }

    private static String kind(Class<?> type) {
        if (type.isAnnotation()) {
            return "@interface";
        }
        if (type.isInterface()) {
            return "interface";
        }
        return type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    }

    private static String describe(Member member) {
        return switch (member) {
            case Field field ->
                    words(
                                    modifiers(field.getModifiers()),
                                    name(field.getGenericType()),
                                    field.getName())
                            + constant(field);
            case Method method ->
                    words(
                            modifiers(method.getModifiers() & Modifier.methodModifiers()),
                            method.isDefault() ? "default" : "",
                            parameters(method),
                            name(method.getGenericReturnType()),
                            method.getName() + arguments(method));
            case Constructor<?> constructor ->
                    words(
                            modifiers(constructor.getModifiers()),
                            constructor.getDeclaringClass().getSimpleName()
                                    + arguments(constructor));
            default -> throw new AssertionError(member);
        };
    }

    private static String modifiers(int modifiers) {
        return Modifier.toString(modifiers & ~Modifier.SYNCHRONIZED & ~Modifier.NATIVE);
    }

    /** The value of a constant: compilers copy it into the classes that use it. */
    private static String constant(Field field) {
        boolean constant =
                Modifier.isStatic(field.getModifiers())
                        && Modifier.isFinal(field.getModifiers())
                        && (field.getType().isPrimitive() || field.getType() == String.class);
        try {
            return constant ? " = " + field.get(null) : "";
        } catch (IllegalAccessException e) {
            return "";
        }
    }

    private static String arguments(Executable call) {
        return list(call.getGenericParameterTypes(), ", ", "(", ")")
                + list(call.getGenericExceptionTypes(), ", ", " throws ", "");
    }

    private static String list(Type[] types, String between, String before, String after) {
        if (types.length == 0) {
            return before.equals("(") ? "()" : "";
        }
        return Stream.of(types)
                .map(PublicApi::name)
                .collect(Collectors.joining(between, before, after));
    }

    private static String list(String before, Stream<?> items) {
        String text =
                items.map(item -> item instanceof Type type ? name(type) : item.toString())
                        .sorted()
                        .collect(Collectors.joining(", "));
        return text.isEmpty() ? "" : before + text;
    }

    private static String parameters(GenericDeclaration declaration) {
        Function<TypeVariable<?>, String> bounded =
                variable -> {
                    String bounds =
                            Stream.of(variable.getBounds())
                                    .map(PublicApi::name)
                                    .filter(name -> !name.equals("Object"))
                                    .collect(Collectors.joining(" & "));
                    return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
                };
        TypeVariable<?>[] variables = declaration.getTypeParameters();
        return variables.length == 0
                ? ""
                : Stream.of(variables).map(bounded).collect(Collectors.joining(", ", "<", ">"));
    }

    private static String name(Type type) {
        return type.getTypeName()
                .replace('$', '.')
                .replaceAll("\\bjava(\\.[a-z]+)+\\.(?=[A-Z])", "");
    }

    private static String words(String... words) {
        return Stream.of(words).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }
}
