// SPDX-License-Identifier: Apache-2.0
package dev.kith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/** A JVM of another user without any privilege, for tests of what the kernel denies. */
public final class Nobody {
    private Nobody() {}

    /** Skips the test where there is no other user: before it makes what would be left. */
    public static void assumePossible() {
        assumeTrue(
                System.getProperty("user.name").equals("root"),
                "a process of another user cannot be made here");
    }

    /** Runs {@code main} to its end, which must be a good one; the lines that it printed. */
    public static List<String> run(Class<?> main, String... arguments) throws Exception {
        assumePossible();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "--bounding-set=-all"));
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> readable = new ArrayList<>(command);
        readable.addAll(List.of("ls", java));
        readable.addAll(List.of(ChildJvm.classPath().split(File.pathSeparator)));
        Process ls = new ProcessBuilder(readable).redirectErrorStream(true).start();
        ls.getInputStream().readAllBytes();
        assumeTrue(
                ls.waitFor() == 0,
                "a process of another user that can read the classes cannot be made here");
        command.addAll(
                List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        ChildJvm.classPath(),
                        main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        int status = process.waitFor();
        assertThat(status).as(lines.toString()).isZero();
        return lines;
    }
}
