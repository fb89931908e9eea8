// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The list is read from the class path; here the command itself is the program. */
@Timeout(60)
class ExampleTest {
    @TempDir private Path folder;

    @BeforeEach
    void list() throws IOException {
        Path list = folder.resolve("META-INF/kith/examples");
        Files.createDirectories(list.getParent());
        Files.writeString(
                list,
                """
                itself\tdev.kith.cli.Main\tthe command as its own example
                missing\tdev.kith.cli.Missing\tnot there

                """);
    }

    @Test
    void shouldListTheExamplesWithALineEach() {
        assertThat(Kith.runBeside(folder, "example"))
                .isEqualTo(
                        new Kith.Result(
                                0,
                                "itself   the command as its own example\nmissing  not there\n",
                                ""));
        assertThat(Kith.runBeside(folder, "example", "--json").out())
                .startsWith("[\n{\"name\":\"itself\",\"class\":\"dev.kith.cli.Main\",\"summary\":");
    }

    @Test
    void shouldRunAnExampleWithItsArgumentsUntouched() {
        Kith.Result result = Kith.runBeside(folder, "example", "itself", "example", "--json");

        assertThat(result.out()).startsWith("[\n{\"name\":\"itself\"");
        assertThat(result.status()).isZero();
    }

    @Test
    void shouldNameTheExamplesThereAreWhenAskedForAnother() {
        Kith.Result result = Kith.runBeside(folder, "example", "other");

        assertThat(result)
                .isEqualTo(
                        new Kith.Result(
                                2, "", "kith: no example other: known are itself missing\n"));
    }

    @Test
    void shouldSayThatThereAreNoneWhereTheirJarIsMissing() {
        Kith.Result result = Kith.run("example");

        assertThat(result.err()).contains("kith-examples.jar is missing").hasLineCount(1);
        assertThat(result.status()).isEqualTo(1);
    }
}
