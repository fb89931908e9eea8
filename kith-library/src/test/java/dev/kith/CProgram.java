// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A C program as the other side of a test, compiled by gcc when the test runs. */
public final class CProgram {
    private final Path program;

    private CProgram(Path program) {
        this.program = program;
    }

    /** Compiles a program into a directory. */
    public static CProgram compile(Path directory, String source)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("program.c"), source);
        Path program = directory.resolve("program");
        Process gcc;
        try {
            gcc =
                    new ProcessBuilder("gcc", "-Wall", "-o", program.toString(), file.toString())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException missing) {
            assumeTrue(false, "no gcc on this machine");
            throw missing;
        }
        String said = text(gcc);
        if (gcc.waitFor() != 0) {
            throw new AssertionError("gcc: " + said);
        }
        return new CProgram(program);
    }

    /** Starts it; its stderr is this process's. */
    public Process start(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Runs it to its end, which must be a good one; what it printed, without the last newline. */
    public String run(Object... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String output = text(process);
        if (process.waitFor() != 0) {
            throw new AssertionError(
                    "the C program ended with " + process.exitValue() + " after: " + output);
        }
        return output.stripTrailing();
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
