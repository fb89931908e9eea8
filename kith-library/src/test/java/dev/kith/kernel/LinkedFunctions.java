// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the classes of the package ask Linkage for, read from their code. */
final class LinkedFunctions {
    private LinkedFunctions() {}

    /** Class and function, for example {@code SysMsg msgget()}. */
    static Set<String> names() throws Exception {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(KernelFields.folderOfPackage())) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.getFileName().toString().startsWith("Linkage"))
                    .forEach(file -> collect(file, names));
        }
        return names;
    }

    private static void collect(Path file, Set<String> names) {
        ClassModel type;
        try {
            type = ClassFile.of().parse(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        String owner = file.getFileName().toString().replaceAll("(\\$.*)?\\.class", "");
        type.methods().stream()
                .flatMap(method -> method.code().stream())
                .forEach(code -> {
                    String text = null;
                    for (var element : code) {
                        if (element instanceof ConstantInstruction constant
                                && constant.constantValue() instanceof String each) {
                            text = each;
                        } else if (element instanceof InvokeInstruction call
                                && call.owner().asInternalName().endsWith("/Linkage")
                                && !call.name().equalsString("failed")) {
                            boolean byNumber = call.name().equalsString("sleeping");
                            names.add(owner + " " + (byNumber ? "syscall" : text) + "()");
                        }
                    }
                });
    }
}
