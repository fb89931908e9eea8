// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EOPNOTSUPP;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.kith.kernel.Poll;
import dev.kith.kernel.SysUio;
import dev.kith.kernel.Unistd;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor that this process owns, with reads, writes and waits that can be timed out,
 * interrupted and closed. The descriptor stays in blocking mode, because that mode belongs to the
 * open file description, which other processes may share.
 *
 * <p>Results are as in the kernel: a count, 0 for end of file, or a negative errno; -EAGAIN says
 * that the time given has passed. The handle that owns the descriptor makes the exception.
 */
public final class Descriptor {
    /** Cleared once the kernel says that it cannot do RWF_NOWAIT on pipes (before Linux 6.5). */
    private static volatile boolean nowait = true;

    private final int fd;
    private final Gate gate;

    /** Takes a descriptor over; {@code what} names the handle in messages. */
    public Descriptor(int fd, String what) {
        this.fd = fd;
        this.gate = new Gate(what);
    }

    /** The number, to pass it on; valid while the handle is open. */
    public int fd() {
        return fd;
    }

    /** The gate, for calls of a kind that this class does not have. */
    public Gate gate() {
        return gate;
    }

    /**
     * Closes the descriptor when all calls in flight are out. Only the first call does anything.
     */
    public void close() {
        if (gate.close()) {
            Unistd.close(fd);
        }
    }

    /** Reads at most {@code count} bytes into {@code buffer}. */
    public long read(MemorySegment buffer, long count, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            return readBlocking(buffer, count);
        }
        long got = readNow(buffer, count);
        if (got != -EAGAIN || timeoutNanos == 0) {
            return got;
        }
        if (Offload.needed()) {
            return Offload.call(() -> read(buffer, count, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while (got == -EAGAIN && await(Poll.POLLIN, deadline)) {
            got = readNow(buffer, count);
        }
        return got;
    }

    /** Writes at most {@code count} bytes of {@code buffer}. */
    public long write(MemorySegment buffer, long count, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            return writeBlocking(buffer, count);
        }
        long put = writeNow(buffer, count);
        if (put != -EAGAIN || timeoutNanos == 0) {
            return put;
        }
        if (Offload.needed()) {
            return Offload.call(() -> write(buffer, count, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while (put == -EAGAIN && await(Poll.POLLOUT, deadline)) {
            put = writeNow(buffer, count);
        }
        return put;
    }

    /**
     * Waits for POLLIN or POLLOUT; an error or a hang-up counts as ready.
     *
     * @return false if the deadline has passed
     */
    public boolean await(short events, long deadline) throws InterruptedException {
        if (Offload.needed()) {
            return poll(events, 0) != 0 || Offload.call(() -> await(events, deadline));
        }
        // poll has a time-out of its own: the gate need not wake it.
        try (Blocked blocked = gate.block(Deadline.FOREVER)) {
            for (; ; ) {
                int ready = pollOnce(events, Deadline.pollMillis(deadline));
                if (ready == -EINTR) {
                    blocked.goOn();
                } else if (ready != 0 || Deadline.passed(deadline)) {
                    return ready != 0;
                }
            }
        }
    }

    /** The events of POLLIN, POLLOUT, POLLERR and POLLHUP that hold now; 0 if none of them does. */
    public int poll(short events, int millis) {
        gate.enter();
        try {
            return pollOnce(events, millis) > 0 ? Scratch.bytes().get(JAVA_SHORT, 6) : 0;
        } finally {
            gate.exit();
        }
    }

    private int pollOnce(short events, int millis) {
        MemorySegment pollfd = Scratch.bytes();
        pollfd.set(JAVA_INT, 0, fd);
        pollfd.set(JAVA_SHORT, 4, events);
        pollfd.set(JAVA_SHORT, 6, (short) 0);
        return Poll.poll(pollfd, 1, millis);
    }

    private long readBlocking(MemorySegment buffer, long count) throws InterruptedException {
        try (Blocked blocked = gate.block(Deadline.FOREVER)) {
            for (; ; ) {
                long got = Unistd.read(fd, buffer, count);
                if (got == -EAGAIN) {
                    // Somebody who shares the description has set O_NONBLOCK.
                    pollOnce(Poll.POLLIN, -1);
                } else if (got != -EINTR) {
                    return got;
                }
                blocked.goOn();
            }
        }
    }

    private long writeBlocking(MemorySegment buffer, long count) throws InterruptedException {
        try (Blocked blocked = gate.block(Deadline.FOREVER)) {
            for (; ; ) {
                long put = Unistd.write(fd, buffer, count);
                if (put == -EAGAIN) {
                    pollOnce(Poll.POLLOUT, -1);
                } else if (put != -EINTR) {
                    return put;
                }
                blocked.goOn();
            }
        }
    }

    private long readNow(MemorySegment buffer, long count) {
        gate.enter();
        try {
            if (nowait) {
                long got = SysUio.preadv2(fd, iovec(buffer, count), 1, -1, SysUio.RWF_NOWAIT);
                if (got != -EOPNOTSUPP) {
                    return got;
                }
                nowait = false;
            }
            return pollOnce(Poll.POLLIN, 0) == 0 ? -EAGAIN : Unistd.read(fd, buffer, count);
        } finally {
            gate.exit();
        }
    }

    private long writeNow(MemorySegment buffer, long count) {
        gate.enter();
        try {
            if (nowait) {
                long put = SysUio.pwritev2(fd, iovec(buffer, count), 1, -1, SysUio.RWF_NOWAIT);
                if (put != -EOPNOTSUPP) {
                    return put;
                }
                nowait = false;
            }
            // poll reports room for PIPE_BUF bytes, so that many never block.
            long some = Math.min(count, PIPE_BUF);
            return pollOnce(Poll.POLLOUT, 0) == 0 ? -EAGAIN : Unistd.write(fd, buffer, some);
        } finally {
            gate.exit();
        }
    }

    /**
     * How many bytes one write puts into a pipe as a whole, whatever others write: limits.h,
     * pipe(7).
     */
    public static final int PIPE_BUF = 4096;

    private static MemorySegment iovec(MemorySegment buffer, long count) {
        MemorySegment iovec = Scratch.bytes();
        iovec.set(ADDRESS, 0, buffer);
        iovec.set(JAVA_LONG, 8, count);
        return iovec;
    }
}
