// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The compiled library, as files: the same whether the tests run as a module or on the class path.
 */
public final class Library {
    private Library() {}

    /** The folder of its classes. */
    static Path folder() {
        try {
            return Path.of(
                    IpcException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException notAPath) {
            throw new AssertionError(notAPath);
        }
    }

    /** Its classes, without module-info and package-info. */
    static List<ClassModel> classes() {
        try (Stream<Path> files = Files.walk(folder())) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.getFileName().toString().contains("-info."))
                    .sorted()
                    .map(Library::parse)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Its classes, loaded but not initialised. */
    public static List<Class<?>> types() {
        return classes().stream()
                .map(model -> model.thisClass().asInternalName().replace('/', '.'))
                .<Class<?>>map(Library::load)
                .toList();
    }

    /** What module-info says. */
    static ModuleDescriptor module() {
        try (InputStream in = Files.newInputStream(folder().resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Library.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
