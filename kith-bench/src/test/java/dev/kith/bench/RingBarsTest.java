// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RingBarsTest {
    @TempDir private Path folder;

    @Test
    void shouldMeasureTheCostsAndReportThem() throws Exception {
        assumeTrue(Machine.allowedCpus().size() > 1, "needs two CPUs: --on");
        Path report = folder.resolve("report.json");

        assertThat(RingBars.run(List.of("--only", "cost", "--report", report.toString()))).isTrue();

        assertThat(Files.readString(report))
                .contains(
                        "\"party\": \"create a ring, open both ends\"",
                        "\"party\": \"a shm: channel in /dev/shm\"",
                        "\"party\": \"a message allocates: claim, drain\"",
                        "\"failed\": {}");
    }

    @Test
    void shouldLetAllPartiesTakeTurns() throws Exception {
        assumeTrue(Machine.allowedCpus().size() > 1, "needs two CPUs: --on");
        assumeTrue(ProgramsTest.isThere("cc"), "no C compiler: cc --version cannot be run");
        Path report = folder.resolve("report.json");

        RingBars.run(
                List.of(
                        "--only",
                        "ping",
                        "--forks",
                        "1",
                        "--rounds",
                        "1",
                        "--sample",
                        "10",
                        "--warm-up",
                        "10",
                        "--report",
                        report.toString()));

        // On a machine that does other work the probe may differ before and after: no finding then.
        assertThat(Files.readString(report))
                .contains("\"benchmark\": \"ring\"", "\"findings\": [", "\"capacity\": 16777216")
                .containsAnyOf("\"party\": \"Kith\"", "the probe read differently");
    }

    @Test
    void shouldSayWhichRowsAndOptionsThereAre() {
        assertThatThrownBy(() -> RingBars.run(List.of("--only", "ping,pigeon")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--only: no row pigeon: known are ping stream many broadcast large wake"
                                + " hybrid cost bare");
        assertThatThrownBy(() -> RingBars.run(List.of("--capacity", "100000")))
                .hasMessage("--capacity 100000: not a power of two");
        assertThatThrownBy(() -> RingBars.run(List.of("--capacity", "1")))
                .hasMessageContaining("--capacity 1: not a whole number from 65536 to 1073741824");
    }
}
