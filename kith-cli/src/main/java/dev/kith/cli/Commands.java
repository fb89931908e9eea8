// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.List;
import java.util.StringJoiner;

/** The one list of commands: dispatch, help, the man page and completion walk it. */
final class Commands {
    private static final List<Command> ALL =
            List.of(
                    new SendCommand(),
                    new RecvCommand(),
                    new PeekCommand(),
                    new CreateCommand(),
                    new RmCommand(),
                    new ListenCommand(),
                    new ConnectCommand(),
                    new PiCommand(),
                    new LsCommand(),
                    new InfoCommand(),
                    new GcCommand(),
                    new MechanismsCommand(),
                    new ExampleCommand(),
                    new CompletionCommand(),
                    new ManCommand());

    private Commands() {}

    static List<Command> all() {
        return ALL;
    }

    static Command named(String name) {
        for (Command command : ALL) {
            if (command.usage().name().equals(name)) {
                return command;
            }
        }
        StringJoiner known = new StringJoiner(" ");
        for (Command command : ALL) {
            known.add(command.usage().name());
        }
        throw new IllegalArgumentException("no command " + name + ": known are " + known);
    }
}
