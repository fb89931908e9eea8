// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.ETIMEDOUT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Offload;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.Mqueue;
import dev.kith.kernel.Poll;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sending and receiving on one queue descriptor. A call that waits for ever is one system call. One
 * with a time-out tries, then polls: the time-out of mq_timedreceive is a wall-clock time, which
 * moves when somebody sets the clock.
 *
 * <p>Results are a length, or a negative errno; -EAGAIN says that the time given has passed.
 */
final class QueueCalls {
    /** A time that has passed: the call does not wait. */
    private static final MemorySegment PAST = Arena.global().allocate(16, 8);

    private final Descriptor descriptor;
    private final int messageBytes;

    QueueCalls(Descriptor descriptor, int messageBytes) {
        this.descriptor = descriptor;
        this.messageBytes = messageBytes;
    }

    /** The length in the lower half, the priority in the upper one. */
    long receive(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            return receiveBlocking(buffer);
        }
        checkInterrupt(timeoutNanos);
        long got = receiveNow(buffer);
        if (got != -EAGAIN || timeoutNanos == 0) {
            return got;
        }
        if (Offload.needed()) {
            return Offload.call(() -> receive(buffer, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while (got == -EAGAIN && descriptor.await(Poll.POLLIN, deadline)) {
            got = receiveNow(buffer);
        }
        return got;
    }

    long send(MemorySegment message, long length, int priority, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            return sendBlocking(message, length, priority);
        }
        checkInterrupt(timeoutNanos);
        long put = sendNow(message, length, priority);
        if (put != -EAGAIN || timeoutNanos == 0) {
            return put;
        }
        if (Offload.needed()) {
            return Offload.call(() -> send(message, length, priority, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while (put == -EAGAIN && descriptor.await(Poll.POLLOUT, deadline)) {
            put = sendNow(message, length, priority);
        }
        return put;
    }

    private static void checkInterrupt(long timeoutNanos) throws InterruptedException {
        if (timeoutNanos != 0 && Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private long receiveBlocking(MemorySegment buffer) throws InterruptedException {
        try (Blocked blocked = descriptor.gate().block(Deadline.FOREVER)) {
            for (; ; ) {
                long got = receive(buffer, MemorySegment.NULL);
                if (got != -EINTR) {
                    return got;
                }
                blocked.goOn();
            }
        }
    }

    private long sendBlocking(MemorySegment message, long length, int priority)
            throws InterruptedException {
        try (Blocked blocked = descriptor.gate().block(Deadline.FOREVER)) {
            for (; ; ) {
                long put = send(message, length, priority, MemorySegment.NULL);
                if (put != -EINTR) {
                    return put;
                }
                blocked.goOn();
            }
        }
    }

    private long receiveNow(MemorySegment buffer) {
        descriptor.gate().enter();
        try {
            long got;
            do {
                got = receive(buffer, PAST);
            } while (got == -EINTR);
            return got == -ETIMEDOUT ? -EAGAIN : got;
        } finally {
            descriptor.gate().exit();
        }
    }

    private long sendNow(MemorySegment message, long length, int priority) {
        descriptor.gate().enter();
        try {
            long put;
            do {
                put = send(message, length, priority, PAST);
            } while (put == -EINTR);
            return put == -ETIMEDOUT ? -EAGAIN : put;
        } finally {
            descriptor.gate().exit();
        }
    }

    private long receive(MemorySegment buffer, MemorySegment until) {
        MemorySegment priority = Scratch.bytes();
        long got = Mqueue.timedreceive(descriptor.fd(), buffer, messageBytes, priority, until);
        return got < 0 ? got : (long) priority.get(JAVA_INT, 0) << 32 | got;
    }

    private long send(MemorySegment message, long length, int priority, MemorySegment until) {
        return Mqueue.timedsend(descriptor.fd(), message, length, priority, until);
    }
}
