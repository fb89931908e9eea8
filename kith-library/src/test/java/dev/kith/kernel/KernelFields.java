// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The constants of the package, as they are on one ABI. */
final class KernelFields {
    private static final Set<Class<?>> KINDS =
            Set.of(byte.class, short.class, int.class, long.class, String.class);

    private KernelFields() {}

    /** The value by Class.FIELD; texts are quoted. */
    static Map<String, String> on(Abi abi) throws ReflectiveOperationException {
        // That of the tests keeps the values of this machine.
        Class.forName(Arch.class.getName());
        ClassLoader loader = new Fresh();
        System.setProperty("kith.abi", abi.property);
        try {
            Map<String, String> values = new TreeMap<>();
            for (String name : names()) {
                Class<?> type = Class.forName(name, false, loader);
                for (Field field : type.getDeclaredFields()) {
                    if (type != loader.loadClass(Arch.class.getName())
                            && Modifier.isStatic(field.getModifiers())
                            && Modifier.isFinal(field.getModifiers())
                            && KINDS.contains(field.getType())) {
                        field.setAccessible(true);
                        Object value = field.get(null);
                        values.put(
                                simple(name) + "." + field.getName(),
                                value instanceof String ? '"' + (String) value + '"' : "" + value);
                    }
                }
            }
            return values;
        } finally {
            System.clearProperty("kith.abi");
        }
    }

    /** A class as it is on another machine, initialised. */
    static Class<?> on(String property, Class<?> type) throws ReflectiveOperationException {
        Class.forName(Arch.class.getName());
        ClassLoader loader = new Fresh();
        System.setProperty("kith.abi", property);
        try {
            Class.forName(Arch.class.getName(), true, loader);
            return Class.forName(type.getName(), true, loader);
        } finally {
            System.clearProperty("kith.abi");
        }
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
    }

    private static List<String> names() {
        String all = Arch.class.getPackageName();
        try (Stream<Path> files = Files.list(folderOfPackage())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.contains("-info"))
                    .map(file -> all + "." + file.substring(0, file.length() - 6))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Path folderOfPackage() {
        return folder().resolve(Arch.class.getPackageName().replace('.', '/'));
    }

    private static Path folder() {
        try {
            return Path.of(Arch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException notAPath) {
            throw new AssertionError(notAPath);
        }
    }

    /** Has the package once more, so that its static fields are computed once more. */
    private static final class Fresh extends ClassLoader {
        Fresh() {
            super(Arch.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(Arch.class.getPackageName() + ".")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            Path file = folder().resolve(name.replace('.', '/') + ".class");
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException missing) {
                throw new ClassNotFoundException(name, missing);
            }
        }
    }
}
