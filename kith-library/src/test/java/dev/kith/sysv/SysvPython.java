// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Python with the module sysv_ipc: Debian's package python3-sysv-ipc is for /usr/bin/python3. */
final class SysvPython {
    private SysvPython() {}

    /** Starts a program. */
    static Process start(String program, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(interpreter(), "-c", program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** Runs a program to its end, which must be a good one; what it printed. */
    static String run(String program, Object... arguments)
            throws IOException, InterruptedException {
        Process process = start(program, arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("python ended with " + process.exitValue() + ": " + output);
        }
        return output.stripTrailing();
    }

    private static String interpreter() throws InterruptedException {
        for (String each : List.of("python3", "/usr/bin/python3")) {
            try {
                Process process =
                        new ProcessBuilder(each, "-c", "import sysv_ipc")
                                .redirectErrorStream(true)
                                .start();
                process.getInputStream().readAllBytes();
                if (process.waitFor() == 0) {
                    return each;
                }
            } catch (IOException missing) {
                // try the next
            }
        }
        assumeTrue(false, "no Python with sysv_ipc on this machine (apt install python3-sysv-ipc)");
        return "";
    }
}
