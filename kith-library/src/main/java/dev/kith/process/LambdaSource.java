// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the class file says of a lambda, for a message: where it stands, the names of what it
 * captures, the fields of {@code this} that it reads. Whatever the compiler left out is left out
 * here.
 *
 * @param place {@code " (Main.java:12)"}, or an empty string
 * @param names the names of the captured values, as far as the class file has them
 * @param captures how many values are captured
 * @param fieldsOfThis the names of the fields read
 */
record LambdaSource(String place, List<String> names, int captures, List<String> fieldsOfThis) {

    static LambdaSource of(SerializedLambda lambda, Class<?> home) {
        return find(lambda, home)
                .orElse(new LambdaSource("", List.of(), lambda.getCapturedArgCount(), List.of()));
    }

    /** How to name a captured value. */
    String name(int index) {
        return index < names.size() && names.get(index) != null
                ? names.get(index)
                : "value " + (index + 1) + " of " + captures;
    }

    private static Optional<LambdaSource> find(SerializedLambda lambda, Class<?> home) {
        String file = home.getName().replace('.', '/') + ".class";
        ClassLoader loader = home.getClassLoader();
        try (InputStream in =
                loader == null
                        ? ClassLoader.getSystemResourceAsStream(file)
                        : loader.getResourceAsStream(file)) {
            if (in == null) {
                return Optional.empty();
            }
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            return model.methods().stream()
                    .filter(method -> method.methodName().equalsString(lambda.getImplMethodName()))
                    .filter(method ->
                            method.methodType().equalsString(lambda.getImplMethodSignature()))
                    .findFirst()
                    .flatMap(MethodModel::code)
                    .map(code -> read(model, code, lambda));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static LambdaSource read(ClassModel model, CodeModel code, SerializedLambda lambda) {
        int line = 0;
        Set<String> fields = new LinkedHashSet<>();
        String[] bySlot = new String[256];
        for (var element : code) {
            switch (element) {
                case LineNumber number -> line = line == 0 ? number.line() : line;
                case LocalVariable variable -> {
                    if (variable.slot() < bySlot.length && bySlot[variable.slot()] == null) {
                        bySlot[variable.slot()] = variable.name().stringValue();
                    }
                }
                case FieldInstruction field -> {
                    if (field.opcode() == Opcode.GETFIELD
                            && field.owner().asInternalName().equals(lambda.getImplClass())) {
                        fields.add(field.name().stringValue());
                    }
                }
                default -> {}
            }
        }
        String file =
                model.findAttribute(Attributes.sourceFile())
                        .map(SourceFileAttribute::sourceFile)
                        .map(Object::toString)
                        .orElse("");
        String place = file.isEmpty() || line == 0 ? "" : " (" + file + ":" + line + ")";
        return new LambdaSource(
                place, names(lambda, bySlot), lambda.getCapturedArgCount(), List.copyOf(fields));
    }

    /** The captured values are the first parameters of the method that the lambda became. */
    private static List<String> names(SerializedLambda lambda, String[] bySlot) {
        List<String> names = new ArrayList<>();
        int slot = 0;
        if (lambda.getImplMethodKind() != MethodHandleInfo.REF_invokeStatic) {
            names.add("this");
            slot = 1;
        }
        for (ClassDesc type :
                MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature()).parameterList()) {
            names.add(slot < bySlot.length ? bySlot[slot] : null);
            slot += TypeKind.from(type).slotSize();
        }
        return names;
    }
}
