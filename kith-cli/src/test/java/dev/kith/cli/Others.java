// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Programs that are no part of Kith and talk to it. */
final class Others {
    private Others() {}

    /** Runs a Python script to its end; skips the test where there is no Python. */
    static Kith.Result python(String script, String... args) {
        assumeTrue(exists("python3"), "python3 is not installed");
        List<String> command = new ArrayList<>(List.of("python3", "-c", script));
        command.addAll(List.of(args));
        return run(command);
    }

    static Kith.Result run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes());
            String err = new String(process.getErrorStream().readAllBytes());
            return new Kith.Result(process.waitFor(), out, err);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static boolean exists(String program) {
        return run(List.of("/bin/sh", "-c", "command -v " + program)).status() == 0;
    }
}
