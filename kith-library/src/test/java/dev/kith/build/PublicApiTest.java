// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API changes only on purpose: it is a text file in the repository. */
class PublicApiTest {
    private static final Path FILE =
            Path.of(System.getProperty("basedir", ""), "api", "kith.txt").toAbsolutePath();

    @Test
    void shouldBeWhatTheFileSays() throws IOException {
        String now = new PublicApi().text();
        if (Boolean.getBoolean("kith.api.update")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, now);
        }
        List<String> changes =
                changes(Files.readString(FILE).lines().toList(), now.lines().toList());
        assertThat(changes)
                .withFailMessage(
                        "The public API differs from kith-library/api/kith.txt (- there, + here)."
                            + " If that is meant, write it down and commit the file with the"
                            + " change:\n"
                            + "  mvn -pl :kith test -Dtest=PublicApiTest -Dkith.api.update=true\n"
                            + "%s\n",
                        String.join("\n", changes))
                .isEmpty();
    }

    /** The lines that only one of the two has, each under the type that it belongs to. */
    private static List<String> changes(List<String> before, List<String> after) {
        List<String> changes = new ArrayList<>();
        List<String> gone = qualified(before);
        List<String> come = qualified(after);
        gone.stream()
                .filter(line -> !come.contains(line))
                .forEach(line -> changes.add("- " + line));
        come.stream()
                .filter(line -> !gone.contains(line))
                .forEach(line -> changes.add("+ " + line));
        return changes;
    }

    private static List<String> qualified(List<String> lines) {
        List<String> qualified = new ArrayList<>();
        String type = "";
        for (String line : lines) {
            if (line.startsWith(" ")) {
                qualified.add(type + " { " + line.strip() + " }");
            } else if (!line.isEmpty()) {
                type = line;
                qualified.add(line);
            }
        }
        return qualified;
    }
}
