// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.Waitable;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.SysUn;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * One end of a connected Unix stream socket: bytes in both directions between two processes of one
 * machine.
 *
 * <pre>{@code
 * try (var socket = UnixSocket.connect("/run/user/1000/jobs")) {
 *     socket.write(request);
 *     int length = socket.read(buffer);
 * }
 * }</pre>
 *
 * <p>A name is a path, or {@code @name} in the abstract namespace, which is gone with its listener.
 * Any number of threads may read and write. When the other side closes or dies, reads give what it
 * had sent, then the end of the stream; writes throw {@link dev.kith.PeerDied}. A socket that a
 * task for a child captures is handed over: this process's copy is closed when the child has it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixSocket implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient StreamSocket stream;

    UnixSocket(int fd, String what) {
        this.stream = new StreamSocket(fd, what);
    }

    /**
     * Connects to a listener; waits while its backlog is full.
     *
     * @param name a path, or {@code @name}
     * @return the connected socket
     * @throws dev.kith.NotFound if there is no such socket, or nobody listens on it
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static UnixSocket connect(String name) throws InterruptedException {
        if (Offload.needed()) {
            return Offload.call(() -> connect(name));
        }
        int fd = socket();
        int error;
        try (Arena arena = Arena.ofConfined();
                Blocked blocked = new Gate(name).block(Deadline.FOREVER)) {
            MemorySegment address = SysUn.address(arena, name);
            int length = (int) address.byteSize();
            while ((error = SysSocket.connect(fd, address, length)) == -EINTR) {
                blocked.goOn();
            }
        } catch (InterruptedException | RuntimeException e) {
            Unistd.close(fd);
            throw e;
        }
        if (error < 0) {
            throw StreamSocket.abandon(
                    fd,
                    "connect(\"" + name + "\")",
                    error,
                    error == -EACCES
                            ? "its permissions do not let you in: see ls -l " + name
                            : "is the other side listening? kith listen unix:" + name);
        }
        return new UnixSocket(fd, "Unix socket to " + name);
    }

    /**
     * Makes two connected sockets without a name.
     *
     * @return the two ends
     */
    public static UnixSocketPair pair() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(JAVA_INT, 2);
            Errors.check(
                    SysSocket.socketpair(
                            SysSocket.AF_UNIX,
                            SysSocket.SOCK_STREAM | SysSocket.SOCK_CLOEXEC,
                            0,
                            fds),
                    "socketpair(AF_UNIX, SOCK_STREAM)",
                    "raise the limit of open files (ulimit -n)");
            return new UnixSocketPair(
                    new UnixSocket(fds.getAtIndex(JAVA_INT, 0), "first end of a socketpair"),
                    new UnixSocket(fds.getAtIndex(JAVA_INT, 1), "second end of a socketpair"));
        }
    }

    /**
     * Reads what is there; waits until there is something.
     *
     * @param buffer native memory that is filled from its start
     * @return how many bytes were read; 0 at the end of the stream
     * @throws InterruptedException if the thread was interrupted; nothing was read
     * @throws dev.kith.PeerDied if the other side ended without reading what it was sent
     */
    public int read(MemorySegment buffer) throws InterruptedException {
        return stream.read(buffer);
    }

    /**
     * Reads what is there, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were read, 0 at the end of the stream; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    public OptionalInt tryRead(MemorySegment buffer, Duration timeout) throws InterruptedException {
        return stream.tryRead(buffer, timeout);
    }

    /**
     * Writes; waits until there is room.
     *
     * @param buffer native memory
     * @return how many bytes were written: all of them, unless the wait was cut short by a signal
     * @throws InterruptedException if the thread was interrupted before anything was written
     * @throws dev.kith.PeerDied if the other side is gone
     */
    public int write(MemorySegment buffer) throws InterruptedException {
        return stream.write(buffer);
    }

    /**
     * Writes as much as there is room for, waiting a limited time for any.
     *
     * @param buffer native memory
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were written; empty if there was no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was written
     * @throws dev.kith.PeerDied if the other side is gone
     */
    public OptionalInt tryWrite(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        return stream.tryWrite(buffer, timeout);
    }

    /**
     * Reads what is there, with descriptors that were passed; waits until there is something.
     *
     * <p>Descriptors come with the first byte of what they were written with, and what was written
     * afterwards is not read in the same call. A read without a consumer drops them.
     *
     * @param buffer native memory that is filled from its start
     * @param descriptors gets each descriptor, close-on-exec, in the order in which they were
     *     passed, and owns it; called by this thread before the call returns
     * @return how many bytes were read; 0 at the end of the stream
     * @throws InterruptedException if the thread was interrupted; nothing was read
     * @throws dev.kith.PeerDied if the other side ended without reading what it was sent
     * @throws dev.kith.Broken if this process may open no more files, so that descriptors were
     *     lost; those that came are closed
     */
    public int read(MemorySegment buffer, Consumer<? super Fd> descriptors)
            throws InterruptedException {
        return checkedRead(buffer, descriptors, Deadline.FOREVER);
    }

    /**
     * Reads what is there, with descriptors that were passed, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param descriptors as in {@link #read(MemorySegment, Consumer)}
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were read, 0 at the end of the stream; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was read
     * @throws dev.kith.PeerDied if the other side ended without reading what it was sent
     * @throws dev.kith.Broken if descriptors were lost; those that came are closed
     */
    public OptionalInt tryRead(
            MemorySegment buffer, Consumer<? super Fd> descriptors, Duration timeout)
            throws InterruptedException {
        int got = checkedRead(buffer, descriptors, Deadline.nanos(timeout));
        return got < 0 ? OptionalInt.empty() : OptionalInt.of(got);
    }

    /**
     * Writes, and passes open files along; waits until there is room. The other side gets
     * descriptors of its own for the same open files; the handles stay open here.
     *
     * @param buffer native memory, not empty: descriptors travel with a byte
     * @param handles pipes, sockets, queues, {@link Fd}s: at most 253 in one call
     * @return how many bytes were written: all of them, unless the wait was cut short by a signal
     * @throws InterruptedException if the thread was interrupted before anything was written
     * @throws dev.kith.PeerDied if the other side is gone
     * @throws dev.kith.Closed if one of the handles is closed; nothing was written
     */
    public int write(MemorySegment buffer, HasFd... handles) throws InterruptedException {
        return checkedWrite(buffer, List.of(handles), Deadline.FOREVER);
    }

    /**
     * Writes as much as there is room for, and passes open files along, waiting a limited time.
     *
     * @param buffer native memory, not empty: descriptors travel with a byte
     * @param handles as in {@link #write(MemorySegment, HasFd...)}
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were written, and all descriptors with them; empty if there was no
     *     room in time, and nothing was passed
     * @throws InterruptedException if the thread was interrupted; nothing was written
     * @throws dev.kith.PeerDied if the other side is gone
     * @throws dev.kith.Closed if one of the handles is closed; nothing was written
     */
    public OptionalInt tryWrite(
            MemorySegment buffer, List<? extends HasFd> handles, Duration timeout)
            throws InterruptedException {
        int put = checkedWrite(buffer, List.copyOf(handles), Deadline.nanos(timeout));
        return put < 0 ? OptionalInt.empty() : OptionalInt.of(put);
    }

    /**
     * Ends what this side sends: the other side reads the end of the stream; reading goes on.
     * shutdown(2)
     */
    public void shutdownOutput() {
        stream.shutdownOutput();
    }

    /**
     * Who was on the other side when the connection was made: SO_PEERCRED.
     *
     * @return the process, or empty if it has ended since
     */
    public Optional<Peer> peer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(SysSocket.UCRED_BYTES, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SysSocket.UCRED_BYTES);
            int error =
                    stream.call(fd ->
                            SysSocket.getsockopt(
                                    fd,
                                    SysSocket.SOL_SOCKET,
                                    SysSocket.SO_PEERCRED,
                                    credentials,
                                    length));
            Errors.check(error, "getsockopt(" + stream + ", SO_PEERCRED)", "");
            return Peer.of(
                    credentials.get(JAVA_INT, SysSocket.UCRED_PID),
                    Integer.toUnsignedLong(credentials.get(JAVA_INT, SysSocket.UCRED_UID)),
                    Integer.toUnsignedLong(credentials.get(JAVA_INT, SysSocket.UCRED_GID)));
        }
    }

    /**
     * Keeps this process's copy open when the socket is handed over to a child.
     *
     * @return this
     */
    public UnixSocket keep() {
        stream.keep();
        return this;
    }

    @Override
    public int fd() {
        return stream.fd();
    }

    @Override
    public int duplicateFd() {
        return stream.duplicateFd();
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return stream.whenReady(wake);
    }

    /** Closes this process's copy of the socket. */
    @Override
    public void close() {
        stream.close();
    }

    @Override
    public String toString() {
        return stream.toString();
    }

    static int socket() {
        return StreamSocket.open(SysSocket.AF_UNIX, "AF_UNIX", 0);
    }

    /** How many bytes, or -1 if nothing came in time. */
    private int checkedRead(
            MemorySegment buffer, Consumer<? super Fd> descriptors, long timeoutNanos)
            throws InterruptedException {
        Incoming incoming = Incoming.mine();
        long got =
                incoming.receive(
                        stream.descriptor(), buffer, Incoming.Wanted.DESCRIPTORS, 0, timeoutNanos);
        if (got == -EAGAIN) {
            return -1;
        }
        int count = stream.checked("recvmsg", got);
        incoming.deliver(this, descriptors);
        return count;
    }

    /** How many bytes, or -1 if there was no room in time. */
    private int checkedWrite(MemorySegment buffer, List<? extends HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        if (buffer.byteSize() == 0 && !handles.isEmpty()) {
            throw new IllegalArgumentException(
                    "an empty buffer carries no descriptors: handles=" + handles.size());
        }
        long put =
                Outgoing.send(
                        stream.descriptor(),
                        buffer,
                        handles,
                        true,
                        MemorySegment.NULL,
                        timeoutNanos);
        if (put == -EAGAIN) {
            return -1;
        }
        int count = stream.checked("sendmsg", put);
        return timeoutNanos == Deadline.FOREVER && count < buffer.byteSize()
                ? writeRest(buffer, count)
                : count;
    }

    private int writeRest(MemorySegment buffer, int done) {
        try {
            return done + stream.write(buffer.asSlice(done));
        } catch (InterruptedException later) {
            // What has gone cannot be taken back; the interrupt is for the next call.
            Thread.currentThread().interrupt();
            return done;
        } catch (PeerDied next) {
            return done;
        }
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(stream.give(this), stream.toString());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a socket travels as a descriptor");
    }

    /** A socket on its way to another process. */
    private record Travelling(int index, String what) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return new UnixSocket(Handover.current(what).take(index), what);
        }
    }
}
