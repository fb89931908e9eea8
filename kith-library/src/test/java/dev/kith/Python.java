// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Python program as the other side of a test. */
public final class Python {
    private Python() {}

    /** Starts {@code python3 -c program arguments}; its stderr is this process's. */
    public static Process start(String program, String... arguments) throws IOException {
        // Asked before: that it cannot be started, with a zero in an argument say, is no reason.
        assumeTrue(isThere(), "no python3 on this machine");
        List<String> command = new ArrayList<>(List.of("python3", "-c", program));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static boolean isThere() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
    }

    /** Runs it to its end, which must be a good one; what it printed. */
    public static String run(String program, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(program, arguments);
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(
                    "python3 ended with " + process.exitValue() + " after: " + output);
        }
        return output;
    }
}
