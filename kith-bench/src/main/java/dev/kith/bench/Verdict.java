// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * How a {@link Bar} was judged.
 *
 * @param party which was judged
 * @param other the measure
 * @param figure what of both
 * @param ratio of the two
 * @param required the largest that will do
 * @param target the ratio that is striven for; 0 if there is none
 */
record Verdict(
        String party, String other, String figure, Spread ratio, double required, double target) {
    /** Ratios are judged as they are shown, with two digits. */
    private static final double ROUNDING = 0.005;

    /** Judges; empty if a party is missing, or no round has both. */
    static Optional<Verdict> of(Bar bar, Scores scores) {
        Optional<String> party = scores.best(bar.parties(), bar.of());
        Optional<String> other = scores.best(bar.others(), bar.of());
        if (party.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        return scores.ratio(party.get(), other.get(), bar.of())
                .map(ratio ->
                        new Verdict(
                                party.get(),
                                other.get(),
                                bar.figure(),
                                ratio,
                                bar.required(),
                                bar.target()));
    }

    boolean isMet() {
        return ratio.median() < required + ROUNDING;
    }

    /** For the table. */
    String outcome() {
        if (required == Bar.ANY) {
            return "";
        }
        if (target == 0 || !isMet()) {
            return isMet() ? "met" : "MISSED";
        }
        return ratio.median() < target + ROUNDING ? "met, target too" : "met";
    }

    /** For the table. */
    String limits() {
        if (required == Bar.ANY) {
            return "";
        }
        String limit = String.format(Locale.ROOT, "<= %.2f", required);
        return target == 0 ? limit : limit + String.format(Locale.ROOT, ", target %.2f", target);
    }
}
