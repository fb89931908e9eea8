// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Finding.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code ring}: rings between processes, Kith against C, Agrona and Aeron. */
final class RingBars {
    static final String HELP =
            """
            ring: what is asked of Kith's rings, and what they and their rivals reach

              --only ROWS      with commas (%s)
              --capacity N     bytes of Kith's large rings; 64 KiB ones are measured as well (16777216)
              --on LIST        which CPUs to use: 0,1 (the first two that are allowed)
              --rounds N, --forks N, --sample MS, --warm-up MS, --quick, --jvm FLAGS, --report FILE, --json
                               as above; a turn lasts 100 ms, a new JVM runs 1500 ms before its first
            """
                    .formatted(String.join(",", Rows.KNOWN.keySet()));

    private static final Settings USUAL =
            new Settings(3, 9, Duration.ofMillis(100), Duration.ofMillis(1500));

    private RingBars() {}

    /** Runs it; says whether all went well: a bar that was missed is no failure. */
    static boolean run(List<String> arguments) throws IOException, InterruptedException {
        List<String> known = new ArrayList<>(Settings.OPTIONS);
        known.addAll(List.of("--only", "--capacity", "--on", "--jvm", "--report"));
        Options options = new Options(arguments, known, List.of("--quick", "--json"));
        Field field = field(options);
        List<Row> rows =
                Stream.of(
                                options.text("--only", String.join(",", Rows.KNOWN.keySet()))
                                        .split(",", -1))
                        .flatMap(name -> Rows.of(name, field).stream())
                        .toList();
        Report report = new Report("ring", arguments, options);
        List<Finding> findings = new ArrayList<>();
        Map<String, String> failed = new LinkedHashMap<>();
        for (Row row : rows) {
            try {
                List<Finding> found = row.measure();
                findings.addAll(found);
                if (found.isEmpty()) {
                    failed.put(
                            row.name(),
                            "the probe read differently before and after every round; more"
                                    + " --rounds");
                }
            } catch (IOException | RuntimeException e) {
                failed.put(row.name(), e.toString());
            }
        }
        Progress.clear();
        report.put("settings", field.settings());
        report.put("capacity", field.capacity());
        report.put("jvmFlags", field.flags());
        report.put("findings", findings);
        report.put("failed", failed);
        report.finish(table(findings), report.noise().warnings(), failed);
        return failed.isEmpty();
    }

    private static Field field(Options options) {
        int capacity = options.powerOfTwo("--capacity", 16 * Field.MIB, Field.SMALL);
        List<Integer> cpus =
                options.has("--on")
                        ? Machine.cpus(options.text("--on", ""))
                        : Machine.allowedCpus();
        Programs programs = Programs.inUsualFolder();
        return new Field(
                programs,
                Settings.of(options, USUAL),
                Placement.named("cross", cpus).getFirst(),
                Probe.inC(programs),
                capacity,
                options.words("--jvm"));
    }

    /** A line for each party, then one for each bar. */
    private static String table(List<Finding> findings) {
        Table table =
                new Table(
                        List.of(
                                "what", "apart", "rounds", "who", "median", "p99", "p99.9", "bar",
                                "verdict"));
        for (Finding finding : findings) {
            for (Figure figure : finding.figures()) {
                table.row(
                        List.of(
                                finding.what(),
                                apart(finding),
                                Integer.toString(finding.rounds()),
                                figure.party(),
                                figure.unit().of(figure.value().median()),
                                time(figure.p99()),
                                time(figure.p999()),
                                "",
                                ""));
            }
            for (Verdict verdict : finding.verdicts()) {
                table.row(
                        List.of(
                                finding.what() + ": " + verdict.figure(),
                                apart(finding),
                                Integer.toString(verdict.ratio().count()),
                                verdict.party() + " / " + verdict.other(),
                                Table.ratio(Optional.of(verdict.ratio())),
                                "",
                                "",
                                verdict.limits(),
                                verdict.outcome()));
            }
        }
        return table.toString();
    }

    private static String apart(Finding finding) {
        return finding.apartNanos() == 0
                ? "-"
                : String.format(Locale.ROOT, "%s %.0f", finding.distance(), finding.apartNanos());
    }

    private static String time(Optional<Spread> nanos) {
        return nanos.map(spread -> Table.time(spread.median())).orElse("");
    }
}
