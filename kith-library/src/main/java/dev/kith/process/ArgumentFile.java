// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@code @file} arguments of the java launcher: words between white space; quotes keep white
 * space together, in them a backslash escapes; {@code #} begins a comment.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/25/docs/specs/man/java.html">java, "Launcher
 *     argument files"</a>
 */
final class ArgumentFile {
    private ArgumentFile() {}

    /** The text of a file with these arguments. */
    static String text(List<String> arguments) {
        StringBuilder text = new StringBuilder();
        for (String argument : arguments) {
            text.append('"');
            for (int i = 0; i < argument.length(); i++) {
                char c = argument.charAt(i);
                switch (c) {
                    case '"', '\\' -> text.append('\\').append(c);
                    case '\n' -> text.append("\\n");
                    case '\r' -> text.append("\\r");
                    default -> text.append(c);
                }
            }
            text.append("\"\n");
        }
        return text.toString();
    }

    /** The arguments in a file, or in one of the variables that the launcher reads. */
    static List<String> parse(String text) {
        List<String> arguments = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c == '\\' && i + 1 < text.length()) {
                i = escape(text, i + 1, word);
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (Character.isWhitespace(c)) {
                if (word != null) {
                    arguments.add(word.toString());
                    word = null;
                }
            } else if (c == '#' && word == null) {
                i = endOfLine(text, i);
            } else {
                word = word == null ? new StringBuilder() : word;
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
        }
        if (word != null) {
            arguments.add(word.toString());
        }
        return arguments;
    }

    /** Reads what follows a backslash; returns the index of the last character read. */
    private static int escape(String text, int at, StringBuilder word) {
        char c = text.charAt(at);
        switch (c) {
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'f' -> word.append('\f');
            case '\n', '\r' -> {
                // A line that goes on: its indentation is not part of the word.
                int next = at;
                while (next + 1 < text.length() && Character.isWhitespace(text.charAt(next + 1))) {
                    next++;
                }
                return next;
            }
            default -> word.append(c);
        }
        return at;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }
}
