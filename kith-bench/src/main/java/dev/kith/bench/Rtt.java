// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Course.Flavour;
import dev.kith.bench.Course.How;
import dev.kith.bench.Course.Idle;
import dev.kith.bench.Course.Library;
import dev.kith.bench.Result.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** {@code rtt}: the round trip of a message, in two processes, through Kith's channel and in C. */
final class Rtt {
    static final String HELP =
            """
            rtt: the round trip of a message between two processes, Kith against C

              --mode MODE      rtt; or stream: the time of 1000 messages one way (rtt)
              --of LIST        channels, handles (what is below them) or both (channels)
              --via LIST       mechanisms with commas, or all (%s)
              --cpus LIST      same, cross, any: both processes on one CPU, on two, not pinned (same,cross)
              --on LIST        which CPUs to use: 0,1 (the first two that are allowed)
              --size N         bytes of a message, 8 to 8192 (64)
              --capacity N     bytes of the rings of --of handles --via shm (65536)
              --rounds N       how often C and Kith take turns (9)
              --forks N        how often the JVMs are started anew (3)
              --sample MS      how long a turn lasts (250)
              --warm-up MS     how long a new JVM runs before its first turn (2000)
              --quick          short turns and few: for a look, not for a claim
              --jvm FLAGS      more flags for the JVMs, with blanks between them
              --at-most RATIO  exit 1 if a ratio of medians is larger than that
              --report FILE    write everything, each sample too, as JSON
              --json           print the JSON instead of the table

            known mechanisms: %s
            """
                    .formatted(Mechanism.USUAL, String.join(" ", Mechanism.known()));

    private final List<Mechanism> mechanisms;
    private final List<Placement> placements;
    private final int bytes;
    private final int capacity;
    private final Cell.Mode mode;
    private final Settings settings;
    private final List<String> flags;
    private final List<String> of;

    private final List<Result> results = new ArrayList<>();
    private final Map<String, List<Take>> takes = new LinkedHashMap<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    private Rtt(Options options) {
        mechanisms = Mechanism.named(options.text("--via", Mechanism.USUAL));
        List<Integer> cpus =
                options.has("--on")
                        ? Machine.cpus(options.text("--on", ""))
                        : Machine.allowedCpus();
        placements =
                Placement.named(
                        options.text("--cpus", cpus.size() > 1 ? "same,cross" : "same"), cpus);
        bytes = options.number("--size", 64, 8, 8192);
        capacity = options.powerOfTwo("--capacity", Field.SMALL, Field.SMALL);
        mode =
                switch (options.text("--mode", "rtt")) {
                    case "rtt" -> Cell.Mode.RTT;
                    case "stream" -> Cell.Mode.STREAM;
                    default ->
                            throw new IllegalArgumentException(
                                    "--mode "
                                            + options.text("--mode", "")
                                            + ": known are rtt stream");
                };
        settings = Settings.of(options);
        flags = options.words("--jvm");
        of =
                switch (options.text("--of", Ping.CHANNELS)) {
                    case Ping.CHANNELS -> List.of(Ping.CHANNELS);
                    case Ping.HANDLES -> List.of(Ping.HANDLES);
                    case "both" -> List.of(Ping.HANDLES, Ping.CHANNELS);
                    default ->
                            throw new IllegalArgumentException(
                                    "--of "
                                            + options.text("--of", "")
                                            + ": known are channels handles both");
                };
    }

    /** Runs it; says whether all went well. */
    static boolean run(List<String> arguments) throws IOException, InterruptedException {
        List<String> known = new ArrayList<>(Settings.OPTIONS);
        known.addAll(
                List.of(
                        "--mode",
                        "--of",
                        "--via",
                        "--cpus",
                        "--on",
                        "--size",
                        "--capacity",
                        "--jvm",
                        "--at-most",
                        "--report"));
        Options options = new Options(arguments, known, List.of("--quick", "--json"));
        Rtt rtt = new Rtt(options);
        double atMost = options.ratio("--at-most", Double.MAX_VALUE);
        Report report = new Report("rtt", arguments, options);
        rtt.measure();
        report.put("settings", rtt.settings);
        report.put("jvmFlags", rtt.flags);
        report.put("results", rtt.results);
        report.put("failed", rtt.failed);
        report.put("takes", rtt.takes);
        report.finish(rtt.table(), report.noise().warnings(rtt.results, rtt.settings), rtt.failed);
        return rtt.failed.isEmpty()
                && rtt.results.stream().allMatch(result -> within(atMost, result));
    }

    private void measure() throws IOException, InterruptedException {
        Programs programs = Programs.inUsualFolder();
        List<Party> parties = new ArrayList<>(List.of(new CFloor(programs)));
        of.forEach(each -> parties.add(new KithJvms(each, flags)));
        if (of.contains(Ping.HANDLES)) {
            parties.add(rings("handle", Library.KITH, capacity));
        }
        parties.add(rings("Agrona", Library.AGRONA, Field.SMALL));
        parties.add(rings("Aeron", Library.AERON, 16 * Field.MIB));
        Contest contest = new Contest(parties, settings, Probe.inC(programs), Progress::show);
        for (Mechanism mechanism : mechanisms) {
            for (Placement placement : placements) {
                if (!mechanism.needsTwoCpus() || placement.crosses()) {
                    measure(contest, new Cell(mechanism, placement, bytes, mode));
                }
            }
        }
        Progress.clear();
    }

    private Party rings(String name, Library library, int capacity) {
        Course course = new Course(library, Flavour.ONE_TO_ONE, capacity, Idle.SPIN, How.CLAIM);
        return new JvmParty(name, course, JvmParty.withNativeAccess(flags));
    }

    private void measure(Contest contest, Cell cell) throws InterruptedException {
        try {
            List<Take> all = contest.run(cell);
            takes.put(cell.toString(), all);
            List<Result> found = Result.of(cell, all);
            results.addAll(found);
            if (found.isEmpty()) {
                failed.put(
                        cell.toString(),
                        "the probe read differently before and after every round; more --rounds");
            }
        } catch (IOException | RuntimeException e) {
            failed.put(cell.toString(), e.getMessage());
        }
    }

    /**
     * A column for the median of each party, one for its ratio if it has one, then the same of p99.
     */
    private String table() {
        Set<String> parties = new LinkedHashSet<>();
        results.forEach(result -> parties.addAll(result.parties().keySet()));
        List<String> titles = new ArrayList<>(List.of("via", "cpus", "apart", "rounds"));
        addTitles(titles, parties, "p50");
        addTitles(titles, parties, "p99");
        Table table = new Table(titles);
        for (Result result : results) {
            List<String> row = new ArrayList<>();
            row.add(result.cell().mechanism().name());
            row.add(result.cell().placement().name());
            row.add(result.apartNanos() == 0 ? "-" : Table.time(result.apartNanos()));
            row.add(Integer.toString(result.rounds()));
            addFigures(row, parties, result, Figures::p50, Figures::ratio);
            addFigures(row, parties, result, Figures::p99, Figures::ratioP99);
            table.row(row);
        }
        return table.toString();
    }

    private static void addTitles(List<String> titles, Set<String> parties, String figure) {
        String first = parties.isEmpty() ? "" : parties.iterator().next();
        for (String party : parties) {
            titles.add(party + " " + figure);
            if (!party.equals(first)) {
                titles.add("/ " + first);
            }
        }
    }

    private static void addFigures(
            List<String> row,
            Set<String> parties,
            Result result,
            Function<Figures, Spread> figure,
            Function<Figures, Optional<Spread>> ratio) {
        String first = parties.iterator().next();
        for (String party : parties) {
            Figures figures = result.parties().get(party);
            row.add(figures == null ? "-" : Table.time(figure.apply(figures).median()));
            if (!party.equals(first)) {
                row.add(figures == null ? "-" : Table.ratio(ratio.apply(figures)));
            }
        }
    }

    private static boolean within(double atMost, Result result) {
        return result.parties().values().stream()
                .allMatch(figures ->
                        figures.ratio().map(ratio -> ratio.median() <= atMost).orElse(true));
    }
}
