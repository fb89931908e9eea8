// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EMSGSIZE;
import static dev.kith.kernel.Errno.ENOBUFS;
import static dev.kith.kernel.Errno.ETOOMANYREFS;

import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.PeerDied;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.SysSocket;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads and writes of a Unix socket by recvmsg and sendmsg.
 *
 * <p>How an empty packet is told from the end: both are received as 0 bytes, but only a packet
 * comes with control messages. So a seqpacket socket is told to stamp what is received
 * (SO_TIMESTAMP), at its first receive here. Credentials (SO_PASSCRED) would do as well, but give
 * the socket a name.
 */
final class UnixTransfer {
    /** The time did not suffice. */
    static final int NOT_IN_TIME = -1;

    private final StreamSocket socket;
    private final Descriptor descriptor;
    private final UnixOptions options;
    private final int type;
    private volatile boolean stamped;

    UnixTransfer(StreamSocket socket, int type) {
        this.socket = socket;
        this.descriptor = socket.descriptor();
        this.options = new UnixOptions(socket);
        this.type = type;
    }

    UnixOptions options() {
        return options;
    }

    /** What a method with a time-out returns. */
    static OptionalInt inTime(int count) {
        return count == NOT_IN_TIME ? OptionalInt.empty() : OptionalInt.of(count);
    }

    /** Reads without descriptors: how many bytes, 0 at the end, or NOT_IN_TIME. */
    int read(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        if (type != SysSocket.SOCK_STREAM) {
            return readPacket(Incoming.mine(), buffer, Incoming.Wanted.STAMP, timeoutNanos);
        }
        long got = descriptor.read(buffer, StreamSocket.limit(buffer), timeoutNanos);
        return got == -EAGAIN ? NOT_IN_TIME : socket.checked("read", got);
    }

    /** Reads with descriptors: how many bytes, 0 at the end, or NOT_IN_TIME. */
    int read(MemorySegment buffer, Consumer<? super Fd> descriptors, long timeoutNanos)
            throws InterruptedException {
        Incoming incoming = Incoming.mine();
        int got =
                type == SysSocket.SOCK_STREAM
                        ? receive(incoming, buffer, Incoming.Wanted.DESCRIPTORS, 0, timeoutNanos)
                        : readPacket(incoming, buffer, Incoming.Wanted.DESCRIPTORS, timeoutNanos);
        if (got != NOT_IN_TIME) {
            incoming.deliver(socket, descriptors);
        }
        return got;
    }

    /** Receives all there is to know; null if nothing came in time. */
    UnixMessage receive(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        Incoming incoming = Incoming.mine();
        int got =
                type == SysSocket.SOCK_STREAM
                        ? receive(incoming, buffer, Incoming.Wanted.EVERYTHING, 0, timeoutNanos)
                        : receivePacket(incoming, buffer, Incoming.Wanted.EVERYTHING, timeoutNanos);
        if (got == NOT_IN_TIME) {
            return null;
        }
        boolean end = got == 0 && (type == SysSocket.SOCK_STREAM || !incoming.hasControl());
        int[] credentials = incoming.credentials();
        String sender = incoming.sender();
        return new UnixMessage(got, end, incoming.descriptors(socket), credentials, sender);
    }

    /** How long the next packet is, which stays; 0 at the end, or NOT_IN_TIME. */
    int nextLength(long timeoutNanos) throws InterruptedException {
        if (type == SysSocket.SOCK_STREAM) {
            throw new UnsupportedOperationException(socket + ": a stream has no packets");
        }
        return receive(
                Incoming.mine(),
                MemorySegment.NULL,
                Incoming.Wanted.NOTHING,
                SysSocket.MSG_PEEK | SysSocket.MSG_TRUNC,
                timeoutNanos);
    }

    /** Writes: how many bytes, or NOT_IN_TIME. */
    int write(MemorySegment buffer, long timeoutNanos) throws InterruptedException {
        if (type != SysSocket.SOCK_STREAM) {
            return write(buffer, List.of(), timeoutNanos);
        }
        long put = descriptor.write(buffer, StreamSocket.limit(buffer), timeoutNanos);
        return put == -EAGAIN ? NOT_IN_TIME : socket.checked("write", put);
    }

    /** Writes and passes descriptors: how many bytes, or NOT_IN_TIME. */
    int write(MemorySegment buffer, List<? extends HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        boolean stream = type == SysSocket.SOCK_STREAM;
        if (stream && buffer.byteSize() == 0 && !handles.isEmpty()) {
            throw new IllegalArgumentException(
                    "an empty buffer carries no descriptors: handles=" + handles.size());
        }
        long put =
                Outgoing.send(
                        descriptor, buffer, handles, stream, MemorySegment.NULL, timeoutNanos);
        if (put == -EAGAIN) {
            return NOT_IN_TIME;
        }
        if (put < 0) {
            throw sendFailed("sendmsg(" + socket + ", " + buffer.byteSize() + ")", put, buffer);
        }
        return stream && timeoutNanos == Deadline.FOREVER && put < buffer.byteSize()
                ? writeRest(buffer, (int) put)
                : (int) put;
    }

    /** What a send that failed throws, for sockets of every type. */
    IpcException sendFailed(String call, long error, MemorySegment buffer) {
        return Errors.of(
                call,
                error,
                switch ((int) -error) {
                    case EMSGSIZE ->
                            "message too large: length="
                                    + buffer.byteSize()
                                    + ", limit="
                                    + options.maxPacketBytes()
                                    + " (options().sendBufferBytes less 32;"
                                    + " /proc/sys/net/core/wmem_default, wmem_max)";
                    case ENOBUFS ->
                            "the kernel has no room for so long a packet: length="
                                    + buffer.byteSize();
                    case ETOOMANYREFS ->
                            "too many descriptors are on their way and not received: at most as"
                                    + " many as this user may open (ulimit -n)";
                    default -> "the other side has closed it or ended";
                });
    }

    /** As a read: what cannot be told apart there is refused. */
    private int readPacket(
            Incoming incoming, MemorySegment buffer, Incoming.Wanted wanted, long timeoutNanos)
            throws InterruptedException {
        int got = receivePacket(incoming, buffer, wanted, timeoutNanos);
        if (got == 0 && incoming.hasControl()) {
            incoming.closeDescriptors();
            throw new IpcException(
                    "read("
                            + socket
                            + "): an empty packet came, and 0 means the end here; receive() tells"
                            + " them apart");
        }
        return got;
    }

    private int receivePacket(
            Incoming incoming, MemorySegment buffer, Incoming.Wanted wanted, long timeoutNanos)
            throws InterruptedException {
        if (!stamped) {
            Errors.check(
                    options.set(SysSocket.SO_TIMESTAMP, 1),
                    "setsockopt(" + socket + ", SO_TIMESTAMP)",
                    "");
            stamped = true;
        }
        int got = receive(incoming, buffer, wanted, SysSocket.MSG_TRUNC, timeoutNanos);
        if (got > buffer.byteSize()) {
            incoming.closeDescriptors();
            throw new IpcException(
                    "recvmsg("
                            + socket
                            + "): packet longer than the buffer: length="
                            + got
                            + ", limit="
                            + buffer.byteSize()
                            + "; its rest is lost: use a longer buffer, nextLength() tells how"
                            + " long (on a channel: ?buffer=)");
        }
        return got;
    }

    private int receive(
            Incoming incoming,
            MemorySegment buffer,
            Incoming.Wanted wanted,
            int flags,
            long timeoutNanos)
            throws InterruptedException {
        long got = incoming.receive(descriptor, buffer, wanted, flags, timeoutNanos);
        return got == -EAGAIN ? NOT_IN_TIME : socket.checked("recvmsg", got);
    }

    private int writeRest(MemorySegment buffer, int done) {
        try {
            return done + socket.write(buffer.asSlice(done));
        } catch (InterruptedException later) {
            // What has gone cannot be taken back; the interrupt is for the next call.
            Thread.currentThread().interrupt();
            return done;
        } catch (PeerDied next) {
            return done;
        }
    }
}
