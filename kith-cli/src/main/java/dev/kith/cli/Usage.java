// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * How a command is used: the one declaration from which both parsers, help, the man page and
 * completion are made.
 *
 * @param name of the command
 * @param words how its words are written: {@code URI [TEXT…]}
 * @param least the smallest number of words
 * @param most the largest number of words
 * @param passesOn whether everything after the first word belongs to somebody else
 * @param summary one line without a full stop
 * @param details what else there is to say
 * @param options without {@code --help}, which every command has
 * @param examples each can be pasted as it stands
 */
record Usage(
        String name,
        String words,
        int least,
        int most,
        boolean passesOn,
        String summary,
        String details,
        List<Option> options,
        List<String> examples) {
    static final int ANY = Integer.MAX_VALUE;

    static Usage of(String name, String words, int least, int most, String summary) {
        return new Usage(name, words, least, most, false, summary, "", List.of(), List.of());
    }

    Usage passingOn() {
        return new Usage(name, words, least, most, true, summary, details, options, examples);
    }

    Usage details(String text) {
        return new Usage(name, words, least, most, passesOn, summary, text, options, examples);
    }

    Usage options(Option... some) {
        return new Usage(
                name, words, least, most, passesOn, summary, details, List.of(some), examples);
    }

    Usage examples(String... lines) {
        return new Usage(
                name, words, least, most, passesOn, summary, details, options, List.of(lines));
    }

    /** The options, and {@code --help} as the last. */
    List<Option> allOptions() {
        List<Option> all = new ArrayList<>(options);
        all.add(Option.HELP);
        return all;
    }

    /** The option of that name, or null. */
    Option option(String given) {
        for (Option option : options) {
            if (option.isNamed(given)) {
                return option;
            }
        }
        return Option.HELP.isNamed(given) ? Option.HELP : null;
    }
}
