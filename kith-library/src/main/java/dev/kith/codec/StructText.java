// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** A struct in other languages. */
final class StructText {
    /** What Java has for names and C, C++ or a macro of gcc does not. */
    private static final Set<String> RESERVED =
            Set.of(
                    "alignas",
                    "alignof",
                    "and",
                    "and_eq",
                    "asm",
                    "auto",
                    "bitand",
                    "bitor",
                    "bool",
                    "compl",
                    "concept",
                    "consteval",
                    "constexpr",
                    "constinit",
                    "const_cast",
                    "co_await",
                    "co_return",
                    "co_yield",
                    "decltype",
                    "delete",
                    "dynamic_cast",
                    "explicit",
                    "export",
                    "extern",
                    "false",
                    "friend",
                    "inline",
                    "linux",
                    "mutable",
                    "namespace",
                    "noexcept",
                    "not",
                    "not_eq",
                    "nullptr",
                    "NULL",
                    "operator",
                    "or",
                    "or_eq",
                    "register",
                    "reinterpret_cast",
                    "requires",
                    "restrict",
                    "signed",
                    "sizeof",
                    "static_assert",
                    "static_cast",
                    "struct",
                    "template",
                    "thread_local",
                    "typedef",
                    "typeid",
                    "typename",
                    "typeof",
                    "typeof_unqual",
                    "union",
                    "unix",
                    "unsigned",
                    "using",
                    "virtual",
                    "wchar_t",
                    "xor",
                    "xor_eq");

    private StructText() {}

    static String c(StructShape shape) {
        Map<Class<?>, String> names = new LinkedHashMap<>();
        StringBuilder out = new StringBuilder();
        out.append("#include <assert.h>\n#include <stdbool.h>\n");
        out.append("#include <stddef.h>\n#include <stdint.h>\n");
        declare(shape, names, out);
        return out.toString();
    }

    static String numpy(StructShape shape) {
        StringJoiner names = new StringJoiner(", ", "[", "]");
        StringJoiner formats = new StringJoiner(", ", "[", "]");
        StringJoiner offsets = new StringJoiner(", ", "[", "]");
        for (StructField field : shape.fields()) {
            names.add("'" + field.name() + "'");
            formats.add(numpy(field));
            offsets.add(Long.toString(field.offset()));
        }
        return "{'names': "
                + names
                + ", 'formats': "
                + formats
                + ", 'offsets': "
                + offsets
                + ", 'itemsize': "
                + shape.size()
                + "}";
    }

    private static void declare(StructShape shape, Map<Class<?>, String> names, StringBuilder out) {
        for (StructField field : shape.fields()) {
            if (field.nested() != null && !names.containsKey(field.type())) {
                declare(field.nested(), names, out);
            }
        }
        String name = identifier(shape.type().getSimpleName());
        for (int number = 2; names.containsValue(name); number++) {
            name = identifier(shape.type().getSimpleName()) + number;
        }
        names.put(shape.type(), name);
        String struct = "struct " + name;
        out.append("\nstruct ").append(shape.isPacked() ? "__attribute__((packed)) " : "");
        out.append(name).append(" {\n");
        for (StructField field : shape.fields()) {
            out.append("    ").append(c(field, names)).append(' ').append(identifier(field.name()));
            if (field.isArray() || field.kind() == StructField.Kind.TEXT) {
                out.append('[').append(field.count()).append(']');
            }
            out.append(';').append(comment(field)).append('\n');
        }
        out.append("};\n");
        asserted(out, "sizeof(" + struct + ")", shape.size(), struct);
        for (StructField field : shape.fields()) {
            String member = identifier(field.name());
            String where = "offsetof(" + struct + ", " + member + ")";
            asserted(out, where, field.offset(), name + "." + member);
        }
    }

    private static void asserted(StringBuilder out, String actual, long expected, String what) {
        out.append("static_assert(").append(actual).append(" == ").append(expected);
        out.append(", \"").append(what).append("\");\n");
    }

    private static String c(StructField field, Map<Class<?>, String> names) {
        return switch (field.kind()) {
            case ENUM -> "int32_t";
            case TEXT -> "char";
            case RECORD, RECORDS -> "struct " + names.get(field.type());
            case PRIMITIVE, PRIMITIVES ->
                    switch (field.type().getName()) {
                        case "boolean" -> "bool";
                        case "byte" -> "int8_t";
                        case "char" -> "uint16_t";
                        case "short" -> "int16_t";
                        case "int" -> "int32_t";
                        case "long" -> "int64_t";
                        default -> field.type().getName();
                    };
        };
    }

    private static String comment(StructField field) {
        return switch (field.kind()) {
            case TEXT -> " // UTF-8, padded with NUL";
            case ENUM -> {
                Object[] constants = field.type().getEnumConstants();
                StringJoiner numbers = new StringJoiner(", ", " // ", "");
                Arrays.stream(constants)
                        .map(constant -> (Enum<?>) constant)
                        .forEach(each -> numbers.add(each.ordinal() + " " + each.name()));
                yield numbers.toString();
            }
            default -> "";
        };
    }

    private static String identifier(String name) {
        return RESERVED.contains(name) ? name + "_" : name;
    }

    private static String numpy(StructField field) {
        String element =
                switch (field.kind()) {
                    case ENUM -> "'<i4'";
                    case TEXT -> "'S" + field.count() + "'";
                    case RECORD, RECORDS -> numpy(field.nested());
                    case PRIMITIVE, PRIMITIVES ->
                            switch (field.type().getName()) {
                                case "boolean" -> "'?'";
                                case "byte" -> "'i1'";
                                case "char" -> "'<u2'";
                                case "short" -> "'<i2'";
                                case "int" -> "'<i4'";
                                case "long" -> "'<i8'";
                                case "float" -> "'<f4'";
                                default -> "'<f8'";
                            };
                };
        return field.isArray() ? "(" + element + ", (" + field.count() + ",))" : element;
    }
}
