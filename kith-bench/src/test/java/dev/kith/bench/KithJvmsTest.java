// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class KithJvmsTest {
    @TempDir private Path temp;

    private KithJvms kith;

    static Stream<Mechanism> mechanisms() {
        return Mechanism.named("all").stream()
                .filter(mechanism -> mechanism.transport().isPresent());
    }

    @BeforeEach
    void keepFilesTogether() {
        kith = new KithJvms(Ping.CHANNELS, List.of("-Djava.io.tmpdir=" + temp));
    }

    @ParameterizedTest
    @MethodSource("mechanisms")
    void shouldMeasureARoundTripBetweenTwoJvms(Mechanism mechanism) throws Exception {
        Cell cell = new Cell(mechanism, new Placement("any", -1, -1), 64);
        try (Party.Pair pair = kith.start(cell)) {
            pair.warmUp(cell, Duration.ofMillis(5));

            assertThat(pair.sample(cell, Duration.ofMillis(20)).rounds()).isPositive();
            assertThat(pair.sample(cell, Duration.ofMillis(20)).bytes()).isEqualTo(64);
        }
        assertThat(leftBehind()).isEmpty();
    }

    static Stream<Mechanism> handles() {
        return Mechanism.known().stream().map(Mechanism::new).filter(HandleWire::knows);
    }

    @ParameterizedTest
    @MethodSource("handles")
    void shouldMeasureARoundTripOfHandles(Mechanism mechanism) throws Exception {
        Cell cell = new Cell(mechanism, new Placement("any", -1, -1), 64);
        KithJvms below = new KithJvms(Ping.HANDLES, List.of("-Djava.io.tmpdir=" + temp));
        Set<String> before = sharedMemory();
        try (Party.Pair pair = below.start(cell)) {
            pair.warmUp(cell, Duration.ofMillis(5));

            assertThat(pair.sample(cell, Duration.ofMillis(20)).rounds()).isPositive();
            assertThat(pair.sample(cell, Duration.ofMillis(20)).bytes()).isEqualTo(64);
        }
        assertThat(leftBehind()).isEmpty();
        assertThat(sharedMemory()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix", "pipe", "unix+dgram"})
    void shouldPinEveryThreadOfBothToTheCpuAskedFor(String mechanism) throws Exception {
        assumeTrue(ProgramsTest.isThere("taskset"), "no taskset: it is part of util-linux");
        int first = Machine.allowedCpus().getFirst();
        int last = Machine.allowedCpus().getLast();
        Cell cell = new Cell(new Mechanism(mechanism), new Placement("cross", first, last), 64);
        List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
        try (Party.Pair pair = kith.start(cell)) {
            pair.warmUp(cell, Duration.ofMillis(5));

            List<ProcessHandle> started =
                    ProcessHandle.current()
                            .descendants()
                            .filter(process -> !others.contains(process))
                            .toList();
            Set<String> cpus = new HashSet<>();
            for (ProcessHandle jvm : started) {
                assertThat(cpusOfThreads(jvm)).hasSize(1);
                cpus.addAll(cpusOfThreads(jvm));
            }
            assertThat(started).hasSize(2);
            assertThat(cpus).containsOnly(Integer.toString(first), Integer.toString(last));
        }
    }

    @Test
    void shouldEndAndRemoveEverythingWhenTheDriverIsKilled() throws Exception {
        Process driver =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Dkith.bench.programs="
                                        + System.getProperty("kith.bench.programs"),
                                Bench.class.getName(),
                                "rtt",
                                "--via",
                                "fifo",
                                "--cpus",
                                "any",
                                "--warm-up",
                                "60000",
                                "--jvm",
                                "-Djava.io.tmpdir=" + temp)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        while (leftBehind().isEmpty() || driver.children().count() < 2) {
            assertThat(driver.isAlive()).isTrue();
            Thread.sleep(10);
        }
        List<ProcessHandle> jvms = driver.children().toList();

        driver.destroyForcibly();

        for (ProcessHandle jvm : jvms) {
            jvm.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(leftBehind()).isEmpty();
    }

    private static Set<String> sharedMemory() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return Set.copyOf(files.map(Path::toString).toList());
        }
    }

    private static Set<String> cpusOfThreads(ProcessHandle process) throws Exception {
        String tasks = "/proc/" + process.pid() + "/task/*/status";
        String command = "grep -h Cpus_allowed_list " + tasks + " | cut -f 2";
        return Set.copyOf(Programs.run(List.of("sh", "-c", command)).lines().distinct().toList());
    }

    private List<Path> leftBehind() throws Exception {
        try (Stream<Path> files = Files.list(temp)) {
            return files.filter(file -> file.getFileName().toString().startsWith("kith-bench-"))
                    .toList();
        }
    }
}
