// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EBADF;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.EPIPE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Poll;
import dev.kith.kernel.Unistd;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/**
 * Moves bytes between a pipe and something else without bringing them into the process.
 *
 * <p>The call holds the gate of the pipe's end, and that of the other side if it is an end of a
 * pipe too. Of anything else it has a descriptor of its own, so that a number that is closed and
 * used again cannot mislead it.
 */
final class Splice {
    private static final long MOST = 0x7fff_f000;

    private final String call;
    private final Move move;
    private final Gate gate;
    private final int in;
    private final int out;
    private final String access;

    private Splice(String call, Move move, Gate gate, int in, int out, String access) {
        this.call = call;
        this.move = move;
        this.gate = gate;
        this.in = in;
        this.out = out;
        this.access = access;
    }

    /** splice or tee, without flags. */
    @FunctionalInterface
    private interface Move {
        long move(int in, int out, long count);
    }

    /** How many bytes went out of a pipe; empty if the time has passed. */
    static OptionalLong to(PipeEnd from, HasFd to, long count, long timeoutNanos)
            throws InterruptedException {
        return moved(
                "splice(" + from.what + ", " + to + ", " + count + ")",
                Fcntl::splice,
                from,
                to,
                true,
                count,
                timeoutNanos);
    }

    /** How many bytes came into a pipe; empty if the time has passed. */
    static OptionalLong from(PipeEnd to, HasFd from, long count, long timeoutNanos)
            throws InterruptedException {
        return moved(
                "splice(" + from + ", " + to.what + ", " + count + ")",
                Fcntl::splice,
                to,
                from,
                false,
                count,
                timeoutNanos);
    }

    /** How many bytes were copied to another pipe; empty if the time has passed. */
    static OptionalLong tee(PipeEnd from, PipeWriter to, long count, long timeoutNanos)
            throws InterruptedException {
        return moved(
                "tee(" + from.what + ", " + to + ", " + count + ")",
                Fcntl::tee,
                from,
                to,
                true,
                count,
                timeoutNanos);
    }

    private static OptionalLong moved(
            String call,
            Move move,
            PipeEnd end,
            HasFd other,
            boolean outwards,
            long count,
            long timeoutNanos)
            throws InterruptedException {
        if (count < 1) {
            throw new IllegalArgumentException("count=" + count + ", least=1");
        }
        Gate gate = end.descriptor.gate();
        int copy = other.duplicateFd();
        try {
            int pipe = end.descriptor.fd();
            Splice splice =
                    outwards
                            ? new Splice(call, move, gate, pipe, copy, "write")
                            : new Splice(call, move, gate, copy, pipe, "read");
            return splice.move(gateOf(other, gate), Math.min(count, MOST), timeoutNanos);
        } finally {
            Unistd.close(copy);
        }
    }

    /** The gate of the other side; that of this one again if the other has none that is known. */
    private static Gate gateOf(HasFd other, Gate otherwise) {
        return switch (other) {
            case PipeReader reader -> reader.end.descriptor.gate();
            case PipeWriter writer -> writer.end.descriptor.gate();
            default -> otherwise;
        };
    }

    private OptionalLong move(Gate second, long count, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == 0 && !isReady(second)) {
            return OptionalLong.empty();
        }
        long deadline = Deadline.after(timeoutNanos);
        long moved =
                Offload.needed()
                        ? Offload.call(() -> move(second, count, deadline, timeoutNanos))
                        : move(second, count, deadline, timeoutNanos);
        if (moved == -EAGAIN) {
            return OptionalLong.empty();
        }
        if (moved < 0) {
            throw failed((int) -moved);
        }
        return OptionalLong.of(moved);
    }

    private long move(Gate second, long count, long deadline, long timeoutNanos)
            throws InterruptedException {
        Blocked outer = second.block(Deadline.FOREVER);
        try {
            return move(count, deadline, timeoutNanos);
        } finally {
            outer.close();
        }
    }

    /** The deadline ends the call by a signal: the kernel has no time-out for it. */
    private long move(long count, long deadline, long timeoutNanos) throws InterruptedException {
        try (Blocked blocked = gate.block(deadline)) {
            for (; ; ) {
                long moved = move.move(in, out, count);
                if (moved == -EAGAIN) {
                    // Somebody who shares a description has set O_NONBLOCK.
                    if (timeoutNanos == 0) {
                        return -EAGAIN;
                    }
                    awaitBoth(deadline);
                } else if (moved != -EINTR) {
                    return moved;
                }
                if (!blocked.goOn()) {
                    return -EAGAIN;
                }
            }
        }
    }

    private boolean isReady(Gate second) {
        gate.enter();
        try {
            second.enter();
            try {
                return poll(in, Poll.POLLIN, 0) > 0 && poll(out, Poll.POLLOUT, 0) > 0;
            } finally {
                second.exit();
            }
        } finally {
            gate.exit();
        }
    }

    private void awaitBoth(long deadline) {
        if (poll(in, Poll.POLLIN, Deadline.pollMillis(deadline)) > 0) {
            poll(out, Poll.POLLOUT, Deadline.pollMillis(deadline));
        }
    }

    private static int poll(int fd, short events, int millis) {
        MemorySegment pollfd = Scratch.bytes();
        pollfd.set(JAVA_INT, Poll.POLLFD_FD, fd);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_EVENTS, events);
        pollfd.set(JAVA_SHORT, Poll.POLLFD_REVENTS, (short) 0);
        return Poll.poll(pollfd, 1, millis);
    }

    private IpcException failed(int errno) {
        return Errors.of(
                call,
                errno,
                switch (errno) {
                    case EINVAL ->
                            "not between the ends of one pipe, nor with a file that is opened to"
                                    + " append, a queue, a terminal or an event: read and write"
                                    + " there";
                    case EBADF -> "the other side must be open to " + access;
                    case EPIPE -> "nobody reads it any more";
                    default -> "";
                });
    }
}
