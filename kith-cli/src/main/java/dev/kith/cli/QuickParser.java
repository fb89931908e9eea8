// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes apart what is written plainly, without the option library, whose loading costs more than
 * most commands.
 *
 * <p>It never complains: what it does not understand it leaves to {@link FullParser}, which
 * understands more and explains what is wrong. What both understand, both understand alike.
 */
final class QuickParser {
    private QuickParser() {}

    /** The arguments, or null if the other parser must have a look. */
    static Arguments parse(Usage usage, List<String> args) {
        List<String> words = new ArrayList<>();
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                words.addAll(args.subList(i + 1, args.size()));
                break;
            }
            if (!looksLikeOption(arg)) {
                words.add(arg);
                if (usage.passesOn()) {
                    words.addAll(args.subList(i + 1, args.size()));
                    break;
                }
                continue;
            }
            int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
            Option option = usage.option(equals < 0 ? arg : arg.substring(0, equals));
            if (option == null
                    || values.containsKey(option.name())
                    || equals >= 0 && !option.takesValue()) {
                return null;
            }
            String value = equals < 0 ? "" : arg.substring(equals + 1);
            if (option.takesValue() && equals < 0) {
                if (++i == args.size() || looksLikeOption(args.get(i))) {
                    return null;
                }
                value = args.get(i);
            }
            values.put(option.name(), value);
        }
        boolean enough = words.size() >= usage.least() && words.size() <= usage.most();
        return enough || values.containsKey(Option.HELP.name())
                ? new Arguments(words, values)
                : null;
    }

    /** A single dash is standard input, and a dash before a digit makes a negative number. */
    private static boolean looksLikeOption(String arg) {
        return arg.length() > 1 && arg.charAt(0) == '-' && !Character.isDigit(arg.charAt(1));
    }
}
