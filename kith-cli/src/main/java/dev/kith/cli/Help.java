// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

/** The help texts, made from the list of commands. */
final class Help {
    private static final String INDENT = "  ";

    private Help() {}

    /** What {@code kith --help} prints. */
    static String overview() {
        Table commands = new Table();
        for (Command command : Commands.all()) {
            Usage usage = command.usage();
            commands.row(INDENT + usage.name(), usage.summary());
        }
        return """
        kith: inter-process communication, every way two processes can talk

        usage: kith COMMAND [ARGUMENT…]      kith COMMAND --help says more

        """
                + commands
                + """

                examples:
                  kith create mq:/hello && kith send mq:/hello 'Hello!' && kith recv mq:/hello && kith rm mq:/hello
                  kith mechanisms

                options: -h, --help   -V, --version
                exit status: 0 done, 1 failed or nothing found, 2 wrong usage\
                """;
    }

    /** What {@code kith COMMAND --help} prints. */
    static String of(Usage usage) {
        StringBuilder text = new StringBuilder();
        text.append("kith ")
                .append(usage.name())
                .append(": ")
                .append(usage.summary())
                .append("\n\nusage: ");
        text.append(synopsis(usage)).append('\n');
        if (!usage.examples().isEmpty()) {
            text.append("\nexamples:\n");
            for (String example : usage.examples()) {
                text.append(INDENT).append(example).append('\n');
            }
        }
        if (!usage.details().isEmpty()) {
            text.append('\n').append(usage.details().strip()).append('\n');
        }
        Table options = new Table();
        for (Option option : usage.allOptions()) {
            options.row(INDENT + names(option), option.help());
        }
        return text.append("\noptions:\n").append(options).toString().stripTrailing();
    }

    /** {@code kith recv URI [-n N] [--json]}. */
    static String synopsis(Usage usage) {
        StringBuilder text = new StringBuilder("kith ").append(usage.name());
        if (!usage.words().isEmpty()) {
            text.append(' ').append(usage.words());
        }
        for (Option option : usage.options()) {
            boolean brief = option.takesValue() && !option.shortName().isEmpty();
            String name = brief ? option.shortName() : option.name();
            text.append(" [").append(name);
            if (option.takesValue()) {
                text.append(' ').append(option.value());
            }
            text.append(']');
        }
        return text.toString();
    }

    static String names(Option option) {
        String names =
                option.shortName().isEmpty()
                        ? option.name()
                        : option.shortName() + ", " + option.name();
        return option.takesValue() ? names + " " + option.value() : names;
    }
}
