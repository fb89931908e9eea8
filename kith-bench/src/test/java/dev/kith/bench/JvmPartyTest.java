// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class JvmPartyTest {
    private static final Placement ANYWHERE = new Placement("any", -1, -1);
    private static final Mechanism SHM = new Mechanism("shm");

    @ParameterizedTest
    @EnumSource(Library.class)
    void shouldMeasureRoundTripsOfTwoLengthsWithTheSameJvms(Library library) throws Exception {
        Cell eight = new Cell(SHM, ANYWHERE, 8);
        Cell more = new Cell(SHM, ANYWHERE, 100);
        List<Path> before = leftBehind();
        try (Party.Pair pair = party(library, Flavour.ONE_TO_ONE, How.CLAIM, 1, 1).start(eight)) {
            pair.warmUp(eight, Duration.ofMillis(5));

            assertThat(pair.sample(eight, Duration.ofMillis(20)).rounds()).isPositive();
            assertThat(pair.sample(more, Duration.ofMillis(20)).bytes()).isEqualTo(100);
        }
        assertThat(leftBehind()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "KITH, ONE_TO_ONE, CLAIM, 1, 1",
        "KITH, ONE_TO_ONE, OFFER, 1, 1",
        "KITH, ONE_TO_ONE, BATCH, 1, 1",
        "KITH, ONE_TO_ONE, EDGES, 1, 1",
        "KITH, MANY_TO_ONE, CLAIM, 2, 1",
        "KITH, BROADCAST, CLAIM, 1, 2",
        "AGRONA, ONE_TO_ONE, CLAIM, 1, 1",
        "AGRONA, MANY_TO_ONE, CLAIM, 2, 1",
        "AERON, ONE_TO_ONE, OFFER, 1, 1",
        "AERON, MANY_TO_ONE, CLAIM, 2, 1",
        "AERON, MANY_TO_ONE, SHARED_CLAIM, 2, 1",
        "AERON, BROADCAST, CLAIM, 1, 2",
    })
    void shouldMeasureStreams(Library library, Flavour flavour, How how, int sources, int sinks)
            throws Exception {
        Cell cell = new Cell(SHM, ANYWHERE, 64, Cell.Mode.STREAM);
        List<Path> before = leftBehind();
        try (Party.Pair pair = party(library, flavour, how, sources, sinks).start(cell)) {
            pair.warmUp(cell, Duration.ofMillis(5));

            Sample sample = pair.sample(cell, Duration.ofMillis(20));
            assertThat(sample.rounds()).isPositive();
            assertThat(sample.mean()).isPositive();
        }
        assertThat(leftBehind()).isEqualTo(before);
    }

    @Test
    void shouldMeasureHowLongAMessageIsOnItsWayToWhoSleeps() throws Exception {
        Cell cell = new Cell(SHM, ANYWHERE, 64, Cell.Mode.STREAM);
        Course course =
                new Course(Library.KITH, Flavour.ONE_TO_ONE, Field.SMALL, Idle.PARK, How.CLAIM);
        JvmParty sleeps = new JvmParty("Kith", course, JvmParty.withNativeAccess(List.of()));
        try (Party.Pair pair = sleeps.everyMicros(1000).start(cell)) {
            pair.warmUp(cell, Duration.ofMillis(5));

            Sample sample = pair.sample(cell, Duration.ofMillis(50));
            assertThat(sample.rounds()).isBetween(1L, 50L);
            assertThat(sample.min()).isPositive();
        }
    }

    @Test
    void shouldSendMessagesOfItsOwnLength() throws Exception {
        Cell cell = new Cell(SHM, ANYWHERE, 8);
        Course course =
                new Course(Library.KITH, Flavour.ONE_TO_ONE, Field.MIB, Idle.YIELD, How.EDGES);
        JvmParty edges = new JvmParty("Kith", course, JvmParty.withNativeAccess(List.of()));
        try (Party.Pair pair = edges.ofBytes(64 * 1024).start(cell)) {
            pair.warmUp(cell, Duration.ofMillis(5));

            assertThat(pair.sample(cell, Duration.ofMillis(20)).bytes()).isEqualTo(64 * 1024);
        }
    }

    @Test
    void shouldEndAndRemoveEverythingWhenTheDriverIsKilled() throws Exception {
        List<Path> before = leftBehind();
        Process driver =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Dkith.bench.programs="
                                        + System.getProperty("kith.bench.programs"),
                                Bench.class.getName(),
                                "ring",
                                "--only",
                                "ping",
                                "--warm-up",
                                "60000")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        while (leftBehind().equals(before) || driver.children().count() < 2) {
            assertThat(driver.isAlive()).isTrue();
            Thread.sleep(10);
        }
        List<ProcessHandle> jvms = driver.children().toList();

        driver.destroyForcibly();

        for (ProcessHandle jvm : jvms) {
            jvm.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(leftBehind()).isEqualTo(before);
    }

    /** Both sides yield: the tests run on few processors. */
    private static Party party(Library library, Flavour flavour, How how, int sources, int sinks) {
        Course course = new Course(library, flavour, Field.MIB, Idle.YIELD, how);
        return new JvmParty(library.name(), course, JvmParty.withNativeAccess(List.of()))
                .between(sources, sinks);
    }

    private static List<Path> leftBehind() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("kith-bench-"))
                    .sorted()
                    .toList();
        }
    }
}
