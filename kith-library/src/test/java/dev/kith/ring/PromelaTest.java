// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The models in src/test/promela, all of whose states spin visits: every order of the steps of all
 * parties, with every death. Each is also tried with a step left out, so that it is seen to find
 * what goes wrong then.
 */
@Timeout(180)
class PromelaTest {
    private static final Path MODELS = Path.of("src/test/promela").toAbsolutePath();

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"parking.pml, ''", "mpsc.pml, ''", "mpsc.pml, '-DSLOTS=2 -DMORE=1'"})
    void shouldFindNoWayToGoWrong(String model, String macros) throws Exception {
        assertThat(checked(model, macros)).contains("errors: 0").doesNotContain("truncated");
    }

    @ParameterizedTest
    @CsvSource({
        "parking.pml, -DNO_BARRIER",
        "parking.pml, -DNO_SECOND",
        "parking.pml, -DONE_NUMBER",
        "parking.pml, -DOWN_NUMBER",
        "parking.pml, -DNO_ALARM",
        "mpsc.pml, -DNOTE_LATE",
        "mpsc.pml, -DNOTES_FIRST",
        "mpsc.pml, -DNO_SECOND",
        "mpsc.pml, -DMORE=1 -DREUSE",
        "mpsc.pml, -DEND=4 -DLONGEST",
    })
    void shouldFindWhatGoesWrongWithoutAStep(String model, String macros) throws Exception {
        assertThat(checked(model, macros)).contains("assertion violated", "errors: 1");
    }

    /** What the checker of a model says. */
    private String checked(String model, String macros) throws Exception {
        assumeTrue(run("spin", "-V").contains("Spin Version"), "no spin on this machine");
        assumeTrue(run("gcc", "--version").contains("Free Software"), "no gcc on this machine");
        List<String> spin = new ArrayList<>(List.of("spin"));
        spin.addAll(macros.isEmpty() ? List.of() : List.of(macros.split(" ")));
        spin.addAll(List.of("-a", MODELS.resolve(model).toString()));
        assertThat(run(spin.toArray(String[]::new))).doesNotContain("Error");
        assertThat(run("gcc", "-O2", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c"))
                .doesNotContain("error");
        // -E: who was killed stands still for ever, which is no error.
        return run("./pan", "-E", "-m100000", "-w23");
    }

    private String run(String... command) throws InterruptedException, IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        try {
            Process process = builder.redirectErrorStream(true).start();
            byte[] said = process.getInputStream().readAllBytes();
            process.waitFor();
            return new String(said, StandardCharsets.UTF_8);
        } catch (IOException missing) {
            return "";
        }
    }
}
