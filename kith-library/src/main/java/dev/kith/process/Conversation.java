// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Peer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The parent's side of one child: which tasks it has, what it answered, how it ended.
 *
 * <p>One thread reads what the child writes. Another waits for its end; when all that the child had
 * written is read, the tasks without an answer have failed. Nobody waits for an answer of a dead
 * child.
 */
final class Conversation {
    private final ChildJvm child;
    private final WorkerOptions options;
    private final Runnable started;
    private final Outbox outbox;
    private final Map<Long, CompletableFuture<Optional<Frame>>> unanswered =
            new ConcurrentHashMap<>();
    private final List<ClassLoader> loaders = new ArrayList<>();
    private final Map<Object, Runnable> wakes = new ConcurrentHashMap<>();
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private volatile Peer peer;
    private volatile String fault = "";
    private volatile ExitStatus status;
    private long tasks;
    private boolean ending;
    private volatile boolean up;

    /** Begins the conversation; {@code started} is run when the child's JVM is up, or dead. */
    Conversation(ChildJvm child, WorkerOptions options, Runnable started) {
        this.child = child;
        this.options = options;
        this.started = started;
        this.outbox = new Outbox(child, failed -> breakOff("a task could not be sent", failed));
        this.peer = new Peer(child.pid(), 0, "", 0, -1, -1);
        this.loaders.add(ClassLoader.getSystemClassLoader());
        String name = options.name() + "-" + child.pid();
        Thread reader =
                Thread.ofPlatform().daemon().name("kith-" + name + "-results").start(this::read);
        Thread.ofPlatform().daemon().name("kith-" + name + "-end").start(() -> awaitEnd(reader));
    }

    ChildJvm child() {
        return child;
    }

    WorkerOptions options() {
        return options;
    }

    /** Completed when the child has ended and all tasks have their answers. */
    CompletableFuture<ExitStatus> ended() {
        return ended;
    }

    /**
     * How the child has ended; empty as long as it runs, or something that it wrote is not read.
     */
    Optional<ExitStatus> status() {
        return Optional.ofNullable(status);
    }

    /** Who is to be told of the child's end, each under a key of its own. */
    Map<Object, Runnable> wakes() {
        return wakes;
    }

    Optional<Peer> peer() {
        return Optional.of(peer);
    }

    /** Gives the child a task; the descriptors that it captures are handed over. */
    <T> Call<T> submit(Closure closure) {
        List<Integer> copies = DescriptorPassing.duplicates(closure.handover().handles());
        Call<T> call;
        try {
            call = register(closure, copies);
        } catch (IpcException refused) {
            DescriptorPassing.close(copies);
            throw refused;
        }
        closure.handover().delivered();
        return call;
    }

    private synchronized <T> Call<T> register(Closure closure, List<Integer> descriptors) {
        if (ending) {
            throw new Closed(this + " takes no more tasks: it was told to end");
        }
        long id = tasks++;
        Call<T> call = new Call<>(this, id, closure, new CompletableFuture<>());
        unanswered.put(id, call.answer());
        int loader = idOf(closure.loader());
        outbox.add(
                Frame.of(
                        Frame.TASK,
                        out -> {
                            out.writeLong(id);
                            out.writeInt(descriptors.size());
                            out.writeInt(loader);
                            out.write(closure.bytes());
                        }),
                descriptors);
        if (status != null) {
            answer(id, Optional.empty());
        }
        return call;
    }

    /** Interrupts a task, or keeps it from beginning; -1 is the one that runs. */
    void cancel(long id) {
        if (id < 0 || unanswered.containsKey(id)) {
            outbox.add(Frame.of(Frame.CANCEL, out -> out.writeLong(id)), List.of());
        }
    }

    /** Lets the child exit when it has done what it was given. */
    synchronized void end() {
        if (!ending) {
            ending = true;
            outbox.add(Frame.ENDING, List.of());
        }
    }

    /** Asks the process to end; one whose JVM is not up yet has nothing to put in order. */
    void terminate() {
        if (up) {
            child.terminate();
        } else {
            child.kill();
        }
    }

    /** What is known of the child's death, for the end of a sentence. */
    String obituary() {
        return status + fault;
    }

    @Override
    public String toString() {
        return options.name() + " " + child.pid();
    }

    private void read() {
        InputStream in = child.in();
        try {
            for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                take(frame);
            }
        } catch (EOFException died) {
            fault = "; it was writing an answer";
        } catch (IOException | RuntimeException damaged) {
            breakOff("its answer could not be read", damaged);
        }
    }

    private void take(Frame frame) throws IOException {
        DataInputStream body = frame.in();
        switch (frame.type()) {
            case Frame.STARTED -> {
                up = true;
                child.connected();
                started.run();
            }
            case Frame.RESULT -> answer(body.readLong(), Optional.of(frame));
            case Frame.CLASS_WANTED -> {
                long request = body.readLong();
                byte[] bytes = classBytes(body.readInt(), body.readUTF());
                outbox.add(
                        Frame.of(
                                Frame.CLASS_BYTES,
                                out -> {
                                    out.writeLong(request);
                                    out.writeBoolean(bytes != null);
                                    out.write(bytes == null ? new byte[0] : bytes);
                                }),
                        List.of());
            }
            default -> throw new IOException("unknown frame: " + frame.type());
        }
    }

    private void answer(long id, Optional<Frame> frame) {
        CompletableFuture<Optional<Frame>> answer = unanswered.remove(id);
        if (answer != null) {
            answer.complete(frame);
        }
    }

    private void awaitEnd(Thread reader) {
        peer = Peer.of(child.pid()).orElse(peer);
        ExitStatus last = child.await();
        try {
            reader.join();
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
        started.run();
        outbox.close();
        // Whoever is sending still holds the socket that close gives back.
        outbox.awaitIdle();
        child.close();
        Children.remove(this);
        synchronized (this) {
            status = last;
        }
        unanswered.keySet().forEach(id -> answer(id, Optional.empty()));
        try {
            wakes.values().forEach(Runnable::run);
        } finally {
            ended.complete(last);
        }
    }

    /** Ends a child with which nothing sensible can be spoken any more. */
    private void breakOff(String what, Exception reason) {
        if (status == null) {
            fault = "; " + what + ": " + reason.getMessage();
            child.kill();
        }
    }

    private synchronized int idOf(ClassLoader loader) {
        int id = loader == null ? 0 : loaders.indexOf(loader);
        if (id < 0) {
            id = loaders.size();
            loaders.add(loader);
        }
        return id;
    }

    private byte[] classBytes(int id, String name) {
        ClassLoader loader;
        synchronized (this) {
            loader = loaders.get(id);
        }
        try (InputStream in = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }
}
