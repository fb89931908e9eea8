// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Finding.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A row for which parties take turns.
 *
 * @param what is measured, before the length of a message
 * @param unit of the figures
 * @param bars what is asked of a cell
 */
record ContestRow(
        String name,
        String what,
        Field field,
        List<Party> parties,
        List<Cell> cells,
        Unit unit,
        Bars bars)
        implements Row {
    /** The bars of a cell at a {@linkplain Scores#distance distance}. */
    interface Bars {
        List<Bar> of(Cell cell, String distance);
    }

    @Override
    public List<Finding> measure() throws IOException, InterruptedException {
        Contest contest = new Contest(parties, field.settings(), field.probe(), Progress::show);
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<Cell, List<Take>> taken : contest.run(cells).entrySet()) {
            for (Map<String, List<Take>> group : Result.groups(taken.getValue())) {
                findings.add(finding(taken.getKey(), new Scores(group)));
            }
        }
        return findings;
    }

    private Finding finding(Cell cell, Scores scores) {
        double apart = scores.apartNanos();
        String distance = Scores.distance(apart);
        List<Figure> figures =
                scores.takes().keySet().stream().map(party -> figure(cell, party, scores)).toList();
        List<Verdict> verdicts =
                bars.of(cell, distance).stream()
                        .flatMap(bar -> Verdict.of(bar, scores).stream())
                        .toList();
        int rounds = scores.takes().values().stream().mapToInt(List::size).min().orElseThrow();
        return new Finding(
                name, what + " " + size(cell.bytes()), distance, apart, rounds, figures, verdicts);
    }

    private Figure figure(Cell cell, String party, Scores scores) {
        if (unit == Unit.TIME) {
            return new Figure(
                    party,
                    unit,
                    scores.of(party, Sample::p50),
                    Optional.of(scores.of(party, Sample::p99)),
                    Optional.of(scores.of(party, Sample::p999)));
        }
        ToDoubleFunction<Sample> each =
                unit == Unit.BYTES
                        ? sample -> perMessage(sample) * Field.MIB / sample.bytes()
                        : ContestRow::perMessage;
        return new Figure(party, unit, scores.of(party, each), Optional.empty(), Optional.empty());
    }

    /** Of a stream: nanoseconds. */
    static double perMessage(Sample sample) {
        return sample.mean() / Sink.round((int) sample.bytes());
    }

    private static String size(int bytes) {
        return bytes < 65536 ? bytes + " B" : Field.size(bytes) + "iB";
    }
}
