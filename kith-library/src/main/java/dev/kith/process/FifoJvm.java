// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.IpcException;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A child started by {@link ProcessBuilder}, with two FIFOs in a directory of mode 0700 as control
 * pipes: for a JVM without native access, or a C library older than glibc 2.34. No descriptors can
 * be passed to it, and it shares the parent's process group.
 *
 * <p>To open one direction of a FIFO waits for the other side. To open both does not, so each side
 * opens both, then the one it wants. The parent stays on both until the child has connected or
 * died; afterwards the death of either side is the end of the stream for the other.
 */
final class FifoJvm implements ChildJvm {
    private final Process process;
    private final Path directory;
    private final List<RandomAccessFile> both;
    private final InputStream in;
    private final OutputStream out;

    private FifoJvm(
            Process process,
            Path directory,
            List<RandomAccessFile> both,
            InputStream in,
            OutputStream out) {
        this.process = process;
        this.directory = directory;
        this.both = both;
        this.in = in;
        this.out = out;
    }

    /** Starts a child. */
    static FifoJvm start(WorkerOptions options, boolean oneShot)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("kith-");
        List<AutoCloseable> opened = new ArrayList<>();
        boolean started = false;
        try {
            String tasks = directory.resolve("tasks").toString();
            String results = directory.resolve("results").toString();
            makeFifos(tasks, results);
            RandomAccessFile bothTasks = opened(opened, new RandomAccessFile(tasks, "rw"));
            RandomAccessFile bothResults = opened(opened, new RandomAccessFile(results, "rw"));
            OutputStream out = opened(opened, new FileOutputStream(tasks));
            InputStream in = opened(opened, new FileInputStream(results));
            List<String> arguments = CommandLine.arguments(options, oneShot);
            arguments.addAll(List.of(tasks, results, "-1", options.name()));
            Process process = process(options, arguments, directory);
            started = true;
            return new FifoJvm(
                    process,
                    directory,
                    List.of(bothTasks, bothResults),
                    new BufferedInputStream(in),
                    out);
        } finally {
            if (!started) {
                for (AutoCloseable each : opened) {
                    close(each);
                }
                remove(directory);
            }
        }
    }

    @Override
    public int pid() {
        return (int) process.pid();
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void pass(List<Integer> descriptors) {
        throw new UnsupportedOperationException("no descriptors can be passed over a FIFO");
    }

    @Override
    public synchronized void connected() {
        both.forEach(FifoJvm::close);
        remove(directory);
    }

    @Override
    public void terminate() {
        process.destroy();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public ExitStatus await() {
        int value;
        for (; ; ) {
            try {
                value = process.waitFor();
                break;
            } catch (InterruptedException nobodyDoes) {
                continue;
            }
        }
        connected();
        return status(value);
    }

    @Override
    public void close() {
        close(in);
        close(out);
    }

    /** Process adds 128 to a signal; a JVM does so itself for those that it handles, and exits. */
    private static ExitStatus status(int value) {
        int signal = value - 128;
        boolean handled = signal == 1 || signal == 2 || signal == 15;
        return new ExitStatus(signal <= 0 || signal > 64 || handled ? value : -signal);
    }

    private static Process process(WorkerOptions options, List<String> arguments, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(CommandLine.java()));
        if (CommandLine.isLong(arguments)) {
            Path file = directory.resolve("arguments");
            Files.write(file, ArgumentFile.text(arguments).getBytes(InheritedFlags.charset()));
            command.add("@" + file);
        } else {
            command.addAll(arguments);
        }
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Environment.apply(builder.environment(), options.environment());
        options.directory().ifPresent(path -> builder.directory(path.toFile()));
        return builder.start();
    }

    private static void makeFifos(String... paths) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mkfifo", "-m", "600"));
        command.addAll(List.of(paths));
        Process mkfifo = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        int status = mkfifo.waitFor();
        if (status != 0) {
            throw new IpcException(
                    String.join(" ", command)
                            + ": exit "
                            + status
                            + "; without native access a worker needs FIFOs: can the file system of"
                            + " "
                            + System.getProperty("java.io.tmpdir")
                            + " hold them (-Djava.io.tmpdir)?");
        }
    }

    private static <T extends AutoCloseable> T opened(List<AutoCloseable> all, T one) {
        all.add(one);
        return one;
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception gone) {
            // Nothing is written through a buffer: there is nothing to lose.
        }
    }

    private static void remove(Path directory) {
        for (String name : List.of("tasks", "results", "arguments", "")) {
            new File(directory.toFile(), name).delete();
        }
    }
}
