// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kith completion}. */
final class CompletionCommand implements Command {
    @Override
    public Usage usage() {
        return Usage.of("completion", "", 0, 0, "print the completion script for bash and zsh")
                .examples(
                        "source <(kith completion)",
                        "kith completion > ~/.local/share/bash-completion/completions/kith");
    }

    @Override
    public int run(Arguments arguments, Output out) {
        CommandLine kith = new CommandLine(CommandSpec.create().name("kith"));
        for (Command command : Commands.all()) {
            kith.addSubcommand(command.usage().name(), FullParser.commandLine(command.usage()));
        }
        out.line(AutoComplete.bash("kith", kith));
        return 0;
    }
}
