// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import dev.kith.Peer;
import dev.kith.posix.Pipe;
import dev.kith.posix.PipeReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which the parent of a worker may have been started. */
@Timeout(60)
class WorkerParentTest {
    private static final String SCRIPT =
            """
            import dev.kith.process.*;
            import java.util.List;

            public class Script {
                record Pair(int left, int right) {}

                static class Odd extends Exception {
                    Odd(String message) {
                        super(message);
                    }
                }

                public static void main(String[] arguments) throws Exception {
                    Pair pair = new Pair(6, 7);
                    try (Worker worker = Worker.start()) {
                        System.out.println(worker.run(() -> Helper.multiply(pair)));
                        System.out.println(worker.run(() -> new Pair(pair.right(), pair.left())));
                        System.out.println(worker.run(() -> Worker.start(() -> pair.left()).result()));
                        try {
                            worker.run(() -> { throw new Odd("odd"); });
                        } catch (TaskFailed failed) {
                            System.out.println(failed.getCause() + " at "
                                    + failed.getCause().getStackTrace()[0].getLineNumber());
                        }
                    }
                }
            }

            class Helper {
                static List<Integer> multiply(Script.Pair pair) {
                    return List.of(pair.left() * pair.right());
                }
            }
            """;

    @TempDir private Path folder;

    @Test
    void shouldRunTheLambdasOfAScript() throws Exception {
        Path script = Files.writeString(folder.resolve("Script.java"), SCRIPT);
        assertThat(
                        run(
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                ChildJvm.classPath(),
                                script.toString()))
                .isEqualTo(
                        """
                        [42]
                        Pair[left=7, right=6]
                        6
                        Script$Odd: odd at 20
                        """);
    }

    @Test
    void shouldWorkWithoutNativeAccessAndWithoutALineOnStderr() throws Exception {
        for (String flag : List.of("-Dnone=none", "--illegal-native-access=deny")) {
            assertThat(run(flag, "-cp", ChildJvm.classPath(), Main.class.getName()))
                    .isEqualTo(
                            """
                            42
                            exit 7 (System.exit(7), or halt)
                            signal 9 (killed by SIGKILL: kill -9, or the kernel had no memory left)
                            interrupted
                            """);
        }
    }

    /** What works over FIFOs as well. */
    static final class Main {
        public static void main(String[] arguments) throws Exception {
            int answer = Integer.parseInt("42");
            try (Worker worker = Worker.start()) {
                System.out.println(worker.run(() -> new int[] {answer})[0]);
            }
            Job<Void> exits = Worker.start(() -> System.exit(7));
            exits.onExit().join();
            System.out.println(exits.exitStatus().orElseThrow());
            Job<Integer> young = Worker.start(() -> 1);
            young.kill();
            System.out.println(young.onExit().join());
            Worker interrupted =
                    Worker.start(WorkerOptions.defaults().withStopGrace(Duration.ofMillis(300)));
            interrupted.run(() -> 1);
            interrupted.async(() -> {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException told) {
                    System.out.println("interrupted");
                }
            });
            interrupted.close();
        }
    }

    @Test
    void shouldEndTheChildrenOfAKilledParentWithoutNativeAccess() throws Exception {
        Process parent = java("-cp", ChildJvm.classPath(), Waiting.class.getName()).start();
        long child = Long.parseLong(parent.inputReader().readLine());
        long young = Long.parseLong(parent.inputReader().readLine());
        parent.destroyForcibly().waitFor();
        for (long pid : List.of(child, young)) {
            while (Peer.of(pid).isPresent()) {
                Thread.sleep(10);
            }
        }
    }

    /** Waits for its own end, with a child that works and one that is not up yet. */
    static final class Waiting {
        public static void main(String[] arguments) throws Exception {
            Worker worker = Worker.start();
            worker.run(() -> 1);
            worker.async(() -> Thread.sleep(60_000));
            System.out.println(worker.pid());
            System.out.println(Worker.start(() -> Thread.sleep(60_000)).pid());
            Thread.sleep(60_000);
        }
    }

    @Test
    void shouldRefuseDescriptorsByNameWithoutNativeAccess() throws Exception {
        List<String> lines =
                both("-cp", ChildJvm.classPath(), Descriptors.class.getName()).lines().toList();
        assertThat(lines.getLast())
                .startsWith("task in WorkerParentTest.Descriptors.main (WorkerParentTest.java:")
                .contains("captures reader (dev.kith.posix.PipeReader), which cannot travel")
                .contains("--enable-native-access=ALL-UNNAMED");
    }

    /** Has descriptors nevertheless: the first native call warns, and is done. */
    static final class Descriptors {
        public static void main(String[] arguments) {
            PipeReader reader = Pipe.open().reader();
            try {
                Worker.start(() -> reader.close());
            } catch (IllegalArgumentException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void shouldTakeAClassPathThatIsTooLongForACommandLine() throws Exception {
        String padding =
                IntStream.range(0, 3000)
                        .mapToObj(i ->
                                folder + "/a library with a long name \"quoted\" " + i + ".jar")
                        .collect(Collectors.joining(File.pathSeparator));
        Path arguments = folder.resolve("arguments");
        for (String flag : List.of("--enable-native-access=ALL-UNNAMED", "-Dnone=none")) {
            Files.writeString(
                    arguments,
                    ArgumentFile.text(
                            List.of(
                                    flag,
                                    "-cp",
                                    ChildJvm.classPath() + File.pathSeparator + padding)));
            assertThat(run("@" + arguments, Main.class.getName())).startsWith("42\nexit 7");
        }
    }

    @Test
    void shouldRunTheLambdasOfAClosedModule() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source/app"));
        Files.writeString(
                source.resolveSibling("module-info.java"), "module app { requires dev.kith; }");
        Files.writeString(
                source.resolve("Main.java"),
                """
                package app;
                import dev.kith.process.*;
                class Main {
                    private record Secret(int value) implements java.io.Serializable {}
                    private final Object field = new Object();
                    public static void main(String[] arguments) throws Exception {
                        Secret secret = new Secret(41);
                        System.out.println(Worker.start(() -> secret.value() + 1).result());
                        try {
                            Worker.start(new Main().bad());
                        } catch (IllegalArgumentException refused) {
                            System.out.println(refused.getMessage());
                        }
                    }
                    Task<Integer> bad() {
                        return () -> field.hashCode();
                    }
                }
                """);
        String kith = ChildJvm.classPath().split(File.pathSeparator)[0];
        Path classes = folder.resolve("classes");
        Process javac =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/javac",
                                "-p",
                                kith,
                                "-d",
                                classes.toString(),
                                source.resolve("Main.java").toString(),
                                source.resolveSibling("module-info.java").toString())
                        .inheritIO()
                        .start();
        assertThat(javac.waitFor()).isZero();
        assertThat(
                        run(
                                "--enable-native-access=dev.kith",
                                "-p",
                                kith + File.pathSeparator + classes,
                                "-m",
                                "app/app.Main"))
                .isEqualTo(
                        """
                        42
                        task in Main.bad (Main.java:16) captures `this` of app.Main, which is not \
                        Serializable; copy the field to a local variable first: var field = this.field
                        """);
    }

    @Test
    void shouldGiveTheChildrenOfARunnableJarWhatItsManifestGrants() throws Exception {
        String path =
                Stream.of(ChildJvm.classPath().split(File.pathSeparator))
                        .map(element -> Path.of(element).toUri().toString())
                        .collect(Collectors.joining(" "));
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, Granted.class.getName());
        attributes.put(Attributes.Name.CLASS_PATH, path);
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        attributes.putValue("Add-Opens", "java.base/java.util java.base/java.net");
        Path jar = folder.resolve("application.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        assertThat(run("-jar", jar.toString())).isEqualTo("[true, true]\n");
    }

    /** What a child may do. */
    static final class Granted {
        public static void main(String[] arguments) throws Exception {
            System.out.println(
                    Worker.start(
                                    () -> {
                                        Module own = Granted.class.getModule();
                                        return List.of(
                                                own.isNativeAccessEnabled(),
                                                Object.class.getModule().isOpen("java.net", own));
                                    })
                            .result());
        }
    }

    @Test
    void shouldNotPassDebuggersOn() throws Exception {
        String agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";
        ProcessBuilder debugged = java("-cp", ChildJvm.classPath(), Main.class.getName());
        debugged.environment().put("JAVA_TOOL_OPTIONS", agent + " -Dfrom.variable=1");
        Process parent = debugged.redirectErrorStream(true).start();
        String output = new String(parent.getInputStream().readAllBytes());
        assertThat(output.lines().filter(line -> line.contains("Listening"))).hasSize(1);
        assertThat(output.lines().filter(line -> line.contains("Picked up"))).hasSize(1);
        assertThat(output).contains("42");
    }

    /** Runs java, which must end well and say nothing on stderr; what it printed. */
    private String run(String... arguments) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process process = java(arguments).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(errors).hasContent("");
        assertThat(process.waitFor()).isZero();
        try (var left = Files.list(temporary())) {
            assertThat(left).isEmpty();
        }
        return output;
    }

    private String both(String... arguments) throws IOException {
        Process process = java(arguments).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes());
    }

    private ProcessBuilder java(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(temporary()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private Path temporary() {
        return folder.resolve("temporary");
    }
}
