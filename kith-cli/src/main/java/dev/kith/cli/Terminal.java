// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person is looking, and whether in colour. */
final class Terminal {
    private Terminal() {}

    static boolean isStdout() {
        return isTerminal(1);
    }

    static boolean isStderr() {
        return isTerminal(2);
    }

    /** Whether it prints control sequences instead of obeying them. */
    static boolean isDumb() {
        return "dumb".equals(System.getenv("TERM"));
    }

    /**
     * The text in a colour of ISO 6429, if a person is looking and has not set NO_COLOR
     * (no-color.org).
     */
    static String coloured(boolean terminal, String colour, String text) {
        String noColor = System.getenv("NO_COLOR");
        boolean plain = !terminal || noColor != null && !noColor.isEmpty() || isDumb();
        return plain ? text : "\u001b[" + colour + "m" + text + "\u001b[0m";
    }

    /** Asks the link in /proc, which costs less than loading what {@code isatty} takes. */
    private static boolean isTerminal(int fd) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | RuntimeException closed) {
            return false;
        }
    }
}
