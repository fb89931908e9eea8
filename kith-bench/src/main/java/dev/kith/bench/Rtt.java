// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code rtt}: the round trip of a message, in two processes, through Kith's channel and in C. */
final class Rtt {
    static final String HELP =
            """
            rtt: the round trip of a message between two processes, Kith's Channel against C

              --via LIST       mechanisms with commas, or all (%s)
              --cpus LIST      same, cross, any: both processes on one CPU, on two, not pinned (same,cross)
              --on LIST        which CPUs to use: 0,1 (the first two that are allowed)
              --size N         bytes of a message, 8 to 8192 (64)
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
                    .formatted(
                            Mechanism.USUAL,
                            String.join(" ", Mechanism.ALL.stream().map(Mechanism::name).toList()));

    private final List<Mechanism> mechanisms;
    private final List<Placement> placements;
    private final int bytes;
    private final Settings settings;
    private final List<String> flags;

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
        Settings usual = options.has("--quick") ? Settings.QUICK : Settings.USUAL;
        settings =
                new Settings(
                        options.number("--forks", usual.forks(), 1, 100),
                        options.number("--rounds", usual.rounds(), 1, 1000),
                        millis(options, "--sample", usual.sample()),
                        millis(options, "--warm-up", usual.warmUp()));
        flags =
                options.has("--jvm")
                        ? List.of(options.text("--jvm", "").strip().split("\\s+"))
                        : List.of();
    }

    /** Runs it; says whether all went well. */
    static boolean run(List<String> arguments) throws IOException, InterruptedException {
        Options options =
                new Options(
                        arguments,
                        List.of(
                                "--via",
                                "--cpus",
                                "--on",
                                "--size",
                                "--rounds",
                                "--forks",
                                "--sample",
                                "--warm-up",
                                "--jvm",
                                "--at-most",
                                "--report"),
                        List.of("--quick", "--json"));
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
        List<Party> parties = List.of(new CFloor(programs), new KithChannels(flags));
        Contest contest = new Contest(parties, settings, Probe.inC(programs), Progress::show);
        for (Mechanism mechanism : mechanisms) {
            for (Placement placement : placements) {
                if (!mechanism.twoCpus() || placement.crosses()) {
                    measure(contest, new Cell(mechanism, placement, bytes));
                }
            }
        }
        Progress.clear();
    }

    private void measure(Contest contest, Cell cell) throws InterruptedException {
        try {
            List<Take> all = contest.run(cell);
            takes.put(cell.toString(), all);
            List<Result> found = Result.of(cell, all);
            results.addAll(found);
            if (found.isEmpty()) {
                failed.put(
                        cell.toString(), "the CPUs were moved during every round; more --rounds");
            }
        } catch (IOException | RuntimeException e) {
            failed.put(cell.toString(), e.getMessage());
        }
    }

    private String table() {
        Table table =
                new Table(
                        "via",
                        "cpus",
                        "apart",
                        "C p50",
                        "Kith p50",
                        "Kith/C p50",
                        "C p99",
                        "Kith p99",
                        "Kith/C p99",
                        "rounds");
        for (Result result : results) {
            Result.Figures c = result.parties().get("C");
            Result.Figures kith = result.parties().get("Kith");
            table.row(
                    result.cell().mechanism().name(),
                    result.cell().placement().name(),
                    result.apartNanos() == 0 ? "-" : Table.time(result.apartNanos()),
                    Table.time(c.p50().median()),
                    kith == null ? "-" : Table.time(kith.p50().median()),
                    kith == null ? "-" : Table.ratio(kith.ratio()),
                    Table.time(c.p99().median()),
                    kith == null ? "-" : Table.time(kith.p99().median()),
                    kith == null ? "-" : Table.ratio(kith.ratioP99()),
                    Integer.toString((kith == null ? c : kith).p50().count()));
        }
        return table.toString();
    }

    private static boolean within(double atMost, Result result) {
        return result.parties().values().stream()
                .allMatch(figures ->
                        figures.ratio().map(ratio -> ratio.median() <= atMost).orElse(true));
    }

    private static Duration millis(Options options, String name, Duration otherwise) {
        return Duration.ofMillis(options.number(name, (int) otherwise.toMillis(), 1, 60_000));
    }
}
