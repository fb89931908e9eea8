// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON (RFC 8259) on one line: maps, lists, strings, numbers, truth values, null. */
final class Json {
    private Json() {}

    static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    /** A list with each element on a line of its own: a person and {@code grep} can read it too. */
    static String lines(Iterable<?> list) {
        StringBuilder text = new StringBuilder("[");
        for (Iterator<?> it = list.iterator(); it.hasNext(); ) {
            text.append('\n');
            write(it.next(), text);
            text.append(it.hasNext() ? "," : "\n");
        }
        return text.append(']').toString();
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> {
                text.append('{');
                for (Iterator<? extends Map.Entry<?, ?>> it = map.entrySet().iterator();
                        it.hasNext(); ) {
                    Map.Entry<?, ?> entry = it.next();
                    quote(String.valueOf(entry.getKey()), text);
                    text.append(':');
                    write(entry.getValue(), text);
                    text.append(it.hasNext() ? "," : "");
                }
                text.append('}');
            }
            case Iterable<?> list -> {
                text.append('[');
                for (Iterator<?> it = list.iterator(); it.hasNext(); ) {
                    write(it.next(), text);
                    text.append(it.hasNext() ? "," : "");
                }
                text.append(']');
            }
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> quote(value.toString(), text);
        }
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    // A lone surrogate is no UTF-8 and would be printed as a question mark.
                    if (c < 0x20 || c == 0x7f || Character.isSurrogate(c) && !isPaired(value, i)) {
                        text.append("\\u00".substring(0, 2));
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            text.append(Character.forDigit(c >> shift & 15, 16));
                        }
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean isPaired(String value, int index) {
        char c = value.charAt(index);
        return Character.isHighSurrogate(c)
                ? index + 1 < value.length() && Character.isLowSurrogate(value.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(value.charAt(index - 1));
    }
}
