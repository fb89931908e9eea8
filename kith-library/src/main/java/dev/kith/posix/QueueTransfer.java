// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EMSGSIZE;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kith.IpcException;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.Errno;
import dev.kith.kernel.Mqueue;
import java.lang.foreign.MemorySegment;

/** Messages in native memory that is used again, and the calls that carry them. */
final class QueueTransfer {
    private final String name;
    private final QueueCalls calls;
    private final int maxMessageBytes;

    QueueTransfer(String name, Descriptor descriptor, int maxMessageBytes) {
        this.name = name;
        this.calls = new QueueCalls(descriptor, maxMessageBytes);
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Writes these bytes, if there is room. */
    static QueueWriter bytes(byte[] message) {
        return target -> {
            if (message.length <= target.byteSize()) {
                MemorySegment.copy(message, 0, target, JAVA_BYTE, 0, message.length);
            }
            return message.length;
        };
    }

    boolean send(QueueWriter writer, int priority, long timeoutNanos) throws InterruptedException {
        if (priority < 0 || priority > Mqueue.HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority=" + priority + ", lowest=0, highest=" + Mqueue.HIGHEST_PRIORITY);
        }
        MemorySegment buffer = Scratch.take(maxMessageBytes);
        try {
            long length = writer.write(buffer.asSlice(0, maxMessageBytes));
            if (length > maxMessageBytes) {
                throw tooLarge(length, priority);
            }
            long error = calls.send(buffer, length, priority, timeoutNanos);
            if (error < 0 && error != -EAGAIN) {
                throw Errors.of(call(length, priority), error, "");
            }
            return error != -EAGAIN;
        } finally {
            Scratch.give(buffer);
        }
    }

    boolean sendNow(byte[] message, int priority) {
        try {
            return send(bytes(message), priority, 0);
        } catch (InterruptedException notWaiting) {
            throw new AssertionError("a call that does not wait was interrupted", notWaiting);
        }
    }

    /** What the reader made of the next message, or null if there is none now. */
    <R> R receiveNow(QueueReader<R> reader) {
        try {
            return receive(reader, 0);
        } catch (InterruptedException notWaiting) {
            throw new AssertionError("a call that does not wait was interrupted", notWaiting);
        }
    }

    /** What the reader made of the next message, or null if none came in time. */
    <R> R receive(QueueReader<R> reader, long timeoutNanos) throws InterruptedException {
        MemorySegment buffer = Scratch.take(maxMessageBytes);
        try {
            long got = calls.receive(buffer, timeoutNanos);
            if (got == -EAGAIN) {
                return null;
            }
            if (got < 0) {
                throw Errors.of("mq_receive(\"" + name + "\")", got, "");
            }
            return reader.read(buffer.asSlice(0, (int) got), (int) (got >> 32));
        } finally {
            Scratch.give(buffer);
        }
    }

    private IpcException tooLarge(long length, int priority) {
        return new IpcException(
                call(length, priority)
                        + ": EMSGSIZE ("
                        + Errno.text(EMSGSIZE)
                        + "); message too large: length="
                        + length
                        + ", limit="
                        + maxMessageBytes
                        + " (msgsize of "
                        + name
                        + "), set when a queue is made: kith create 'mq:/NAME?size="
                        + length
                        + "'",
                call(length, priority),
                EMSGSIZE);
    }

    private String call(long length, int priority) {
        return "mq_send(\"" + name + "\", " + length + " bytes, priority " + priority + ")";
    }
}
