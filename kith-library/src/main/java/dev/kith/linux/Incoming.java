// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;

import dev.kith.Broken;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Buffers;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Offload;
import dev.kith.kernel.Msghdr;
import dev.kith.kernel.Poll;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What one recvmsg(2) brings besides the bytes: descriptors, the sender's credentials and name. One
 * a thread, used again by its next receive: a receive without descriptors costs one system call and
 * allocates nothing.
 */
final class Incoming {
    /** What is wanted besides the bytes; the kernel drops what has no room. */
    enum Wanted {
        NOTHING,
        /** The time stamp, which tells an empty packet from the end. */
        STAMP,
        DESCRIPTORS,
        /** Also who has sent it. */
        EVERYTHING
    }

    private static final ThreadLocal<Incoming> MINE = ThreadLocal.withInitial(Incoming::new);

    private final Msghdr header = new Msghdr(Arena.ofAuto());

    private Incoming() {}

    /** The calling thread's; what is in it lasts until its next receive. */
    static Incoming mine() {
        return MINE.get();
    }

    /**
     * Receives: how many bytes, 0 at the end, or a negative errno; -EAGAIN says that the time has
     * passed.
     *
     * @param flags MSG_TRUNC: the length is that of the packet, also where the buffer is shorter;
     *     MSG_PEEK: it stays
     */
    long receive(
            Descriptor socket, MemorySegment buffer, Wanted wanted, int flags, long timeoutNanos)
            throws InterruptedException {
        Buffers.checkWritable(buffer);
        boolean offload = Offload.needed();
        if (timeoutNanos == Deadline.FOREVER && !offload) {
            return blocking(socket, buffer, wanted, flags);
        }
        long got = now(socket, buffer, wanted, flags);
        if (got != -EAGAIN || timeoutNanos == 0) {
            return got;
        }
        if (offload) {
            return Offload.call(() -> receive(socket, buffer, wanted, flags, timeoutNanos));
        }
        long deadline = Deadline.after(timeoutNanos);
        while (got == -EAGAIN && socket.await(Poll.POLLIN, deadline)) {
            got = now(socket, buffer, wanted, flags);
        }
        return got;
    }

    /** Whether anything came besides the bytes: what the end of a stream never does. */
    boolean hasControl() {
        return header.hasControl();
    }

    /** Where it came from, if that has a name and EVERYTHING was wanted; or empty. */
    String sender() {
        return header.name();
    }

    /** Pid, uid and gid of who sent it, or null if the kernel was not asked to tell. */
    int[] credentials() {
        return header.credentials();
    }

    /** Closes the descriptors that came. */
    void closeDescriptors() {
        header.descriptors().forEach(Unistd::close);
    }

    /**
     * The descriptors that came, which the caller owns from now on.
     *
     * @throws Broken if some were lost; the others are closed
     */
    List<Fd> descriptors(Object socket) {
        boolean lost = (header.flags() & SysSocket.MSG_CTRUNC) != 0;
        if (!lost && !header.hasControl()) {
            return List.of();
        }
        List<Integer> numbers = header.descriptors();
        if (lost) {
            numbers.forEach(Unistd::close);
            throw new Broken(
                    "recvmsg("
                            + socket
                            + "): MSG_CTRUNC (descriptors were lost, arrived="
                            + numbers.size()
                            + ", and were closed); raise the limit of open files (ulimit -n)");
        }
        return owned(numbers);
    }

    /** Hands the descriptors that came to a consumer; those that it does not get are closed. */
    void deliver(Object socket, Consumer<? super Fd> consumer) {
        List<Fd> owned = descriptors(socket);
        for (int i = 0; i < owned.size(); i++) {
            try {
                consumer.accept(owned.get(i));
            } catch (RuntimeException | Error thrown) {
                owned.subList(i, owned.size()).forEach(Fd::close);
                throw thrown;
            }
        }
    }

    private static List<Fd> owned(List<Integer> numbers) {
        List<Fd> owned = new ArrayList<>(numbers.size());
        try {
            for (int number : numbers) {
                owned.add(Fd.own(number));
            }
            return owned;
        } catch (RuntimeException | Error thrown) {
            numbers.subList(owned.size(), numbers.size()).forEach(Unistd::close);
            owned.forEach(Fd::close);
            throw thrown;
        }
    }

    private long blocking(Descriptor socket, MemorySegment buffer, Wanted wanted, int flags)
            throws InterruptedException {
        try (Blocked blocked = socket.gate().block(Deadline.FOREVER)) {
            for (; ; ) {
                long got = once(socket.fd(), buffer, wanted, flags);
                if (got == -EAGAIN) {
                    // Somebody who shares the description has set O_NONBLOCK.
                    socket.poll(Poll.POLLIN, -1);
                } else if (got != -EINTR) {
                    return got;
                }
                blocked.goOn();
            }
        }
    }

    private long now(Descriptor socket, MemorySegment buffer, Wanted wanted, int flags) {
        Blocked call = socket.gate().in();
        try {
            return once(socket.fd(), buffer, wanted, flags | SysSocket.MSG_DONTWAIT);
        } finally {
            socket.gate().out(call);
        }
    }

    private long once(int fd, MemorySegment buffer, Wanted wanted, int flags) {
        header.data(buffer, Math.min(buffer.byteSize(), Integer.MAX_VALUE));
        switch (wanted) {
            case NOTHING -> {}
            case STAMP -> header.expectControl(Msghdr.TIMESTAMP_BYTES);
            case DESCRIPTORS -> header.expectControl();
            case EVERYTHING -> {
                header.expectControl();
                header.expectName();
            }
        }
        return SysSocket.recvmsg(fd, header.segment(), flags | SysSocket.MSG_CMSG_CLOEXEC, buffer);
    }
}
