// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Columns for people: the first on the left, numbers on the right. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<String> titles) {
        rows.add(List.copyOf(titles));
    }

    void row(List<String> values) {
        rows.add(List.copyOf(values));
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                int pad = widths[i] - row.get(i).length();
                line.repeat(' ', i == 0 ? 0 : pad + 2)
                        .append(row.get(i))
                        .repeat(' ', i == 0 ? pad : 0);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** A time that people can read. */
    static String time(double nanos) {
        return nanos < 1000
                ? String.format(Locale.ROOT, "%.0f ns", nanos)
                : String.format(Locale.ROOT, "%.2f us", nanos / 1000);
    }

    /** A ratio with the smallest and the largest one. */
    static String ratio(Optional<Spread> ratio) {
        return ratio.map(Table::ratio).orElse("-");
    }

    private static String ratio(Spread ratio) {
        String format = ratio.median() < 0.1 ? "%.3f (%.3f..%.3f)" : "%.2f (%.2f..%.2f)";
        return String.format(Locale.ROOT, format, ratio.median(), ratio.least(), ratio.most());
    }
}
