// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import java.util.List;

/**
 * Runs the commands that must start at once, one after the other, while Java records the classes
 * that they load: {@code ./kith} makes its cache so.
 */
final class Rehearsal {
    private Rehearsal() {}

    public static void main(String[] args) {
        String queue = "mq:/kith-rehearsal-" + ProcessHandle.current().pid();
        List<List<String>> commands =
                List.of(
                        List.of("--help"),
                        List.of("mechanisms"),
                        List.of("create", queue),
                        List.of("send", queue, "hello"),
                        List.of("ls"),
                        List.of("recv", queue, "--timeout", "1s"),
                        List.of("rm", queue),
                        // Its children start from the same cache.
                        List.of("pi", "--workers", "1", "--terms", "1000"));
        // Where one fails (a container without message queues, say) the others count all the same.
        Output out = new Output();
        commands.forEach(command -> Main.run(command, out));
    }
}
