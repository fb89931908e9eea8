// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

@Timeout(400)
class StressTest {
    private static final int RUNS = 3;

    @Test
    @EnabledIf("hasTwoProcessors")
    void shouldSeeNothingThatIsForbidden() throws Exception {
        Process command = stress("--mode", "quick");
        String said = text(command);
        // A busy machine may give a test no time: that is no result, and it is run again.
        for (int run = 1; run < RUNS && command.waitFor() != 0 && !isForbidden(said); run++) {
            command = stress("--mode", "quick");
            said = text(command);
        }
        assertThat(command.waitFor()).as(failures(said)).isZero();
        assertThat(said).contains("(Results: " + tests() + " planned; " + tests() + " passed");
        assertThat(leftBehind()).isEmpty();
    }

    /** What the fence is for: the harness sees what goes wrong where there is none, in some run. */
    @Test
    @EnabledIf("hasTwoProcessors")
    void shouldSeeWhatGoesWrongWithoutTheFence() throws Exception {
        Pattern lost = Pattern.compile("false, false +[1-9][0-9,]* .* Interesting");
        String said = "";
        for (int run = 0; run < 10 * RUNS && !lost.matcher(said).find(); run++) {
            said = text(stress("--mode", "quick", "--only", "ParkingWithoutFenceStress"));
        }
        assertThat(said).containsPattern("\\.+ \\[OK\\] dev.kith.memory.ParkingWithoutFenceStress");
        assertThat(said).containsPattern(lost);
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void shouldNameWhatItDoesNotKnow() {
        assertThatThrownBy(() -> Stress.run(List.of("--mode", "brief")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--mode brief: no such mode: known are quick default");
        assertThatThrownBy(() -> Stress.run(List.of("--loud")))
                .hasMessage("--loud: no such option: known are --mode --only ");
    }

    @Test
    void shouldSayThatNothingWasTried() throws Exception {
        Process command = stress("--mode", "quick", "--only", "NoSuchTest");
        assertThat(text(command)).contains("--only NoSuchTest: no test of that name");
        assertThat(command.waitFor()).isEqualTo(2);
    }

    /** The harness leaves out what it cannot run at once. */
    static boolean hasTwoProcessors() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }

    private static Process stress(String... arguments) throws Exception {
        List<String> command =
                Stream.concat(
                                Stream.of(
                                        System.getProperty("java.home") + "/bin/java",
                                        "-Dkith.bench.stress="
                                                + System.getProperty("java.class.path"),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Bench.class.getName(),
                                        "stress"),
                                Stream.of(arguments))
                        .toList();
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String text(Process process) throws Exception {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static boolean isForbidden(String said) {
        return said.contains("[FAILED]");
    }

    /** What it says from the first test on that has not passed, or else at its end. */
    private static String failures(String said) {
        Matcher failed = Pattern.compile("\\.+ \\[(?!OK])[A-Z ]+] dev\\.kith").matcher(said);
        return said.substring(failed.find() ? failed.start() : Math.max(0, said.length() - 3000));
    }

    /** How many there are: a line each in what the annotation processor has written. */
    private static int tests() throws Exception {
        Path list = Path.of(StressTest.class.getResource("/META-INF/TestList").toURI());
        return (int)
                Files.readString(list)
                        .lines()
                        .filter(Pattern.compile("Stress").asPredicate())
                        .count();
    }

    private static List<Path> leftBehind() throws Exception {
        try (Stream<Path> shared = Files.list(Path.of("/dev/shm"));
                Stream<Path> temporary =
                        Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return Stream.concat(shared, temporary)
                    .filter(each -> each.getFileName().toString().startsWith("kith-stress-"))
                    .toList();
        }
    }
}
