// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        List<Party> there = parties.stream().filter(party -> party.takesPartIn(cell)).toList();
        List<Take> takes = new ArrayList<>();
        for (int fork = 0; fork < settings.forks(); fork++) {
            progress.accept(cell + ": start " + (fork + 1) + " of " + settings.forks());
            List<Party.Pair> pairs = new ArrayList<>();
            try {
                for (Party party : there) {
                    Party.Pair pair = party.start(cell);
                    pairs.add(pair);
                    pair.warmUp(settings.warmUp());
                }
                takeTurns(cell, fork, there, pairs, takes);
            } finally {
                for (Party.Pair pair : pairs) {
                    pair.close();
                }
            }
        }
        return takes;
    }

    /** Goes on until enough rounds are steady, but not for more than twice as many. */
    private void takeTurns(
            Cell cell, int fork, List<Party> there, List<Party.Pair> pairs, List<Take> takes)
            throws IOException, InterruptedException {
        int wanted = settings.roundsIn(fork);
        int steady = 0;
        double before = probe.read(cell.placement());
        for (int round = 0; steady < wanted && round < 2 * wanted; round++) {
            boolean allSteady = true;
            for (int i = 0; i < pairs.size(); i++) {
                Sample sample = pairs.get(i).sample(settings.sample());
                double after = probe.read(cell.placement());
                Take take = new Take(there.get(i).name(), fork, round, sample, before, after);
                takes.add(take);
                allSteady &= take.steady();
                before = after;
            }
            steady += allSteady ? 1 : 0;
        }
    }
}
