// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What the parties of a cell reached while its CPUs were at one distance.
 *
 * @param takes that count, by party
 */
record Scores(Map<String, List<Take>> takes) {
    /** Between near, some 140 ns, and far, some 490 ns: see {@link Take}. */
    private static final double NEAR = 250;

    private static final double FAR = 350;

    /** The probe's median reading; 0 if it was not asked. */
    double apartNanos() {
        return Spread.of(takes.values().stream().flatMap(List::stream).map(Take::apart).toList())
                .median();
    }

    /** What the class of such a distance is called. */
    static String distance(double apartNanos) {
        if (apartNanos == 0) {
            return "same";
        }
        return apartNanos < NEAR ? "near" : apartNanos < FAR ? "between" : "far";
    }

    /** A figure of one party. */
    Spread of(String party, ToDoubleFunction<Sample> figure) {
        return Spread.of(
                takes.get(party).stream()
                        .map(take -> figure.applyAsDouble(take.sample()))
                        .toList());
    }

    /** A figure of one party by that of another in the same round; empty if no round has both. */
    Optional<Spread> ratio(String party, String other, ToDoubleFunction<Sample> figure) {
        List<Double> ratios = new ArrayList<>();
        for (Take mine : takes.get(party)) {
            for (Take theirs : takes.get(other)) {
                if (mine.fork() == theirs.fork() && mine.round() == theirs.round()) {
                    ratios.add(
                            figure.applyAsDouble(mine.sample())
                                    / figure.applyAsDouble(theirs.sample()));
                }
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    /** Which of some parties has the smallest figure; those that are not there are passed over. */
    Optional<String> best(List<String> parties, ToDoubleFunction<Sample> figure) {
        return parties.stream()
                .filter(takes::containsKey)
                .min(Comparator.comparingDouble(party -> of(party, figure).median()));
    }
}
