// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that takes an order a line and gives an answer a line. It ends when its standard input
 * does, and so also when this process is killed.
 */
final class Child implements AutoCloseable {
    private static final Duration LET_GO = Duration.ofSeconds(5);
    private static final String END = "";

    /** What a child says before the reason when it gives up. */
    static final String FAILED = "failed ";

    private final String name;
    private final Process process;
    private final PrintStream orders;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /**
     * Starts a JVM with the class path of this one.
     *
     * @param name for messages
     * @param cpu that it is pinned to, or -1
     * @param flags beside those that every program that uses Kith has
     */
    static Child java(
            String name, int cpu, List<String> flags, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED"));
        all.addAll(flags);
        return bare(name, cpu, all, main, arguments);
    }

    /** Likewise, with no flag but these. */
    static Child bare(
            String name, int cpu, List<String> flags, Class<?> main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(Placement.pinnedTo(cpu));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return start(name, command);
    }

    /** Starts it; its standard error is this process's. */
    private static Child start(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Child child = new Child(name, builder.start());
        Thread.ofPlatform().daemon().name("answers of " + child.process.pid()).start(child::listen);
        return child;
    }

    long pid() {
        return process.pid();
    }

    void order(String line) {
        orders.println(line);
    }

    /** Waits for the next line. */
    String answer(Duration patience) throws IOException, InterruptedException {
        String line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new IOException(name + ": no answer in " + patience.toSeconds() + " s");
        }
        if (line.equals(END)) {
            throw new IOException(name + ": ended without an answer, exit " + process.waitFor());
        }
        if (line.startsWith(FAILED)) {
            throw new IOException(name + ": " + line.substring(FAILED.length()));
        }
        return line;
    }

    /** Waits for a line that begins with a word; says what follows it. */
    String answer(String word, Duration patience) throws IOException, InterruptedException {
        String line = answer(patience);
        if (!line.startsWith(word)) {
            throw new IOException(name + ": expected \"" + word + " …\", got \"" + line + "\"");
        }
        return line.substring(word.length()).strip();
    }

    @Override
    public void close() {
        closeInput();
        try {
            if (process.waitFor(LET_GO.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    private void closeInput() {
        orders.close();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(line);
            }
        } catch (IOException ended) {
            // as at the end of the stream
        }
        answers.add(END);
    }
}
