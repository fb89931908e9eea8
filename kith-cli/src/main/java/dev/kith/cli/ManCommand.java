// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.channel.Transport;
import dev.kith.channel.Transports;

/** {@code kith man}. */
final class ManCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of("man", "", 0, 0, "print the manual page")
                .examples("kith man | man -l -", "kith man > ~/.local/share/man/man1/kith.1");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        StringBuilder page =
                new StringBuilder(".TH KITH 1\n.SH NAME\nkith \\- inter-process communication\n");
        page.append(".SH SYNOPSIS\n.B kith\n.I COMMAND\n[ARGUMENT...]\n.SH COMMANDS\n");
        for (Command command : Commands.all()) {
            command(command.usage(), page);
        }
        page.append(".SH MECHANISMS\nWhat a URI may be.\n");
        for (Transport transport : Transports.all()) {
            page.append(".TP\n.B ").append(escaped(transport.syntax())).append('\n');
            page.append(escaped(transport.summary())).append('\n');
        }
        page.append(".SH EXIT STATUS\n0 done, 1 failed or nothing found, 2 wrong usage\n");
        page.append(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nif set and not empty: no colour\n");
        page.append(".TP\n.B KITH_DEBUG\nif set: stack traces with the messages\n");
        out.line(page.toString().stripTrailing());
        return 0;
    }

    private static void command(Usage usage, StringBuilder page) {
        page.append(".SS ").append(escaped(Help.synopsis(usage))).append('\n');
        page.append(escaped(usage.summary())).append('\n');
        if (!usage.details().isEmpty()) {
            page.append(".PP\n").append(escaped(usage.details().strip())).append('\n');
        }
        for (Option option : usage.options()) {
            page.append(".TP\n.B ").append(escaped(Help.names(option))).append('\n');
            page.append(escaped(option.help())).append('\n');
        }
        page.append(".PP\n.nf\n");
        for (String example : usage.examples()) {
            page.append(escaped(example)).append('\n');
        }
        page.append(".fi\n");
    }

    /** A dash would become a hyphen, and a dot or quote at the start of a line a request. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
    }
}
