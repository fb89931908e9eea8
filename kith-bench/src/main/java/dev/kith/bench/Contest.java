// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets the parties take turns: probe, C, probe, Kith, probe, C, … so that whatever changes on the
 * machine meanwhile changes for all of them, and the ratio of one round is hardly touched by it.
 */
final class Contest {
    private final List<Party> parties;
    private final Settings settings;
    private final Probe probe;
    private final Consumer<String> progress;

    Contest(List<Party> parties, Settings settings, Probe probe, Consumer<String> progress) {
        this.parties = parties;
        this.settings = settings;
        this.probe = probe;
        this.progress = progress;
    }

    /** Every sample, also those that will not count. */
    List<Take> run(Cell cell) throws IOException, InterruptedException {
        return run(List.of(cell)).get(cell);
    }

    /**
     * Likewise of several cells, one after the other, that the same processes can measure: they
     * differ in the length of the messages.
     */
    Map<Cell, List<Take>> run(List<Cell> cells) throws IOException, InterruptedException {
        Map<Cell, List<Take>> takes = new LinkedHashMap<>();
        cells.forEach(cell -> takes.put(cell, new ArrayList<>()));
        for (int fork = 0; fork < settings.forks(); fork++) {
            progress.accept(cells + ": start " + (fork + 1) + " of " + settings.forks());
            Map<Party, Party.Pair> pairs = new LinkedHashMap<>();
            try {
                for (Party party : parties) {
                    Optional<Cell> first = cells.stream().filter(party::takesPartIn).findFirst();
                    if (first.isPresent()) {
                        Party.Pair pair = party.start(first.get());
                        pairs.put(party, pair);
                        pair.warmUp(first.get(), settings.warmUp());
                    }
                }
                for (Cell cell : cells) {
                    if (cell != cells.getFirst()) {
                        warmUpAgain(cell, pairs);
                    }
                    takeTurns(cell, fork, pairs, takes.get(cell));
                }
            } finally {
                pairs.values().forEach(Party.Pair::close);
            }
        }
        return takes;
    }

    /** What was compiled for messages of one length may be compiled anew for another. */
    private void warmUpAgain(Cell cell, Map<Party, Party.Pair> pairs)
            throws IOException, InterruptedException {
        for (Map.Entry<Party, Party.Pair> pair : pairs.entrySet()) {
            if (pair.getKey().takesPartIn(cell)) {
                pair.getValue().warmUp(cell, settings.warmUp().dividedBy(5));
            }
        }
    }

    /** Goes on until enough rounds are steady, but not for more than twice as many. */
    private void takeTurns(Cell cell, int fork, Map<Party, Party.Pair> pairs, List<Take> takes)
            throws IOException, InterruptedException {
        List<Party> there = pairs.keySet().stream().filter(each -> each.takesPartIn(cell)).toList();
        int wanted = settings.roundsIn(fork);
        int steady = 0;
        double before = probe.read(cell.placement());
        for (int round = 0; steady < wanted && round < 2 * wanted; round++) {
            boolean allSteady = true;
            for (Party party : there) {
                Sample sample = pairs.get(party).sample(cell, settings.sample());
                double after = probe.read(cell.placement());
                Take take = new Take(party.name(), fork, round, sample, before, after);
                takes.add(take);
                allSteady &= take.steady();
                before = after;
            }
            steady += allSteady ? 1 : 0;
        }
    }
}
