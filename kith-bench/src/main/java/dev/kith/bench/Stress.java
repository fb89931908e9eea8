// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code stress}: the hand-overs in shared memory under jcstress, in a JVM of its own. */
final class Stress {
    static final String HELP =
            """
            stress: what two processes hand over in shared memory, tried out millions of times (jcstress)

              --mode MODE      quick: all tests in less than a minute; default: longer, and compiled in more ways
              --only REGEX     the tests whose names match

            Prints what was seen and how often, and what it means. Exit 1 if something was seen that must not be.
            """;

    /** Native access, for futex and membarrier; one collector thread, as there are few CPUs. */
    private static final List<String> FLAGS =
            List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-XX:+UseSerialGC");

    /** Fewer at once than there are pieces of memory in the tests, which take turns. */
    private static final List<String> STRIDES = List.of("-strideSize", "16", "-strideCount", "16");

    private static final String RESULTS = "results";

    private static final List<String> QUICK =
            List.of("-m", "quick", "-f", "1", "-iters", "1", "-time", "300", "-sc", "false");

    private static final List<String> DEFAULT =
            List.of("-m", "default", "-f", "1", "-iters", "5", "-time", "1000");

    private Stress() {}

    /** Runs it; says whether nothing forbidden was seen. */
    static boolean run(List<String> arguments) throws IOException, InterruptedException {
        Options options = new Options(arguments, List.of("--mode", "--only"), List.of());
        String mode = options.text("--mode", "default");
        List<String> tests =
                switch (mode) {
                    case "quick" -> QUICK;
                    case "default" -> DEFAULT;
                    default ->
                            throw new IllegalArgumentException(
                                    "--mode " + mode + ": no such mode: known are quick default");
                };
        String classPath = System.getProperty("kith.bench.stress");
        if (classPath == null) {
            throw new IllegalArgumentException("stress: start it by kith-bench/run stress");
        }
        Path folder = Files.createTempDirectory("kith-stress-");
        try {
            String only = options.text("--only", "");
            int status = start(folder, classPath, tests, only);
            if (!Files.exists(folder.resolve(RESULTS))) {
                throw new IllegalArgumentException(
                        Runtime.getRuntime().availableProcessors() == 1
                                ? "stress: two processors are needed, there is one"
                                : "--only " + only + ": no test of that name");
            }
            return status == 0;
        } finally {
            remove(folder);
        }
    }

    /** What the harness writes goes into the folder. */
    private static int start(Path folder, String classPath, List<String> tests, String only)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", classPath, "org.openjdk.jcstress.Main"));
        command.addAll(tests);
        command.addAll(STRIDES);
        command.addAll(List.of("-af", "NONE", "-v", "-r", RESULTS, "-t", only));
        // To prepend them leaves the harness its own: it tries several ways to compile.
        String flags = tests == QUICK ? "-jvmArgs" : "-jvmArgsPrepend";
        command.addAll(List.of(flags, String.join(" ", FLAGS)));
        Process harness =
                new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start();
        try {
            return harness.waitFor();
        } finally {
            harness.descendants().forEach(ProcessHandle::destroy);
            harness.destroy();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
