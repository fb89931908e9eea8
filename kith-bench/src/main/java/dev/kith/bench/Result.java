// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a cell gave while its CPUs were at one distance.
 *
 * @param cell what was compared
 * @param apartNanos the probe's median reading; 0 if it was not asked
 * @param dropped how many samples of the cell, at any distance, did not count because the CPUs were
 *     moved
 * @param parties the figures by party, in the order in which they took turns
 */
record Result(Cell cell, double apartNanos, int dropped, Map<String, Figures> parties) {
    /**
     * One party's figures, in nanoseconds.
     *
     * @param p50 of the samples' medians
     * @param p90 likewise
     * @param p99 likewise
     * @param p999 likewise
     * @param ratio its p50 by that of the first party in the same round; empty for the first party
     *     itself, and if no round has both
     * @param ratioP99 likewise with p99
     */
    record Figures(
            Spread p50,
            Spread p90,
            Spread p99,
            Spread p999,
            Optional<Spread> ratio,
            Optional<Spread> ratioP99) {}

    /**
     * How many rounds stand behind the ratios; where there is one party only, behind its figures.
     */
    int rounds() {
        return parties.values().stream()
                .skip(parties.size() > 1 ? 1 : 0)
                .map(figures -> parties.size() > 1 ? figures.ratio() : Optional.of(figures.p50()))
                .mapToInt(spread -> spread.map(Spread::count).orElse(0))
                .min()
                .orElseThrow();
    }

    /**
     * One result for each distance at which there was a round of all parties; the most frequent
     * first.
     */
    static List<Result> of(Cell cell, List<Take> takes) {
        int dropped = (int) takes.stream().filter(take -> !take.steady()).count();
        return groups(takes).stream().map(byParty -> of(cell, dropped, byParty)).toList();
    }

    /** The takes that count by party, a group for each distance; likewise. */
    static List<Map<String, List<Take>>> groups(List<Take> takes) {
        List<String> parties = takes.stream().map(Take::party).distinct().toList();
        return byDistance(takes.stream().filter(Take::steady).toList()).stream()
                .sorted(Comparator.comparingInt((List<Take> group) -> -group.size()))
                .map(group -> byParty(parties, group))
                .filter(byParty -> byParty.values().stream().noneMatch(List::isEmpty))
                .toList();
    }

    private static Map<String, List<Take>> byParty(List<String> parties, List<Take> group) {
        Map<String, List<Take>> byParty = new LinkedHashMap<>();
        for (String party : parties) {
            byParty.put(party, group.stream().filter(take -> take.party().equals(party)).toList());
        }
        return byParty;
    }

    private static Result of(Cell cell, int dropped, Map<String, List<Take>> byParty) {
        List<Take> first = byParty.values().iterator().next();
        Map<String, Figures> figures = new LinkedHashMap<>();
        byParty.forEach(
                (party, own) -> figures.put(party, figures(own, own == first ? List.of() : first)));
        List<Double> apart =
                byParty.values().stream().flatMap(List::stream).map(Take::apart).toList();
        return new Result(cell, Spread.of(apart).median(), dropped, figures);
    }

    private static Figures figures(List<Take> own, List<Take> first) {
        return new Figures(
                spread(own, Sample::p50),
                spread(own, Sample::p90),
                spread(own, Sample::p99),
                spread(own, Sample::p999),
                ratio(own, first, Sample::p50),
                ratio(own, first, Sample::p99));
    }

    private static Spread spread(List<Take> takes, ToDoubleFunction<Sample> figure) {
        return Spread.of(takes.stream().map(take -> figure.applyAsDouble(take.sample())).toList());
    }

    private static Optional<Spread> ratio(
            List<Take> own, List<Take> first, ToDoubleFunction<Sample> figure) {
        List<Double> ratios = new ArrayList<>();
        for (Take take : own) {
            for (Take other : first) {
                if (take.fork() == other.fork() && take.round() == other.round()) {
                    ratios.add(
                            figure.applyAsDouble(take.sample())
                                    / figure.applyAsDouble(other.sample()));
                }
            }
        }
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    /**
     * Groups in each of which any two readings of the probe that follow each other in size are
     * alike.
     */
    private static List<List<Take>> byDistance(List<Take> takes) {
        List<List<Take>> groups = new ArrayList<>();
        double last = Double.NaN;
        for (Take take : takes.stream().sorted(Comparator.comparingDouble(Take::apart)).toList()) {
            if (!Take.alike(last, take.apart())) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(take);
            last = take.apart();
        }
        return groups;
    }
}
