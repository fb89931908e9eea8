// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.process.Task;
import dev.kith.process.Worker;
import dev.kith.process.WorkerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The children, started once and used for every row. */
final class Crew implements AutoCloseable {
    private static final List<String> FLAGS = flags();

    private final List<Worker> workers = new ArrayList<>();

    static Crew start(int size) {
        Crew crew = new Crew();
        try {
            for (int i = 0; i < size; i++) {
                crew.workers.add(worker(i));
            }
            crew.awaitStarted();
            return crew;
        } catch (RuntimeException failed) {
            crew.close();
            throw failed;
        }
    }

    /** The start of the children is not the first mechanism's. */
    private void awaitStarted() {
        List<CompletableFuture<Void>> answers =
                workers.stream().map(worker -> worker.async(() -> {})).toList();
        answers.forEach(CompletableFuture::join);
    }

    int size() {
        return workers.size();
    }

    List<Long> pids() {
        return workers.stream().map(Worker::pid).toList();
    }

    /** Starts others for those that died in the row before. */
    void replaceDead() {
        for (int i = 0; i < workers.size(); i++) {
            if (!workers.get(i).isAlive()) {
                workers.get(i).close();
                workers.set(i, worker(i));
            }
        }
    }

    <T> CompletableFuture<T> async(int child, Task<T> task) {
        return workers.get(child).async(task);
    }

    /** Ends all at once, whatever they do. */
    void kill() {
        workers.forEach(Worker::kill);
    }

    @Override
    public void close() {
        // All are told before the first is waited for.
        workers.forEach(Worker::shutdown);
        workers.forEach(Worker::close);
    }

    private static Worker worker(int number) {
        return Worker.start(
                WorkerOptions.defaults()
                        .withName("pi-" + number)
                        .withJvmFlags(FLAGS.toArray(String[]::new)));
    }

    /**
     * A child computes for milliseconds: the second compiler would cost more than it gains. It runs
     * the same program as this JVM, and so may use the cache of loaded classes that this one uses.
     */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));
        try {
            byte[] own = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            for (String argument : new String(own, StandardCharsets.UTF_8).split("\0")) {
                if (argument.startsWith("-XX:AOTCache=")) {
                    flags.add(argument);
                }
            }
        } catch (IOException unreadable) {
            // Then without: it only starts more slowly.
        }
        return flags;
    }
}
