// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.bench.Finding.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What opening a channel costs, and what a message leaves for the collector. */
record CostRow(Field field) implements Row {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "cost";
    }

    @Override
    public List<Finding> measure() throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        try (Child other = start("other", Idler.class, List.of(Idler.RECEIVER));
                Child child = start("cost", Costs.class, full(other))) {
            for (Costs.Kind kind : Costs.Kind.values()) {
                String[] answer = child.answer(kind.name(), PATIENCE).split(" ");
                Spread value =
                        new Spread(
                                Double.parseDouble(answer[0]),
                                Double.parseDouble(answer[1]),
                                Double.parseDouble(answer[2]),
                                Integer.parseInt(answer[3]));
                figures.add(
                        new Figure(
                                kind.what(),
                                kind.unit(),
                                value,
                                Optional.empty(),
                                Optional.empty()));
                verdicts.add(verdict(kind, value));
            }
        }
        return List.of(new Finding(name(), "cost", "same", 0, 1, figures, verdicts));
    }

    private Child start(String name, Class<?> main, List<String> arguments) throws IOException {
        return Child.java(name, -1, field.flags(), main, arguments);
    }

    /** The name of a ring of another process that nobody sends to. */
    private static List<String> full(Child other) throws IOException, InterruptedException {
        return List.of(other.answer(PATIENCE) + Idler.FULL);
    }

    private static Verdict verdict(Costs.Kind kind, Spread value) {
        double unit = kind.limit() == 0 ? 1 : kind.limit();
        Spread ratio =
                new Spread(
                        value.median() / unit,
                        value.least() / unit,
                        value.most() / unit,
                        value.count());
        String other =
                kind.limit() == 0
                        ? "1 B"
                        : kind.unit() == Unit.TIME
                                ? Table.time(kind.limit())
                                : String.format(Locale.ROOT, "%.0f KiB", kind.limit() / 1024);
        return new Verdict(kind.what(), other, "limit", ratio, kind.limit() == 0 ? 0 : 1, 0);
    }
}
