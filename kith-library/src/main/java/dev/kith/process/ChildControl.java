// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Handover;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The child's end of the control pipes: a daemon thread that reads what the parent says, while the
 * main thread runs tasks. When the parent is gone, so is the child: the end of the stream halts the
 * JVM, whatever the tasks do.
 */
final class ChildControl implements Runnable {
    /** What {@link #next} returns after the parent said that there will be no more tasks. */
    static final Received END = new Received(-1, null, null);

    private final InputStream in;
    private final OutputStream out;
    private final int socket;
    private final ArrayDeque<Received> tasks = new ArrayDeque<>();
    private final Set<Long> cancelled = new HashSet<>();
    private final Map<Long, Frame> classes = new HashMap<>();
    private long requests;
    private Thread runner;
    private long begun = -1;
    private boolean running;

    /** A task as it arrived. */
    record Received(long id, DataInputStream body, Handover handover) {}

    ChildControl(InputStream in, OutputStream out, int socket) {
        this.in = in;
        this.out = out;
        this.socket = socket;
    }

    @Override
    public void run() {
        try {
            for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
                take(frame);
            }
        } catch (Throwable brokenOff) {
            // As at the end of the stream: without its parent there is nothing left to do.
        }
        Runtime.getRuntime().halt(1);
    }

    /** The next task; waits for one. */
    synchronized Received next() throws InterruptedException {
        while (tasks.isEmpty()) {
            wait();
        }
        return tasks.poll();
    }

    /** Begins a task in the calling thread; false if it was cancelled before. */
    synchronized boolean begin(long id) {
        runner = Thread.currentThread();
        begun = id;
        running = !cancelled.remove(id);
        return running;
    }

    /** Ends the task; an interrupt that comes now is not the next one's. */
    synchronized void end() {
        running = false;
        Thread.interrupted();
    }

    void send(Frame frame) throws IOException {
        synchronized (out) {
            frame.writeTo(out);
        }
    }

    /** The bytes of a class of the parent, or null if it has none of that name. */
    byte[] classBytes(int loader, String name) {
        try {
            long request = nextRequest();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream body = new DataOutputStream(bytes);
            body.writeLong(request);
            body.writeInt(loader);
            body.writeUTF(name);
            send(new Frame(Frame.CLASS_WANTED, bytes.toByteArray()));
            DataInputStream answer = answer(request).in();
            answer.readLong();
            return answer.readBoolean() ? answer.readAllBytes() : null;
        } catch (IOException parentGone) {
            return null;
        }
    }

    private synchronized long nextRequest() {
        return requests++;
    }

    /** Waits whatever happens: a class that could not be loaded once is broken for good. */
    private synchronized Frame answer(long request) {
        boolean interrupted = false;
        while (!classes.containsKey(request)) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return classes.remove(request);
    }

    private void take(Frame frame) throws IOException {
        DataInputStream body = frame.in();
        switch (frame.type()) {
            case Frame.TASK -> {
                long id = body.readLong();
                int descriptors = body.readInt();
                give(new Received(id, body, descriptors == 0 ? null : receive(descriptors)));
            }
            case Frame.CANCEL -> cancel(body.readLong());
            case Frame.CLASS_BYTES -> answered(body.readLong(), frame);
            case Frame.END -> give(END);
            default ->
                    throw new IOException("unknown frame: ".concat(Integer.toString(frame.type())));
        }
    }

    private Handover receive(int descriptors) {
        List<Integer> fds = DescriptorPassing.receive(socket, descriptors);
        return Handover.forReading(fds);
    }

    private synchronized void give(Received task) {
        tasks.add(task);
        notifyAll();
    }

    private synchronized void answered(long request, Frame answer) {
        classes.put(request, answer);
        notifyAll();
    }

    private synchronized void cancel(long id) {
        if (running && (id < 0 || id == begun)) {
            runner.interrupt();
        } else if (id > begun) {
            cancelled.add(id);
        }
    }
}
