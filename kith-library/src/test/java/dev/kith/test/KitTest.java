// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is shipped to users must do with what users have. */
class KitTest {
    private static final Set<String> OTHERS =
            Set.of("org.junit.jupiter.api", "org.junit.jupiter.params", "org.assertj.core.api");

    @Test
    void shouldUseExportedPackagesOnly() throws Exception {
        URI classes =
                IpcException.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        ModuleDescriptor library;
        try (InputStream in = Files.newInputStream(Path.of(classes).resolve("module-info.class"))) {
            library = ModuleDescriptor.read(in);
        }
        Set<String> allowed =
                library.exports().stream()
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toCollection(TreeSet::new));
        allowed.add("dev.kith.test");
        Set<String> used = new TreeSet<>();
        for (Path file : shipped()) {
            for (var entry : ClassFile.of().parse(file).constantPool()) {
                if (entry instanceof ClassEntry type && !type.asInternalName().startsWith("[")) {
                    used.add(type.asSymbol().packageName());
                }
            }
        }
        assertThat(used).contains("dev.kith", "dev.kith.channel");
        used.removeIf(name -> name.startsWith("java.") || allowed.contains(name));
        used.removeIf(name -> OTHERS.stream().anyMatch(name::startsWith));
        assertThat(used).isEmpty();
    }

    /** As kith-library/pom.xml picks them. */
    private static Set<Path> shipped() throws IOException {
        Path here = Path.of(KitTest.class.getResource("KitTest.class").getPath()).getParent();
        try (Stream<Path> files = Files.list(here)) {
            return files.filter(file -> !file.toString().matches(".*Test(\\$.*)?\\.class"))
                    .filter(file -> !file.toString().endsWith("package-info.class"))
                    .collect(Collectors.toSet());
        }
    }
}
