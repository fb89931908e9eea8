// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private final Map<String, List<Take>> takes = new LinkedHashMap<>();

    @Test
    void shouldCompareWithTheBestOfTheOthersInTheSameRounds() {
        takes.put("Kith", takes(100, 210));
        takes.put("Agrona", takes(125, 250));
        takes.put("Aeron", takes(300, 300));

        Verdict verdict = verdict(0.9, 0.8);

        assertThat(verdict.other()).isEqualTo("Agrona");
        assertThat(verdict.ratio()).isEqualTo(new Spread((0.8 + 0.84) / 2, 0.8, 0.84, 2));
        assertThat(verdict.outcome()).isEqualTo("met");
        assertThat(verdict.limits()).isEqualTo("<= 0.90, target 0.80");
    }

    @Test
    void shouldSayWhatWasMissedAndWhatWasReached() {
        takes.put("Kith", takes(100));
        takes.put("Agrona", takes(100));

        assertThat(verdict(0.9, 0.8).outcome()).isEqualTo("MISSED");
        assertThat(verdict(1, 0).outcome()).isEqualTo("met");
        assertThat(verdict(1.2, 1).outcome()).isEqualTo("met, target too");
    }

    @Test
    void shouldNotJudgeWhatWasNotMeasured() {
        takes.put("Kith", takes(100));

        assertThat(Verdict.of(bar(1, 0), new Scores(takes))).isEmpty();
    }

    @Test
    void shouldNameTheDistance() {
        assertThat(List.of(0.0, 140.0, 290.0, 490.0))
                .extracting(Scores::distance)
                .containsExactly("same", "near", "between", "far");
    }

    private Verdict verdict(double required, double target) {
        return Verdict.of(bar(required, target), new Scores(takes)).orElseThrow();
    }

    private static Bar bar(double required, double target) {
        List<String> rivals = List.of("Agrona", "Aeron");
        return new Bar(List.of("Kith"), rivals, "p50", Sample::p50, required, target);
    }

    /** A round of its own for each. */
    private static List<Take> takes(long... p50s) {
        List<Take> takes = new ArrayList<>();
        for (long p50 : p50s) {
            Sample sample = new Sample(1, 64, p50, p50, p50, p50, p50, p50, p50);
            takes.add(new Take("", 0, takes.size(), sample, 140, 140));
        }
        return takes;
    }
}
