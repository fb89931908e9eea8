// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rows of portability.tsv, whose head says what the columns are. */
final class PortabilityTable {
    private PortabilityTable() {}

    static List<Row> rows() throws IOException {
        try (InputStream in = PortabilityTable.class.getResourceAsStream("portability.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(PortabilityTable::row)
                    .toList();
        }
    }

    private static Row row(String line) {
        String[] cells = line.split("\t", -1);
        if (cells.length != 6) {
            throw new AssertionError(cells.length + " cells instead of 6: " + line);
        }
        return new Row(cells[0], cells[1], cells[2], List.of(cells[3], cells[4], cells[5]));
    }

    record Row(String field, String expression, String header, List<String> values) {
        boolean isOfField() {
            return !field.equals("-") && !isFunction();
        }

        boolean isFunction() {
            return expression.endsWith("()") && !expression.contains(" ");
        }

        boolean isRun() {
            return expression.startsWith("run ");
        }

        /** Whether the compiler knows it. */
        boolean isCompiled() {
            return !expression.equals("-") && !isFunction() && !isRun();
        }

        boolean isOfKernelHeader() {
            return header.startsWith("linux/") || header.startsWith("asm/");
        }

        /** Whether headers may be too old to have it. */
        boolean isRecent(Abi abi) {
            return values.get(abi.ordinal()).startsWith("~");
        }

        String value(Abi abi) {
            return values.get(abi.ordinal()).replaceFirst("~", "");
        }

        String label() {
            return field + " = " + expression;
        }
    }
}
