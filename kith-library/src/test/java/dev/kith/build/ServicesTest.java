// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Provides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whether the library is a module or on the class path, the same providers come in the same order.
 */
class ServicesTest {
    @Test
    void shouldNameTheSameProvidersInTheSameOrderInModuleInfoAndInMetaInfServices()
            throws IOException {
        Map<String, List<String>> provides =
                Library.module().provides().stream()
                        .collect(Collectors.toMap(Provides::service, Provides::providers));
        assertThat(files()).isEqualTo(provides);
    }

    /** The providers that META-INF/services names, by service. */
    private static Map<String, List<String>> files() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        Path folder = Library.folder().resolve("META-INF/services");
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                found.put(
                        file.getFileName().toString(),
                        Files.readAllLines(file).stream()
                                .map(line -> line.replaceFirst("#.*", "").strip())
                                .filter(line -> !line.isEmpty())
                                .toList());
            }
        }
        return found;
    }
}
