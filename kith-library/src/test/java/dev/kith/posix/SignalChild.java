// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process of a test, that is killed with it: a JVM, a C program, Python, a shell. */
final class SignalChild implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private SignalChild(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        lines = process.inputReader();
    }

    /** Any program. */
    static SignalChild run(String... command) throws IOException {
        return new SignalChild(List.of(command));
    }

    /** A program with the arguments of a JVM that runs {@link SignalProgram}. */
    static SignalChild jvm(List<String> before, String... args) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(java());
        command.addAll(List.of(args));
        return new SignalChild(command);
    }

    /** A JVM in which no thread blocks anything. */
    static SignalChild jvm(String... args) throws IOException {
        return jvm(List.of(), args);
    }

    /** A JVM in which every thread blocks the signal that carries values. */
    static SignalChild blockingJvm(String... args) throws IOException {
        return jvm(blocking("RTMIN+6"), args);
    }

    static List<String> blocking(String signal) {
        assumeTrue(
                exitValue("env", "--block-signal=" + signal, "true") == 0,
                "env of coreutils 8.31 or later is not installed");
        return List.of("env", "--block-signal=" + signal);
    }

    static SignalChild python(String script) throws IOException {
        assumeTrue(exitValue("python3", "-c", "") == 0, "python3 is not installed");
        return run("python3", "-u", "-c", script);
    }

    /** Compiles a C program and runs it. */
    static SignalChild c(Path directory, String source, String... args) throws IOException {
        assumeTrue(exitValue("gcc", "--version") == 0, "gcc is not installed");
        Path program = directory.resolve("program");
        Path file = directory.resolve("program.c");
        Files.writeString(file, source);
        if (exitValue("gcc", "-o", program.toString(), file.toString()) != 0) {
            throw new AssertionError("gcc does not compile " + source);
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(args));
        return new SignalChild(command);
    }

    /** Runs a program to its end, without its output; 127 if there is none. */
    static int exitValue(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor();
        } catch (IOException none) {
            return 127;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** The next line of its output, or null at the end of it. */
    String line() throws IOException {
        return lines.readLine();
    }

    /** What it still says until it ends. */
    List<String> rest() throws IOException {
        return lines.readAllLines();
    }

    void tell(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    /** Waits for its end: its status, 128 + n if signal n ended it. */
    int end() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + pid() + " does not end");
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        kill();
    }

    /** Kills it with -9 and waits for its end. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder(Signals.class) + ":" + folder(SignalProgram.class),
                SignalProgram.class.getName());
    }

    private static Path folder(Class<?> type) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        String url = type.getResource(name).toString();
        return Path.of(URI.create(url.substring(0, url.length() - name.length())));
    }
}
