// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Options of the form {@code --name value}, and flags of the form {@code --name}. */
final class Options {
    private final Map<String, String> given = new HashMap<>();

    /** Reads a command line that may have these options and flags and nothing else. */
    Options(List<String> arguments, List<String> options, List<String> flags) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (flags.contains(name)) {
                given.put(name, "");
            } else if (!options.contains(name)) {
                throw new IllegalArgumentException(
                        name
                                + ": no such option: known are "
                                + String.join(" ", options)
                                + " "
                                + String.join(" ", flags));
            } else if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + ": its value is missing");
            } else {
                given.put(name, arguments.get(++i));
            }
        }
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    String text(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    /** The words of a value, blanks between them. */
    List<String> words(String name) {
        String text = text(name, "").strip();
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    }

    int number(String name, int otherwise, int least, int most) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException not) {
            // said below
        }
        throw new IllegalArgumentException(
                name + " " + text + ": not a whole number from " + least + " to " + most);
    }

    int powerOfTwo(String name, int otherwise, int least) {
        int number = number(name, otherwise, least, 1 << 30);
        if (Integer.bitCount(number) != 1) {
            throw new IllegalArgumentException(name + " " + number + ": not a power of two");
        }
        return number;
    }

    double ratio(String name, double otherwise) {
        try {
            return has(name) ? Double.parseDouble(given.get(name)) : otherwise;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " " + given.get(name) + ": not a number", e);
        }
    }
}
