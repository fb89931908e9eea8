// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was given to a command, taken apart by one of the parsers.
 *
 * @param words what is no option, in its order
 * @param values by the name of the option; empty for one without a value
 */
record Arguments(List<String> words, Map<String, String> values) {
    String word(int index) {
        return words.get(index);
    }

    boolean has(Option option) {
        return values.containsKey(option.name());
    }

    Optional<String> text(Option option) {
        return Optional.ofNullable(values.get(option.name()));
    }

    /** The number given, or the other one. */
    long number(Option option, long otherwise, long least) {
        String given = values.get(option.name());
        if (given == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(given);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // said below
        }
        throw new IllegalArgumentException(
                option.name() + " " + given + ": not a whole number from " + least);
    }

    Optional<Duration> duration(Option option) {
        return text(option).map(given -> Durations.parse(option.name(), given));
    }

    /** Refuses options that contradict each other. */
    void atMostOneOf(Option... options) {
        Option first = null;
        for (Option option : options) {
            if (has(option)) {
                if (first != null) {
                    throw new IllegalArgumentException(
                            first.name()
                                    + " and "
                                    + option.name()
                                    + " contradict each other: give one of them");
                }
                first = option;
            }
        }
    }
}
