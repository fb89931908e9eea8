// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The C programs, compiled when they are first needed, each time anew: it takes a tenth of a
 * second.
 */
final class Programs {
    static final List<String> COMPILER = List.of("cc", "-O2", "-pthread");

    private final Path folder;
    private final Map<String, Path> compiled = new HashMap<>();

    /** Keeps sources and programs in a folder, which is made. */
    Programs(Path folder) {
        this.folder = folder;
    }

    /** The folder that the system property kith.bench.programs names. */
    static Programs inUsualFolder() {
        return new Programs(
                Path.of(System.getProperty("kith.bench.programs", "target/c")).toAbsolutePath());
    }

    /** The program of that name. */
    Path compiled(String name) throws IOException, InterruptedException {
        return compiled(name, Map.of());
    }

    /** The program of that name, compiled with some macros defined. */
    Path compiled(String source, Map<String, Integer> macros)
            throws IOException, InterruptedException {
        StringBuilder variant = new StringBuilder(source);
        macros.forEach((macro, value) -> variant.append('-').append(macro).append(value));
        String name = variant.toString();
        Path known = compiled.get(name);
        if (known != null) {
            return known;
        }
        Files.createDirectories(folder);
        for (String file : List.of("ping.h", "ring.h", "unix.c", source + ".c")) {
            unpack(file);
        }
        Path fresh = folder.resolve(name + "." + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>(COMPILER);
        macros.forEach((macro, value) -> command.add("-D" + macro + "=" + value));
        command.addAll(
                List.of("-o", fresh.toString(), folder.resolve(source + ".c").toString(), "-lrt"));
        run(command);
        Path program = folder.resolve(name);
        // Moved, not overwritten: another benchmark may be running the old one.
        Files.move(
                fresh,
                program,
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        compiled.put(name, program);
        return program;
    }

    /** One sample of the program of a cell's mechanism. */
    Sample sample(Cell cell, Duration time) throws IOException, InterruptedException {
        return sample(compiled(cell.mechanism().name()), cell, 0, time);
    }

    /** One sample of a program; with a pause, of messages one way that are sent after one. */
    static Sample sample(Path program, Cell cell, int pauseMicros, Duration time)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                Integer.toString(cell.bytes()),
                                Long.toString(time.toMillis()),
                                Integer.toString(cell.placement().ping()),
                                Integer.toString(cell.placement().pong())));
        if (cell.mode() == Cell.Mode.STREAM) {
            command.add("stream");
            command.add(Integer.toString(pauseMicros));
        }
        return Sample.parse(run(command));
    }

    /** What a command says; it ends by itself, the C programs by an alarm. */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + ": exit " + exit + ": " + said);
        }
        return said;
    }

    private void unpack(String file) throws IOException {
        try (InputStream source = Programs.class.getResourceAsStream("c/" + file)) {
            if (source == null) {
                throw new IOException(
                        "no C source c/" + file + " beside " + Programs.class.getName());
            }
            Path fresh = folder.resolve(file + "." + ProcessHandle.current().pid());
            Files.copy(source, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(
                    fresh,
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
