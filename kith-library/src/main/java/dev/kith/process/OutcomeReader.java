// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Broken;
import dev.kith.IpcException;
import java.io.DataInputStream;
import java.io.IOException;

/** Reads an {@link Outcome}, in the parent: the task's value, or the exception to throw. */
final class OutcomeReader {
    private static final int MAX_FRAMES = 1 << 16;

    private OutcomeReader() {}

    /**
     * Returns the value.
     *
     * @throws TaskFailed if the task threw something, or its value is not allowed here
     */
    @SuppressWarnings("unchecked") // the task was a Task<T>
    static <T> T read(Frame frame, Call<T> call) {
        try {
            DataInputStream in = frame.in();
            in.readLong();
            if (in.readByte() == Outcome.THROWN) {
                throw failed(in, call);
            }
            Object value = Values.read(in);
            return (T) (value == Values.OTHER ? coded(in.readAllBytes(), call) : value);
        } catch (IOException | Broken refused) {
            throw new TaskFailed(
                    "the value of "
                            + call.closure().label()
                            + " in "
                            + call.worker()
                            + " cannot be taken: "
                            + refused.getMessage(),
                    refused);
        }
    }

    private static Object coded(byte[] bytes, Call<?> call) {
        Closure closure = call.closure();
        ResultFilter filter = new ResultFilter(closure.home(), call.worker().options().allowed());
        try {
            return Coded.decode(bytes, filter, closure.loader());
        } catch (Broken refused) {
            throw new Broken(filter.refusal(refused));
        }
    }

    private static TaskFailed failed(DataInputStream in, Call<?> call) throws IOException {
        RemoteThrowable standIn = described(in, in.readInt());
        Throwable cause = standIn;
        String prevented = "";
        int length = in.readInt();
        if (length < 0) {
            prevented = "the exception cannot travel: " + Values.read(in);
        } else {
            try {
                cause = (Throwable) coded(in.readNBytes(length), call);
            } catch (RuntimeException | LinkageError refused) {
                prevented = "the exception cannot be rebuilt: " + refused.getMessage();
            }
        }
        TaskFailed failed =
                new TaskFailed(
                        call.closure().label() + " failed in " + call.worker() + ": " + standIn,
                        cause);
        if (!prevented.isEmpty()) {
            failed.addSuppressed(new IpcException(prevented));
        }
        return failed;
    }

    private static RemoteThrowable described(DataInputStream in, int count) throws IOException {
        if (count == 0) {
            return null;
        }
        String className = in.readUTF();
        String message = (String) Values.read(in);
        int frames = in.readInt();
        if (frames < 0 || frames > MAX_FRAMES) {
            throw new Broken("a stack trace of impossible length: " + frames);
        }
        StackTraceElement[] trace = new StackTraceElement[frames];
        for (int i = 0; i < frames; i++) {
            trace[i] =
                    new StackTraceElement(
                            (String) Values.read(in),
                            (String) Values.read(in),
                            (String) Values.read(in),
                            (String) Values.read(in),
                            (String) Values.read(in),
                            (String) Values.read(in),
                            in.readInt());
        }
        RemoteThrowable throwable =
                new RemoteThrowable(className, message, described(in, count - 1));
        throwable.setStackTrace(trace);
        return throwable;
    }
}
