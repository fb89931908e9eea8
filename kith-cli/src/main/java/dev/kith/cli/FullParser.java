// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Takes apart every command line that follows the conventions, and says what is wrong with the
 * others.
 */
final class FullParser {
    private FullParser() {}

    static Arguments parse(Usage usage, List<String> args) {
        ParseResult result;
        try {
            result = commandLine(usage).parseArgs(args.toArray(String[]::new));
        } catch (ParameterException wrong) {
            throw wrong(usage, wrong.getMessage());
        }
        Map<String, String> values = new HashMap<>();
        for (OptionSpec option : result.matchedOptions()) {
            Object value = option.getValue();
            values.put(option.longestName(), value instanceof String text ? text : "");
        }
        List<String> words = words(result);
        if (!values.containsKey(Option.HELP.name())) {
            if (words.size() < usage.least()) {
                throw wrong(usage, "something is missing");
            }
            if (words.size() > usage.most()) {
                throw wrong(usage, "one too many: " + words.get(usage.most()));
            }
        }
        return new Arguments(words, values);
    }

    /** The command as the library knows it; completion is made from it too. */
    static CommandLine commandLine(Usage usage) {
        CommandSpec spec = CommandSpec.create().name(usage.name());
        spec.usageMessage().description(usage.summary());
        for (Option option : usage.allOptions()) {
            OptionSpec.Builder builder =
                    option.shortName().isEmpty()
                            ? OptionSpec.builder(option.name())
                            : OptionSpec.builder(option.name(), option.shortName());
            builder.description(option.help());
            if (option.takesValue()) {
                builder.arity("1").type(String.class).paramLabel(option.value());
            } else {
                builder.arity("0").type(boolean.class).usageHelp(option.equals(Option.HELP));
            }
            spec.addOption(builder.build());
        }
        // How many words there must be is checked here, not there: the message shall be the same
        // for all.
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel(usage.words())
                        .hidden(usage.most() == 0)
                        .build());
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setStopAtPositional(usage.passesOn());
    }

    private static List<String> words(ParseResult result) {
        List<String> words = new ArrayList<>();
        if (result.matchedPositionals().isEmpty()) {
            return words;
        }
        for (Object word : (List<?>) result.matchedPositional(0).getValue()) {
            words.add((String) word);
        }
        return words;
    }

    private static IllegalArgumentException wrong(Usage usage, String what) {
        return new IllegalArgumentException(
                usage.name() + ": " + what + "; usage: " + Help.synopsis(usage));
    }
}
