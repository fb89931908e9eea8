// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/** A line on the terminal, overwritten by the next; nothing where standard error is no terminal. */
final class Progress {
    private static final boolean TERMINAL =
            System.console() != null && System.console().isTerminal();
    private static final String CLEAR_LINE = "\r\u001b[K";

    private Progress() {}

    static void show(String what) {
        if (TERMINAL) {
            System.err.print(CLEAR_LINE + what);
        }
    }

    static void clear() {
        show("");
    }
}
