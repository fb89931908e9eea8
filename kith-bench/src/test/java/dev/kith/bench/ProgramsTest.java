// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ProgramsTest {
    @TempDir private static Path folder;

    private static Programs programs;

    @BeforeAll
    static void compile() {
        assumeTrue(isThere("cc"), "no C compiler: cc --version cannot be run");
        programs = new Programs(folder);
    }

    static Stream<String> names() {
        return Mechanism.IN_C.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldMeasureARoundTripInC(String name) throws Exception {
        Placement anywhere = new Placement("any", -1, -1);

        Sample sample =
                programs.sample(new Cell(new Mechanism(name), anywhere, 64), Duration.ofMillis(20));

        assertThat(sample.rounds()).isPositive();
        assertThat(sample.bytes()).isIn(8L, 64L);
        assertThat(
                        List.of(
                                sample.min(),
                                sample.p50(),
                                sample.p90(),
                                sample.p99(),
                                sample.p999(),
                                sample.max()))
                .isSorted();
    }

    @Test
    void shouldMeasureAStreamOfLongMessages() throws Exception {
        Cell cell = stream(1 << 20);

        Sample sample = Programs.sample(programs.compiled("copy"), cell, 0, Duration.ofMillis(20));

        assertThat(sample.rounds()).isPositive();
        assertThat(sample.bytes()).isEqualTo(1 << 20);
    }

    @Test
    void shouldCompileARingOfAnotherCapacity() throws Exception {
        Path ring = programs.compiled("shm", Map.of("CAPACITY", 8 << 20));

        assertThat(ring).isNotEqualTo(programs.compiled("shm"));
        assertThat(Programs.sample(ring, stream(1 << 20), 0, Duration.ofMillis(20)).rounds())
                .isPositive();
    }

    @Test
    void shouldMeasureHowLongAMessageIsOnItsWayToWhoSleeps() throws Exception {
        Sample sample =
                Programs.sample(
                        programs.compiled("futex"), stream(64), 1000, Duration.ofMillis(20));

        assertThat(sample.rounds()).isBetween(1L, 40L);
        assertThat(sample.min()).isPositive();
    }

    private static Cell stream(int bytes) {
        return new Cell(
                new Mechanism("shm"), new Placement("any", -1, -1), bytes, Cell.Mode.STREAM);
    }

    @Test
    void shouldLeaveNoQueueBehindWhenItIsStopped() throws Exception {
        List<String> before = queues();
        Process process =
                new ProcessBuilder(
                                programs.compiled("sysvmq").toString(), "64", "20000", "-1", "-1")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        while (queues().size() < before.size() + 2 && process.isAlive()) {
            Thread.sleep(5);
        }

        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(queues()).isEqualTo(before);
    }

    @Test
    void shouldEndWhenTheOtherSideIsKilled() throws Exception {
        Process process =
                new ProcessBuilder(programs.compiled("mq").toString(), "64", "20000", "-1", "-1")
                        .start();
        ProcessHandle other;
        while ((other = process.children().findFirst().orElse(null)) == null) {
            Thread.sleep(5);
        }

        other.destroyForcibly();

        assertThat(new String(process.getErrorStream().readAllBytes()))
                .contains("the other side has ended");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void shouldSayWhatTheProgramSaidWhenItFails() {
        Placement nowhere = new Placement("cross", 100_000, 100_001);

        assertThatThrownBy(() ->
                        programs.sample(
                                new Cell(new Mechanism("pipe"), nowhere, 64),
                                Duration.ofMillis(20)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pipe 64 20 100000 100001: exit 1: ")
                .hasMessageContaining("sched_setaffinity");
    }

    static boolean isThere(String command) {
        try {
            Process process =
                    new ProcessBuilder(command, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException | InterruptedException missing) {
            return false;
        }
    }

    /** The identifiers of the System V message queues. */
    private static List<String> queues() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/sysvipc/msg"))) {
            return lines.skip(1).map(line -> line.strip().split(" +")[1]).toList();
        }
    }
}
