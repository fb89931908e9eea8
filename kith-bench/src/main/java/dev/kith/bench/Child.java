// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that takes an order a line and gives an answer a line. It ends when its standard input does, and
 * so also when this process is killed.
 */
final class Child implements AutoCloseable {
    private static final Duration LET_GO = Duration.ofSeconds(5);
    private static final String END = "";

    private final List<String> command;
    private final Process process;
    private final PrintStream orders;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private Child(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts it; its standard error is this process's. */
    static Child start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Child child = new Child(command, builder.start());
        Thread.ofPlatform().daemon().name("answers of " + child.process.pid()).start(child::listen);
        return child;
    }

    /** Runs a command to its end; what it prints is its answer. */
    static String run(List<String> command, Duration patience) throws IOException, InterruptedException {
        try (Child child = start(command)) {
            String answer = child.answer(patience);
            child.closeInput();
            return answer;
        }
    }

    void order(String line) {
        orders.println(line);
    }

    /** Waits for the next line. */
    String answer(Duration patience) throws IOException, InterruptedException {
        String line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new IOException("no answer in " + patience.toSeconds() + " s from " + this);
        }
        if (line.equals(END)) {
            throw new IOException("ended without an answer, exit " + process.waitFor() + ": " + this);
        }
        return line;
    }

    /** Waits for a line that begins with a word; says what follows it. */
    String answer(String word, Duration patience) throws IOException, InterruptedException {
        String line = answer(patience);
        if (!line.startsWith(word)) {
            throw new IOException("expected \"" + word + " …\", got \"" + line + "\" from " + this);
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

    @Override
    public String toString() {
        return String.join(" ", command);
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
