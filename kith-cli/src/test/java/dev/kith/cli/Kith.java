// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.channel.Channel;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command in a process of its own, as a user runs it. */
final class Kith implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("(?:listening|receiving) on (\\S+)");

    private final Process process;
    private final BufferedReader notes;
    private final CompletableFuture<String> out;

    /** What a command left when it had ended. */
    record Result(int status, String out, String err) {}

    private Kith(ProcessBuilder builder) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        notes =
                new BufferedReader(
                        new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        out =
                CompletableFuture.supplyAsync(
                        () -> read(process.getInputStream()),
                        task -> Thread.ofPlatform().daemon().start(task));
    }

    /** Starts the command with a standard input that stays open until {@link #input} closes it. */
    static Kith start(String... args) {
        return new Kith(new ProcessBuilder(commandLine(List.of(), args)));
    }

    /** Runs the command to its end with an empty standard input. */
    static Result run(String... args) {
        return runWith("", args);
    }

    /** Runs the command to its end with that standard input. */
    static Result runWith(String input, String... args) {
        try (Kith kith = start(args)) {
            kith.input(input);
            return kith.end();
        }
    }

    /** Runs the command to its end in a JVM with further flags. */
    static Result runFlagged(List<String> flags, String... args) {
        try (Kith kith = new Kith(new ProcessBuilder(commandLine(flags, args)))) {
            kith.input("");
            return kith.end();
        }
    }

    /** Runs the command to its end with a further folder on its class path. */
    static Result runBeside(Path folder, String... args) {
        List<String> command = commandLine(List.of(), args);
        int classPath = command.indexOf("-cp") + 1;
        command.set(classPath, command.get(classPath) + File.pathSeparator + folder);
        try (Kith kith = new Kith(new ProcessBuilder(command))) {
            kith.input("");
            return kith.end();
        }
    }

    /** Runs a shell script in which {@code kith} is the command. */
    static Result shell(String script) {
        return shell(List.of(), script);
    }

    /** Runs such a script with settings {@code NAME=value}. */
    static Result shell(List<String> settings, String script) {
        StringBuilder function = new StringBuilder("kith() {");
        for (String word : commandLine(List.of())) {
            function.append(" '").append(word).append('\'');
        }
        function.append(" \"$@\"; }\n");
        List<String> command = new ArrayList<>(List.of("/usr/bin/env"));
        command.addAll(settings);
        command.addAll(List.of("/bin/sh", "-c", function + script));
        try (Kith shell = new Kith(new ProcessBuilder(command))) {
            shell.input("");
            return shell.end();
        }
    }

    /** Gives the process its standard input, and ends it. */
    void input(String text) {
        write(text);
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // The process did not want it.
        }
    }

    /** Gives the process some standard input, which goes on. */
    void write(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException gone) {
            // The process did not want it.
        }
    }

    /** Waits until it says where it listens. */
    String awaitAddress() {
        try {
            for (String line = notes.readLine(); line != null; line = notes.readLine()) {
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("the command ended without listening");
    }

    /** Waits for the end. */
    Result end() {
        try {
            StringBuilder err = new StringBuilder();
            for (String line = notes.readLine(); line != null; line = notes.readLine()) {
                err.append(line).append('\n');
            }
            return new Result(process.waitFor(), out.get(), err.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("gave up waiting for the command", e);
        }
    }

    void signal(String name) {
        try {
            new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static List<String> commandLine(List<String> flags, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        command.add("-cp");
        command.add(
                String.join(
                        File.pathSeparator,
                        location(Channel.class),
                        location(Main.class),
                        location(picocli.CommandLine.class)));
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        return command;
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(InputStream in) {
        try (InputStream closing = in) {
            return new String(closing.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException killed) {
            return "";
        }
    }
}
