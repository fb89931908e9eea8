// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.channel.Trait;
import dev.kith.channel.Transport;
import dev.kith.channel.Transports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * The same computation over every mechanism: children sum up their shares of a series and deliver
 * the sums, the parent adds them up.
 *
 * <p>For one thread; {@link #close} may be called by any, at any time.
 */
public final class Pi implements AutoCloseable {
    private final long terms;
    private Crew crew;
    private Path directory;
    private Exchange exchange;
    private boolean closed;

    /**
     * Has nothing yet: no children, no folder.
     *
     * @param terms how many terms of the series the children share
     */
    public Pi(long terms) {
        this.terms = terms;
    }

    /**
     * The names of the rows, in their order.
     *
     * @return as {@code --via} takes them
     */
    public static List<String> names() {
        return mechanisms().stream().map(Mechanism::name).toList();
    }

    /**
     * Starts the children; under the lock, so that who closes meanwhile finds all of them.
     *
     * @param workers how many
     */
    public synchronized void start(int workers) {
        checkOpen();
        try {
            directory = Files.createTempDirectory("kith-pi-");
        } catch (IOException e) {
            throw new IpcException("cannot make a temporary folder: " + e.getMessage(), e);
        }
        crew = Crew.start(workers);
    }

    /**
     * Runs one row.
     *
     * @param name of the mechanism
     * @return what came out
     * @throws Exception whatever went wrong, in a child or here; nothing is left behind then either
     */
    public Result run(String name) throws Exception {
        Mechanism mechanism =
                mechanisms().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        crew.replaceDead();
        Leftovers leftovers = Leftovers.look(directory);
        long begun = System.nanoTime();
        List<long[]> computed = new ArrayList<>();
        Exchange opened = open(mechanism);
        List<String> names = opened.names();
        double sum;
        try {
            sum = compute(opened, computed);
        } finally {
            close(opened);
        }
        long wall = System.nanoTime() - begun;
        return new Result(
                name,
                Series.pi(sum),
                wall,
                wall - covered(computed),
                opened.bytes(),
                leftovers.since(names),
                crew.pids());
    }

    /** Ends the children, in the middle of a row too, and removes what is there. */
    @Override
    public void close() {
        Exchange unfinished;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unfinished = exchange;
        }
        if (unfinished != null) {
            crew.kill();
        }
        try {
            close(unfinished);
        } finally {
            try {
                if (crew != null) {
                    crew.close();
                }
            } finally {
                removeDirectory();
            }
        }
    }

    /** What carries messages first, then state that is shared, then what carries values only. */
    private static List<Mechanism> mechanisms() {
        List<Mechanism> messages = new ArrayList<>();
        List<Mechanism> values = new ArrayList<>();
        for (Transport transport : Transports.all()) {
            boolean fixed = transport.traits().contains(Trait.FIXED_8);
            (fixed ? values : messages).add(new ChannelMechanism(transport));
        }
        List<Mechanism> all = new ArrayList<>();
        all.add(new FileMechanism());
        all.addAll(messages);
        all.add(new PosixMechanism());
        all.add(new SystemVMechanism());
        all.add(new MappedMechanism());
        all.add(new ValueMechanism());
        all.addAll(values);
        return all;
    }

    /**
     * Makes the mechanism under the lock, so that who closes meanwhile finds either nothing or all
     * of it.
     */
    private synchronized Exchange open(Mechanism mechanism) throws Exception {
        checkOpen();
        exchange = mechanism.open(crew.size(), directory);
        return exchange;
    }

    /**
     * Removes what was made. Who comes second waits for the first: the process must not end while
     * the other thread is half-way.
     */
    private synchronized void close(Exchange mine) {
        if (mine != null && exchange == mine) {
            exchange = null;
            mine.close();
        }
    }

    private double compute(Exchange opened, List<long[]> computed) throws Exception {
        List<CompletableFuture<long[]>> shares = new ArrayList<>();
        for (int child = 0; child < crew.size(); child++) {
            Series.Share share = Series.Share.of(child, crew.size(), terms);
            shares.add(crew.async(child, opened.task(child, share)));
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(shares.toArray(CompletableFuture[]::new));
        // A child that fails delivers nothing: who waits for it must be told.
        Thread waiting = Thread.currentThread();
        shares.forEach(share -> share.exceptionally(failed -> interrupt(waiting)));
        double sum;
        try {
            sum = opened.total(() -> join(all));
            join(all);
        } catch (InterruptedException told) {
            shares.forEach(share -> share.cancel(true));
            throw failure(shares, told);
        }
        for (CompletableFuture<long[]> share : shares) {
            computed.add(share.join());
        }
        return sum;
    }

    private static long[] interrupt(Thread waiting) {
        waiting.interrupt();
        return new long[2];
    }

    private static void join(CompletableFuture<Void> all) throws InterruptedException {
        try {
            all.get();
        } catch (ExecutionException failed) {
            throw new InterruptedException("a child failed");
        }
    }

    /**
     * The failure of a child, which is why this thread was interrupted, or else the interruption
     * itself.
     */
    private static Exception failure(
            List<CompletableFuture<long[]>> shares, InterruptedException told) {
        for (CompletableFuture<long[]> share : shares) {
            if (share.isCompletedExceptionally() && !share.isCancelled()) {
                try {
                    share.join();
                } catch (CompletionException e) {
                    Thread.interrupted();
                    return e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        }
        return told;
    }

    /** How long at least one of the spans of time lasted. */
    static long covered(List<long[]> spans) {
        long[][] sorted = spans.toArray(long[][]::new);
        Arrays.sort(sorted, Comparator.comparingLong(span -> span[0]));
        long covered = 0;
        long until = Long.MIN_VALUE;
        for (long[] span : sorted) {
            long from = Math.max(span[0], until);
            if (span[1] > from) {
                covered += span[1] - from;
                until = span[1];
            }
        }
        return covered;
    }

    private void checkOpen() {
        if (closed) {
            throw new Closed("pi was told to end");
        }
    }

    private void removeDirectory() {
        if (directory == null) {
            return;
        }
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new IpcException("cannot remove " + directory + ": " + e.getMessage(), e);
        }
    }
}
