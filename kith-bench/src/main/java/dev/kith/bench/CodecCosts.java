// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Coder.Cost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** {@code codec}: what it costs to make bytes of a value and a value of bytes. */
final class CodecCosts {
    static final String HELP =
            """
            codec: encoding and decoding a value with Codec.objects(), against Java serialisation

              --values LIST    with commas (%s)
              --rounds N, --forks N, --sample MS, --warm-up MS, --quick, --jvm FLAGS, --report FILE, --json
                               as above
              --at-most NANOS  exit 1 if Kith needs more for encoding and decoding [42, null, "hello"]
            """
                    .formatted(String.join(",", Coder.VALUES.keySet()));

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * What one codec needs for one value.
     *
     * @param codec its name
     * @param value its name
     * @param bytes that the value takes
     * @param encode nanoseconds
     * @param decode nanoseconds
     * @param both nanoseconds for one after the other
     * @param ratio of both by that of the first codec in the same round; empty for the first one
     */
    record Line(
            String codec,
            String value,
            long bytes,
            Spread encode,
            Spread decode,
            Spread both,
            Optional<Spread> ratio) {}

    private final List<String> values;
    private final Settings settings;
    private final List<String> flags;

    private CodecCosts(Options options) {
        values =
                List.of(
                        options.text("--values", String.join(",", Coder.VALUES.keySet()))
                                .split(","));
        for (String value : values) {
            if (!Coder.VALUES.containsKey(value)) {
                throw new IllegalArgumentException(
                        "--values: no value "
                                + value
                                + ": known are "
                                + String.join(" ", Coder.VALUES.keySet()));
            }
        }
        settings = Settings.of(options);
        flags = options.words("--jvm");
    }

    /** Runs it; says whether all went well. */
    static boolean run(List<String> arguments) throws IOException, InterruptedException {
        List<String> known = new ArrayList<>(Settings.OPTIONS);
        known.addAll(List.of("--values", "--jvm", "--at-most", "--report"));
        Options options = new Options(arguments, known, List.of("--quick", "--json"));
        CodecCosts costs = new CodecCosts(options);
        double atMost = options.ratio("--at-most", Double.MAX_VALUE);
        Report report = new Report("codec", arguments, options);
        List<Line> lines = new ArrayList<>();
        for (String value : costs.values) {
            lines.addAll(costs.measure(value));
        }
        Progress.clear();
        report.put("settings", costs.settings);
        report.put("jvmFlags", costs.flags);
        report.put("results", lines);
        report.finish(table(lines), report.noise().warnings(), Map.of());
        return lines.stream()
                .filter(line -> line.codec().equals("Kith") && line.value().equals("list"))
                .allMatch(line -> line.both().median() <= atMost);
    }

    /** Lets the codecs take turns, each in a JVM of its own. */
    private List<Line> measure(String value) throws IOException, InterruptedException {
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (int fork = 0; fork < settings.forks(); fork++) {
            Progress.show(value + ": start " + (fork + 1) + " of " + settings.forks());
            Map<String, Child> children = new LinkedHashMap<>();
            try {
                for (Coding coding : Coding.ALL) {
                    children.put(coding.name(), start(coding.name(), value));
                }
                for (Child child : children.values()) {
                    cost(child, settings.warmUp());
                }
                for (int round = 0; round < settings.roundsIn(fork); round++) {
                    for (Map.Entry<String, Child> child : children.entrySet()) {
                        costs.computeIfAbsent(child.getKey(), name -> new ArrayList<>())
                                .add(cost(child.getValue(), settings.sample()));
                    }
                }
            } finally {
                children.values().forEach(Child::close);
            }
        }
        List<Cost> first = costs.values().iterator().next();
        return costs.entrySet().stream()
                .map(own -> line(own.getKey(), value, own.getValue(), first))
                .toList();
    }

    private Child start(String codec, String value) throws IOException, InterruptedException {
        Child child =
                Child.java(codec + " " + value, -1, flags, Coder.class, List.of(codec, value));
        child.answer("ready", PATIENCE);
        return child;
    }

    private static Cost cost(Child child, Duration time) throws IOException, InterruptedException {
        child.order("run " + time.toMillis());
        return Cost.parse(child.answer(time.plus(PATIENCE)));
    }

    private static Line line(String codec, String value, List<Cost> own, List<Cost> first) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < own.size() && own != first; round++) {
            ratios.add(own.get(round).both() / first.get(round).both());
        }
        return new Line(
                codec,
                value,
                own.getFirst().bytes(),
                spread(own, Cost::encode),
                spread(own, Cost::decode),
                spread(own, Cost::both),
                ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios)));
    }

    private static Spread spread(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        return Spread.of(costs.stream().map(figure::applyAsDouble).toList());
    }

    private static String table(List<Line> lines) {
        Table table =
                new Table(List.of("value", "codec", "bytes", "encode", "decode", "both", "/ Java"));
        for (Line line : lines) {
            table.row(
                    List.of(
                            line.value(),
                            line.codec(),
                            Long.toString(line.bytes()),
                            Table.time(line.encode().median()),
                            Table.time(line.decode().median()),
                            Table.time(line.both().median()),
                            Table.ratio(line.ratio())));
        }
        return table.toString();
    }
}
