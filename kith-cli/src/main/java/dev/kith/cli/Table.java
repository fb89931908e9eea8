// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as their widest cell; the last column may be as long as it likes. */
final class Table {
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private boolean headed;

    /** A table without a heading. */
    Table() {}

    /** A table with a heading. */
    Table(String... heading) {
        rows.add(heading);
        headed = true;
    }

    void row(String... cells) {
        rows.add(cells);
    }

    /** The lines, each with its end. */
    @Override
    public String toString() {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            String line = line(rows.get(i), widths);
            text.append(headed && i == 0 ? Terminal.coloured(Terminal.isStdout(), "1", line) : line)
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.length; column++) {
            line.append(cells[column]);
            if (column < cells.length - 1) {
                line.repeat(' ', widths[column] - width(cells[column])).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    private int[] widths() {
        int columns = 0;
        for (String[] row : rows) {
            columns = Math.max(columns, row.length);
        }
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                widths[column] = Math.max(widths[column], width(row[column]));
            }
        }
        return widths;
    }

    /** How many columns of a terminal a text takes: an ideograph takes two. */
    private static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i++) {
            width += Character.isIdeographic(text.charAt(i)) ? 2 : 1;
        }
        return width;
    }
}
