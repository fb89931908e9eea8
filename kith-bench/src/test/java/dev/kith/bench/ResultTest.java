// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Cell CELL =
            new Cell(new Mechanism("pipe"), new Placement("cross", 0, 1), 64);

    @Test
    void shouldDivideWhatWasMeasuredInTheSameRound() {
        // Everything is twice as slow in the second round: the ratio does not see it.
        List<Result> results =
                Result.of(
                        CELL,
                        List.of(
                                take("C", 0, 1000, 140, 140),
                                take("Kith", 0, 1200, 140, 140),
                                take("C", 1, 2000, 140, 140),
                                take("Kith", 1, 2400, 140, 140),
                                take("C", 2, 1000, 140, 140),
                                take("Kith", 2, 1300, 140, 140)));

        assertThat(results).hasSize(1);
        Result.Figures kith = results.getFirst().parties().get("Kith");
        assertThat(kith.ratio()).contains(new Spread(1.2, 1.2, 1.3, 3));
        assertThat(kith.p50()).isEqualTo(new Spread(1300, 1200, 2400, 3));
        assertThat(results.getFirst().parties().get("C").ratio()).isEmpty();
        assertThat(results.getFirst().rounds()).isEqualTo(3);
    }

    @Test
    void shouldNotCountASampleDuringWhichTheCpusWereMoved() {
        List<Result> results =
                Result.of(
                        CELL,
                        List.of(
                                take("C", 0, 1000, 140, 490),
                                take("Kith", 0, 5000, 490, 140),
                                take("C", 1, 1000, 140, 145),
                                take("Kith", 1, 1100, 145, 150)));

        assertThat(results).hasSize(1);
        assertThat(results.getFirst().dropped()).isEqualTo(2);
        assertThat(results.getFirst().parties().get("Kith").ratio())
                .contains(new Spread(1.1, 1.1, 1.1, 1));
    }

    @Test
    void shouldKeepDistancesApartAndGiveTheMoreFrequentFirst() {
        List<Result> results =
                Result.of(
                        CELL,
                        List.of(
                                take("C", 0, 100, 140, 140),
                                take("Kith", 0, 200, 140, 140),
                                take("C", 1, 1000, 490, 500),
                                take("Kith", 1, 1000, 500, 510),
                                take("C", 2, 1000, 510, 500),
                                take("Kith", 2, 1000, 500, 490)));

        assertThat(results).extracting(Result::apartNanos).containsExactly(500.0, 140.0);
        assertThat(results)
                .extracting(result -> result.parties().get("Kith").ratio().orElseThrow().median())
                .containsExactly(1.0, 2.0);
        assertThat(results.getFirst().parties().keySet()).containsExactly("C", "Kith");
    }

    @Test
    void shouldGiveNothingForADistanceAtWhichAPartyHasNoSample() {
        List<Result> results =
                Result.of(
                        CELL, List.of(take("C", 0, 100, 140, 140), take("Kith", 0, 200, 500, 500)));

        assertThat(results).isEmpty();
    }

    @Test
    void shouldCountEverythingWhereThereIsNoDistance() {
        List<Result> results =
                Result.of(CELL, List.of(take("C", 0, 100, 0, 0), take("Kith", 0, 200, 0, 0)));

        assertThat(results).extracting(Result::apartNanos).containsExactly(0.0);
    }

    @Test
    void shouldFindTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9, 3));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9, 4));
    }

    private static Take take(String party, int round, long p50, double before, double after) {
        return new Take(
                party,
                0,
                round,
                new Sample(10, 64, 1, p50, p50, p50, p50, p50, p50),
                before,
                after);
    }
}
