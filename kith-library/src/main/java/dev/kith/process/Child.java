// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Handover;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.util.HashMap;
import java.util.Map;

/**
 * What a child JVM runs: opens the control pipes, then runs one task after the other in the main
 * thread.
 *
 * <p>Start-up time is made here: until the first result no NIO, no foreign function, no memory
 * segment, no lambda, no string concatenation; each of them costs 10 to 35 ms when it is first
 * used.
 */
final class Child {
    private final ChildControl control;
    private final Map<Integer, ClassLoader> loaders = new HashMap<>();

    private Child(ChildControl control) {
        this.control = control;
    }

    /**
     * Runs the child: its arguments are the path to read tasks from, the path to write results to,
     * the descriptor of the socketpair or -1, and the name, for those who look at the list of
     * processes.
     */
    public static void main(String[] arguments) {
        try {
            int socket = Integer.parseInt(arguments[2]);
            InputStream in =
                    socket >= 0 ? new FileInputStream(arguments[0]) : fifoToRead(arguments[0]);
            OutputStream out =
                    socket >= 0 ? new FileOutputStream(arguments[1]) : fifoToWrite(arguments[1]);
            if (socket >= 0) {
                ParentWatch.start();
            }
            ChildControl control = new ChildControl(in, out, socket);
            Thread reader = new Thread(control, "kith-control");
            reader.setDaemon(true);
            reader.start();
            control.send(new Frame(Frame.STARTED, new byte[0]));
            new Child(control).runTasks();
        } catch (IOException | InterruptedException parentGone) {
            Runtime.getRuntime().halt(1);
        }
        System.exit(0);
    }

    private void runTasks() throws InterruptedException, IOException {
        for (; ; ) {
            ChildControl.Received task = control.next();
            if (task == ChildControl.END) {
                return;
            }
            if (control.begin(task.id())) {
                Frame result = run(task);
                control.end();
                control.send(result);
            }
            if (task.handover() != null) {
                // What nobody took, because the task was cancelled or could not be read.
                DescriptorPassing.close(task.handover().descriptors());
            }
        }
    }

    private Frame run(ChildControl.Received task) {
        try {
            DataInputStream body = task.body();
            ClassLoader loader = loader(body.readInt());
            Thread.currentThread().setContextClassLoader(loader);
            ClosureReader.Call call =
                    task.handover() == null
                            ? ClosureReader.read(body, loader)
                            : read(task.handover(), new Reading(body, loader));
            return Outcome.value(task.id(), call.call());
        } catch (Throwable thrown) {
            return Outcome.thrown(task.id(), thrown);
        }
    }

    private static ClosureReader.Call read(Handover handover, Reading reading) throws Exception {
        try {
            return handover.during(reading);
        } catch (Exception | Error unreadable) {
            handover.discard(unreadable);
            throw unreadable;
        }
    }

    private ClassLoader loader(int id) {
        ClassLoader loader = loaders.get(id);
        if (loader == null) {
            loader = new RemoteClassLoader(control, id);
            loaders.put(id, loader);
        }
        return loader;
    }

    /** Reads a task while its descriptors can be taken. */
    private record Reading(DataInputStream body, ClassLoader loader)
            implements ScopedValue.CallableOp<ClosureReader.Call, Exception> {
        @Override
        public ClosureReader.Call call() throws Exception {
            return ClosureReader.read(body, loader);
        }
    }

    /**
     * Opens a FIFO whose other end the parent has open. Were it gone by now, a plain open would
     * wait for ever; with both directions open for a moment it does not, and the stream is at its
     * end.
     */
    private static InputStream fifoToRead(String path) throws IOException {
        try (RandomAccessFile _ = new RandomAccessFile(path, "rw")) {
            return new FileInputStream(path);
        } finally {
            remove(path);
        }
    }

    private static OutputStream fifoToWrite(String path) throws IOException {
        try (RandomAccessFile _ = new RandomAccessFile(path, "rw")) {
            return new FileOutputStream(path);
        } finally {
            remove(path);
        }
    }

    /** Nobody else needs the name, nor, after the second one, the directory. */
    private static void remove(String path) {
        File file = new File(path);
        file.delete();
        file.getParentFile().delete();
    }
}
