// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContestTest {
    private static final Cell CELL =
            new Cell(new Mechanism("pipe"), new Placement("cross", 0, 1), 64);

    private final List<String> happened = new ArrayList<>();

    @Test
    void shouldLetThePartiesTakeTurnsWithAProbeBetween() throws Exception {
        Contest contest = contest(2, 3, steadyProbe(), new Fake("C"), new Fake("Kith"));

        List<Take> takes = contest.run(CELL);

        assertThat(String.join(" ", happened))
                .isEqualTo(
                        "C+ Kith+ probe C probe Kith probe C probe Kith probe C- Kith-"
                                + " C+ Kith+ probe C probe Kith probe C- Kith-");
        assertThat(takes)
                .extracting(Take::party)
                .containsExactly("C", "Kith", "C", "Kith", "C", "Kith");
        assertThat(takes).extracting(Take::fork).containsExactly(0, 0, 0, 0, 1, 1);
    }

    @Test
    void shouldMeasureSeveralLengthsWithTheSameProcessesAndWarmUpForEach() throws Exception {
        Cell longer = new Cell(CELL.mechanism(), CELL.placement(), 128);
        Contest contest = contest(1, 1, steadyProbe(), new Fake("C"), new Fake("Kith"));

        Map<Cell, List<Take>> takes = contest.run(List.of(CELL, longer));

        assertThat(String.join(" ", happened))
                .isEqualTo(
                        "C+ Kith+ probe C probe Kith probe"
                                + " C warm Kith warm probe C probe Kith probe C- Kith-");
        assertThat(takes.keySet()).containsExactly(CELL, longer);
        assertThat(takes.get(longer)).extracting(Take::party).containsExactly("C", "Kith");
    }

    @Test
    void shouldMakeUpForARoundInWhichTheCpusWereMoved() throws Exception {
        List<Double> readings = new ArrayList<>(List.of(140.0, 490.0, 490.0, 490.0, 490.0));
        Contest contest =
                contest(1, 1, placement -> readings.removeFirst(), new Fake("C"), new Fake("Kith"));

        List<Take> takes = contest.run(CELL);

        assertThat(takes).extracting(Take::steady).containsExactly(false, true, true, true);
    }

    @Test
    void shouldGiveUpWhenTheCpusAreMovedAllTheTime() throws Exception {
        double[] reading = {1};
        Contest contest = contest(1, 4, placement -> reading[0] *= 2, new Fake("C"));

        assertThat(contest.run(CELL)).hasSize(8).noneMatch(Take::steady);
    }

    @Test
    void shouldEndTheProcessesThatWereStartedWhenAPartyFails() {
        Party failing =
                new Fake("Kith") {
                    @Override
                    public Pair start(Cell cell) throws IOException {
                        throw new IOException("no such transport");
                    }
                };
        Contest contest = contest(1, 1, steadyProbe(), new Fake("C"), failing);

        assertThatThrownBy(() -> contest.run(CELL)).hasMessage("no such transport");
        assertThat(happened).containsExactly("C+", "C-");
    }

    private Contest contest(int forks, int rounds, Probe probe, Party... parties) {
        Settings settings = new Settings(forks, rounds, Duration.ofMillis(1), Duration.ofMillis(1));
        return new Contest(List.of(parties), settings, probe, progress -> {});
    }

    private Probe steadyProbe() {
        return placement -> {
            happened.add("probe");
            return 140;
        };
    }

    /** Notes what it is asked to do. */
    private class Fake implements Party {
        private final String name;

        Fake(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean takesPartIn(Cell cell) {
            return true;
        }

        @Override
        public Pair start(Cell cell) throws IOException {
            happened.add(name + "+");
            return new Pair() {
                @Override
                public void warmUp(Cell cell, Duration time) {
                    if (cell != CELL) {
                        happened.add(name + " warm");
                    }
                }

                @Override
                public Sample sample(Cell cell, Duration time) {
                    happened.add(name);
                    return new Sample(1, 64, 1, 1, 1, 1, 1, 1, 1);
                }

                @Override
                public void close() {
                    happened.add(name + "-");
                }
            };
        }
    }
}
