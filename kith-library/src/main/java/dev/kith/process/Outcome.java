// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a task, on its way back from the child.
 *
 * <pre>
 *   id J, VALUE, value of {@link Values}; for OTHER, {@link Coded}
 *   id J, THROWN, count I, descriptions: the exception, its cause, and so on; original I bytes of {@link
 *                 Coded}, or -1 and the reason why it cannot travel
 *   description   class, message, frames I, frames
 *   frame         loader, module, version, class, method, file, line I
 * </pre>
 */
final class Outcome {
    static final int VALUE = 0;
    static final int THROWN = 1;

    private static final int MAX_CAUSES = 32;

    private Outcome() {}

    /** The frame with a task's value, or with the reason why that cannot travel. */
    static Frame value(long id, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(id);
            out.writeByte(VALUE);
            if (!Values.write(out, value)) {
                out.write(Coded.encode(value));
            }
        } catch (IOException | RuntimeException | StackOverflowError refused) {
            String sentence = "the task's result, a ".concat(value.getClass().getName());
            sentence =
                    sentence.concat(", cannot travel: ")
                            .concat(String.valueOf(refused.getMessage()));
            sentence = sentence.concat("; return the values that are needed instead");
            return thrown(id, new IllegalArgumentException(sentence, refused));
        }
        return new Frame(Frame.RESULT, bytes.toByteArray());
    }

    /** The frame with what a task threw. */
    static Frame thrown(long id, Throwable thrown) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeLong(id);
            out.writeByte(THROWN);
            List<Throwable> chain = chain(thrown);
            out.writeInt(chain.size());
            for (Throwable each : chain) {
                cut(each);
                describe(out, each);
            }
            original(out, thrown);
        } catch (IOException memoryHasNone) {
            throw new AssertionError(memoryHasNone);
        }
        return new Frame(Frame.RESULT, bytes.toByteArray());
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = thrown;
                each != null && chain.size() < MAX_CAUSES && !chain.contains(each);
                each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }

    /** Takes off the frames below the task's own: how Kith called it. */
    private static void cut(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < frames.length; i++) {
            if (frames[i].getClassName().startsWith(ClosureReader.class.getName())) {
                int end = i;
                while (end > 0 && isReflection(frames[end - 1].getClassName())) {
                    end--;
                }
                StackTraceElement[] own = new StackTraceElement[end];
                System.arraycopy(frames, 0, own, 0, end);
                thrown.setStackTrace(own);
                return;
            }
        }
    }

    private static boolean isReflection(String className) {
        return className.startsWith("java.lang.reflect.")
                || className.contains(".internal.reflect.")
                || className.startsWith("java.lang.invoke.");
    }

    private static void describe(DataOutputStream out, Throwable thrown) throws IOException {
        out.writeUTF(thrown.getClass().getName());
        Values.write(out, message(thrown));
        StackTraceElement[] frames = thrown.getStackTrace();
        out.writeInt(frames.length);
        for (StackTraceElement frame : frames) {
            Values.write(out, frame.getClassLoaderName());
            Values.write(out, frame.getModuleName());
            Values.write(out, frame.getModuleVersion());
            Values.write(out, frame.getClassName());
            Values.write(out, frame.getMethodName());
            Values.write(out, frame.getFileName());
            out.writeInt(frame.getLineNumber());
        }
    }

    private static String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException own) {
            return "(getMessage() failed: ".concat(own.toString()).concat(")");
        }
    }

    private static void original(DataOutputStream out, Throwable thrown) throws IOException {
        byte[] encoded;
        try {
            encoded = Coded.encode(thrown);
        } catch (RuntimeException | StackOverflowError refused) {
            out.writeInt(-1);
            Values.write(out, refused.toString());
            return;
        }
        out.writeInt(encoded.length);
        out.write(encoded);
    }
}
