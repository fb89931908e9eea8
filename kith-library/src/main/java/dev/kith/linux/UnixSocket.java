// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.linux.UnixTransfer.inTime;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Peer;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.SegmentInput;
import dev.kith.blocking.SegmentOutput;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * One end of a connected Unix socket: bytes or packets in both directions between two processes of
 * one machine, and open files along with them.
 *
 * <pre>{@code
 * try (var socket = UnixSocket.connect("/run/user/1000/jobs")) {
 *     socket.write(request);
 *     int length = socket.read(buffer);
 * }
 * }</pre>
 *
 * <p>A method with a time-out throws what its twin without one does. A name is a path, or
 * {@code @name} in the abstract namespace, which is gone with its listener; it has at most 107
 * bytes. Any number of threads may read and write. When the other side closes or dies, reads give
 * what it had sent, then the end; writes throw {@link dev.kith.PeerDied}. A socket that a task for
 * a child captures is handed over: this process's copy is closed when the child has it.
 *
 * <p>On a socket of type SEQPACKET a write sends one packet, whole, and a read takes one. One that
 * is longer than the buffer is refused by an {@link dev.kith.IpcException} with both lengths, and
 * lost: {@link #nextLength()} tells beforehand. An empty packet is not the end: {@link #receive}
 * tells them apart (for which it has the kernel stamp what this end receives, SO_TIMESTAMP), and
 * {@code read} refuses it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixSocket implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient StreamSocket stream;
    private final transient UnixTransfer transfer;
    private final transient SocketType type;

    UnixSocket(int fd, SocketType type, String what) {
        this.stream = new StreamSocket(fd, what);
        this.type = type;
        this.transfer = new UnixTransfer(stream, type.number);
    }

    /**
     * Connects a stream to a listener; waits while its backlog is full.
     *
     * @param name a path, or {@code @name}
     * @return the connected socket
     * @throws dev.kith.NotFound if there is no such socket, or nobody listens on it
     * @throws dev.kith.Denied if its permissions do not let this user in
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static UnixSocket connect(String name) throws InterruptedException {
        return connect(SocketType.STREAM, name);
    }

    /**
     * Connects a stream to a listener, waiting a limited time while its backlog is full.
     *
     * @param name a path, or {@code @name}
     * @param timeout how long to wait at most; zero does not wait
     * @return the connected socket; empty if the listener accepted nobody in time
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static Optional<UnixSocket> connect(String name, Duration timeout)
            throws InterruptedException {
        return connect(SocketType.STREAM, name, timeout);
    }

    /**
     * Connects to a listener; waits while its backlog is full.
     *
     * @param type the type that the listener has
     * @param name a path, or {@code @name}
     * @return the connected socket
     * @throws dev.kith.NotFound if there is no such socket, or nobody listens on it
     * @throws dev.kith.Denied if its permissions do not let this user in
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static UnixSocket connect(SocketType type, String name) throws InterruptedException {
        return connect(type, name, Deadline.FOREVER).orElseThrow();
    }

    /**
     * Connects to a listener, waiting a limited time while its backlog is full.
     *
     * @param type the type that the listener has
     * @param name a path, or {@code @name}
     * @param timeout how long to wait at most; zero does not wait
     * @return the connected socket; empty if the listener accepted nobody in time
     * @throws InterruptedException if the thread was interrupted while it waited
     */
    public static Optional<UnixSocket> connect(SocketType type, String name, Duration timeout)
            throws InterruptedException {
        return connect(type, name, Deadline.nanos(timeout));
    }

    /**
     * Makes two connected streams without a name.
     *
     * @return the two ends
     */
    public static UnixSocketPair pair() {
        return pair(SocketType.STREAM);
    }

    /**
     * Makes two connected sockets without a name.
     *
     * @param type what they carry
     * @return the two ends
     */
    public static UnixSocketPair pair(SocketType type) {
        int[] fds = UnixOpening.pair(type.number);
        return new UnixSocketPair(
                new UnixSocket(fds[0], type, "first end of a socketpair"),
                new UnixSocket(fds[1], type, "second end of a socketpair"));
    }

    /**
     * Takes over a connected socket that came from elsewhere: another process, a native library.
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the socket
     * @throws IllegalArgumentException if it is no Unix socket of a type that connects
     */
    public static UnixSocket own(Fd fd) {
        SocketType type = UnixOpening.type(fd);
        int owned = UnixOpening.release(fd, type.number, false);
        return new UnixSocket(owned, type, "Unix socket that came as " + fd);
    }

    /**
     * What it carries.
     *
     * @return bytes or packets
     */
    public SocketType type() {
        return type;
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
        return transfer.read(buffer, Deadline.FOREVER);
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
        return inTime(transfer.read(buffer, Deadline.nanos(timeout)));
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
        return transfer.write(buffer, Deadline.FOREVER);
    }

    /**
     * Writes as much as there is room for, waiting a limited time for any.
     *
     * @param buffer native memory
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were written; empty if there was no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was written
     */
    public OptionalInt tryWrite(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        return inTime(transfer.write(buffer, Deadline.nanos(timeout)));
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
        return transfer.read(buffer, descriptors, Deadline.FOREVER);
    }

    /**
     * Reads what is there, with descriptors that were passed, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param descriptors as in {@link #read(MemorySegment, Consumer)}
     * @param timeout how long to wait at most; zero does not wait
     * @return how many bytes were read, 0 at the end of the stream; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was read
     */
    public OptionalInt tryRead(
            MemorySegment buffer, Consumer<? super Fd> descriptors, Duration timeout)
            throws InterruptedException {
        return inTime(transfer.read(buffer, descriptors, Deadline.nanos(timeout)));
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
        return transfer.write(buffer, List.of(handles), Deadline.FOREVER);
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
     */
    public OptionalInt tryWrite(
            MemorySegment buffer, List<? extends HasFd> handles, Duration timeout)
            throws InterruptedException {
        return inTime(transfer.write(buffer, List.copyOf(handles), Deadline.nanos(timeout)));
    }

    /**
     * Receives what is there with all that the kernel tells of it; waits until there is something.
     *
     * @param buffer native memory that is filled from its start
     * @return how many bytes came, the descriptors that were passed along, who sent it; close it.
     *     Or the end
     * @throws InterruptedException if the thread was interrupted; nothing was received
     * @throws dev.kith.PeerDied if the other side ended without reading what it was sent
     * @throws dev.kith.Broken if descriptors were lost; those that came are closed
     */
    public UnixMessage receive(MemorySegment buffer) throws InterruptedException {
        return transfer.receive(buffer, Deadline.FOREVER);
    }

    /**
     * Receives what is there with all that the kernel tells of it, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param timeout how long to wait at most; zero does not wait
     * @return as {@link #receive}; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted; nothing was received
     */
    public Optional<UnixMessage> tryReceive(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        return Optional.ofNullable(transfer.receive(buffer, Deadline.nanos(timeout)));
    }

    /**
     * Waits for the next packet and tells how long it is, without taking it; another reader may.
     *
     * @return bytes; 0 for an empty packet and at the end
     * @throws InterruptedException if the thread was interrupted
     * @throws UnsupportedOperationException if it is a stream
     */
    public int nextLength() throws InterruptedException {
        return transfer.nextLength(Deadline.FOREVER);
    }

    /**
     * Waits a limited time for the next packet and tells how long it is, without taking it.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return bytes, 0 for an empty packet and at the end; empty if nothing came in time
     * @throws InterruptedException if the thread was interrupted
     * @throws UnsupportedOperationException if it is a stream
     */
    public OptionalInt nextLength(Duration timeout) throws InterruptedException {
        return inTime(transfer.nextLength(Deadline.nanos(timeout)));
    }

    /**
     * The socket for code that knows {@link java.nio}.
     *
     * @return a channel; closing it closes the socket
     */
    public UnixChannel channel() {
        return new UnixChannel(this);
    }

    /**
     * What is received as a stream, for code that knows no segments. An interrupt is reported as
     * {@link java.io.InterruptedIOException}.
     *
     * @return a stream of the bytes; closing it closes the socket
     */
    public InputStream inputStream() {
        return new SegmentInput(this::read, this::close, this);
    }

    /**
     * What is received as a stream whose reads give up after a time, as those of {@link
     * java.net.Socket#setSoTimeout} do.
     *
     * @param timeout how long one read waits at most; then it throws {@link
     *     java.net.SocketTimeoutException}, and the stream can be read on
     * @return a stream of the bytes; closing it closes the socket
     */
    public InputStream inputStream(Duration timeout) {
        return new UnixInput(this, timeout);
    }

    /**
     * What is sent as a stream, for code that knows no segments; every write goes at once.
     *
     * @return a stream of the bytes; closing it closes the socket
     */
    public OutputStream outputStream() {
        return new SegmentOutput(this::write, this::close, this);
    }

    /** Ends what this side sends: the other side reads the end; reading goes on. shutdown(2) */
    public void shutdownOutput() {
        stream.shutdownOutput();
    }

    /**
     * Ends what this side receives: what is there is still read, then the end; the other side's
     * writes throw {@link dev.kith.PeerDied}. shutdown(2)
     */
    public void shutdownInput() {
        stream.shutdownInput();
    }

    /**
     * Who was on the other side when the connection was made: SO_PEERCRED. To one who connected,
     * that is who listened; the ends of a pair have both been made by one process.
     *
     * @return the process, also if it has ended since ({@link Peer#ended}); empty if the kernel
     *     does not know
     */
    public Optional<Peer> peer() {
        return UnixPeer.of(stream);
    }

    /**
     * The process on the other side, held so that its number cannot become another's: SO_PEERPIDFD.
     * Before Linux 6.5 it is opened by its number and compared with the start time that is seen
     * now: between the connection and this call another process may have got the number.
     *
     * @return a handle that notices its end; close it
     * @throws dev.kith.NotFound if it has ended and been waited for, on a kernel that keeps nothing
     */
    public PidFd peerPidFd() {
        return UnixPeer.pidFd(stream);
    }

    /**
     * Its options.
     *
     * @return buffers, and whether every message tells who sent it; to be read and set
     */
    public UnixOptions options() {
        return transfer.options();
    }

    /**
     * The name of this side.
     *
     * @return a path or {@code @name}: that of the listener if it was accepted; empty if none
     */
    public Optional<String> localName() {
        return UnixOpening.name(stream, true);
    }

    /**
     * The name of the other side.
     *
     * @return a path or {@code @name}: that of the listener if it was connected to; empty if none
     */
    public Optional<String> remoteName() {
        return UnixOpening.name(stream, false);
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

    boolean isClosed() {
        return stream.descriptor().gate().isClosed();
    }

    private static Optional<UnixSocket> connect(SocketType type, String name, long timeoutNanos)
            throws InterruptedException {
        int fd = UnixOpening.connect(type.number, name, timeoutNanos);
        return fd < 0
                ? Optional.empty()
                : Optional.of(new UnixSocket(fd, type, type.noun() + " to " + name));
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(stream.give(this), type, stream.toString());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a socket travels as a descriptor");
    }

    /** A socket on its way to another process. */
    private record Travelling(int index, SocketType type, String what) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return Handover.current(what).take(index, fd -> new UnixSocket(fd, type, what));
        }
    }
}
