// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.ECONNREFUSED;
import static dev.kith.kernel.Errno.ECONNRESET;
import static dev.kith.kernel.Errno.ENOTCONN;
import static dev.kith.kernel.Errno.EPIPE;
import static dev.kith.kernel.Errno.EPROTOTYPE;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Errno;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.SysUn;
import dev.kith.kernel.Unistd;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A Unix datagram socket: messages, each whole and in order, from any number of senders to one
 * name. Unlike those of UDP none is lost: who sends faster than the other receives waits.
 *
 * <pre>{@code
 * try (var log = UnixDatagramSocket.bind("/run/user/1000/log");      // one process
 *         var message = log.receive(buffer)) { … }
 *
 * try (var log = UnixDatagramSocket.connect("/run/user/1000/log")) {  // many others
 *     log.send(text);
 * }
 * }</pre>
 *
 * <p>A name is a path, or {@code @name} in the abstract namespace; it has at most 107 bytes. How
 * many messages wait at one receiver says /proc/sys/net/unix/max_dgram_qlen (10 as a rule), how
 * long each can be {@link UnixOptions#maxPacketBytes()}. Who sends to a receiver that has ended
 * gets {@link PeerDied}; who receives does not hear of the end of a sender. Any number of threads
 * may send and receive, and so may other processes that the socket was handed over to; each message
 * goes to one.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixDatagramSocket implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;
    private static final int TYPE = SysSocket.SOCK_DGRAM;

    private final transient StreamSocket socket;
    private final transient UnixTransfer transfer;
    private final transient boolean connected;
    private final transient String path;

    /** Which file it made, or null if none. */
    private final transient StalePath.FileId file;

    private UnixDatagramSocket(
            int fd, String what, boolean connected, String path, StalePath.FileId file) {
        this.socket = new StreamSocket(fd, what);
        this.transfer = new UnixTransfer(socket, TYPE);
        this.connected = connected;
        this.path = path;
        this.file = file;
    }

    /**
     * Takes a name, to receive what is sent there.
     *
     * @param name a path, {@code @name} in the abstract namespace, or {@code @} for one of those
     *     that the kernel picks ({@link #localName()} tells which)
     * @return the socket; closing it removes the path
     * @throws dev.kith.AlreadyExists if a living socket has that name, or the path is something
     *     else; what a dead process left behind is taken over
     */
    public static UnixDatagramSocket bind(String name) {
        return bind(name, 0600);
    }

    /**
     * Takes a name, to receive what is sent there.
     *
     * @param name as for {@link #bind(String)}
     * @param mode permission bits of a path, less the umask; who may write may send
     * @return the socket; closing it removes the path
     * @throws dev.kith.AlreadyExists if a living socket has that name, or the path is something
     *     else
     */
    public static UnixDatagramSocket bind(String name, int mode) {
        // Absolute: another process that gets the socket may be in another directory. Before the
        // name is taken: it may be none that Java knows.
        String path = UnixOpening.isAbstract(name) ? "" : Path.of(name).toAbsolutePath().toString();
        int fd = UnixOpening.socket(TYPE);
        StalePath.FileId file = UnixOpening.bind(fd, name, mode);
        return new UnixDatagramSocket(fd, "datagram socket " + name, false, path, file);
    }

    /**
     * Makes a socket without a name: it can send, and nobody can answer.
     *
     * @return the socket
     */
    public static UnixDatagramSocket open() {
        return new UnixDatagramSocket(
                UnixOpening.socket(TYPE), "datagram socket without a name", false, "", null);
    }

    /**
     * Makes a socket that sends to one name.
     *
     * @param name a path, or {@code @name}
     * @return the socket
     * @throws dev.kith.NotFound if no socket has that name
     * @throws dev.kith.Denied if its permissions do not let this user send
     */
    public static UnixDatagramSocket connect(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SysUn.address(arena, name);
            int fd = UnixOpening.socket(TYPE);
            int error = SysSocket.connect(fd, address, (int) address.byteSize());
            if (error < 0) {
                throw StreamSocket.abandon(
                        fd, "connect(\"" + name + "\")", error, advice(name, error));
            }
            return new UnixDatagramSocket(fd, "datagram socket to " + name, true, "", null);
        }
    }

    /**
     * Takes over a datagram socket that came from elsewhere: another process, the service manager.
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the socket; closing it leaves a path where it is
     * @throws IllegalArgumentException if it is no Unix datagram socket
     */
    public static UnixDatagramSocket own(Fd fd) {
        boolean connected = UnixOpening.hasPeer(fd);
        return new UnixDatagramSocket(
                UnixOpening.release(fd, TYPE, false),
                "datagram socket that came as " + fd,
                connected,
                "",
                null);
    }

    /**
     * Makes two sockets without a name that send to each other.
     *
     * @return the two ends
     */
    public static UnixDatagramPair pair() {
        int[] fds = UnixOpening.pair(TYPE);
        return new UnixDatagramPair(
                new UnixDatagramSocket(
                        fds[0], "first end of a pair of datagram sockets", true, "", null),
                new UnixDatagramSocket(
                        fds[1], "second end of a pair of datagram sockets", true, "", null));
    }

    /**
     * Sends to the name that it was connected to; waits while the receiver has no room.
     *
     * @param message native memory, the whole of it; may be empty
     * @param handles open files to pass along, at most 253
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws PeerDied if the receiver is gone
     * @throws IpcException if it is longer than {@link UnixOptions#maxPacketBytes()}
     */
    public void send(MemorySegment message, HasFd... handles) throws InterruptedException {
        sendWithin(message, List.of(handles), Deadline.FOREVER);
    }

    /**
     * Sends to the name that it was connected to, waiting a limited time for room.
     *
     * @param message native memory, the whole of it; may be empty
     * @param handles open files to pass along, at most 253
     * @param timeout how long to wait at most; zero does not wait
     * @return false if the receiver had no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws PeerDied if the receiver is gone
     * @throws IpcException if it is longer than {@link UnixOptions#maxPacketBytes()}
     */
    public boolean trySend(MemorySegment message, List<? extends HasFd> handles, Duration timeout)
            throws InterruptedException {
        return sendWithin(message, List.copyOf(handles), Deadline.nanos(timeout));
    }

    /**
     * Sends to a name; waits while the receiver has no room.
     *
     * @param name a path, or {@code @name}
     * @param message native memory, the whole of it; may be empty
     * @param handles open files to pass along, at most 253
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.NotFound if no socket has that name
     * @throws IpcException if it is longer than {@link UnixOptions#maxPacketBytes()}
     */
    public void sendTo(String name, MemorySegment message, HasFd... handles)
            throws InterruptedException {
        sendToWithin(name, message, List.of(handles), Deadline.FOREVER);
    }

    /**
     * Sends to a name, waiting a limited time for room.
     *
     * @param name a path, or {@code @name}
     * @param message native memory, the whole of it; may be empty
     * @param handles open files to pass along, at most 253
     * @param timeout how long to wait at most; zero does not wait
     * @return false if the receiver had no room in time
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.NotFound if no socket has that name
     * @throws IpcException if it is longer than {@link UnixOptions#maxPacketBytes()}
     */
    public boolean trySendTo(
            String name, MemorySegment message, List<? extends HasFd> handles, Duration timeout)
            throws InterruptedException {
        return sendToWithin(name, message, List.copyOf(handles), Deadline.nanos(timeout));
    }

    /**
     * Takes a message; waits until there is one.
     *
     * @param buffer native memory that is filled from its start
     * @return its length, the descriptors that were passed along, who sent it; close it. Or the end
     *     that {@link #shutdownInput()} makes
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws IpcException if the message is longer than the buffer; it is lost then
     * @throws dev.kith.Broken if descriptors were lost; those that came are closed
     */
    public UnixMessage receive(MemorySegment buffer) throws InterruptedException {
        return transfer.receive(buffer, Deadline.FOREVER);
    }

    /**
     * Takes a message, waiting a limited time.
     *
     * @param buffer native memory that is filled from its start
     * @param timeout how long to wait at most; zero does not wait
     * @return as {@link #receive}; empty if none came in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws IpcException if the message is longer than the buffer; it is lost then
     * @throws dev.kith.Broken if descriptors were lost; those that came are closed
     */
    public Optional<UnixMessage> tryReceive(MemorySegment buffer, Duration timeout)
            throws InterruptedException {
        return Optional.ofNullable(transfer.receive(buffer, Deadline.nanos(timeout)));
    }

    /**
     * Waits for the next message and tells how long it is, without taking it; another receiver may.
     *
     * @return bytes
     * @throws InterruptedException if the thread was interrupted
     */
    public int nextLength() throws InterruptedException {
        return transfer.nextLength(Deadline.FOREVER);
    }

    /**
     * Waits a limited time for the next message and tells how long it is, without taking it.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return bytes; empty if none came in time
     * @throws InterruptedException if the thread was interrupted
     */
    public OptionalInt nextLength(Duration timeout) throws InterruptedException {
        return UnixTransfer.inTime(transfer.nextLength(Deadline.nanos(timeout)));
    }

    /**
     * Ends what this socket receives, here and in every process that shares it: what is there is
     * still received, then the end ({@link UnixMessage#isEnd()}); who sends to it gets {@link
     * PeerDied}. shutdown(2)
     */
    public void shutdownInput() {
        socket.shutdownInput();
    }

    /**
     * Who made the pair.
     *
     * @return the process; empty on a socket that is no end of a pair
     */
    public Optional<Peer> peer() {
        return UnixPeer.of(socket);
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
     * Its own name, to which others may send.
     *
     * @return a path or {@code @name}; empty if none
     */
    public Optional<String> localName() {
        return UnixOpening.name(socket, true);
    }

    /**
     * The name that it sends to.
     *
     * @return a path or {@code @name}; empty if it was not connected, or the other side has none
     */
    public Optional<String> remoteName() {
        return UnixOpening.name(socket, false);
    }

    /**
     * Keeps this process's copy open when the socket is handed over to a child.
     *
     * @return this
     */
    public UnixDatagramSocket keep() {
        socket.keep();
        return this;
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    @Override
    public int duplicateFd() {
        return socket.duplicateFd();
    }

    @Override
    public boolean isReady() {
        return socket.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return socket.whenReady(wake);
    }

    /** Closes this process's copy, and removes the path, if it is still the one that was made. */
    @Override
    public void close() {
        if (file != null
                && !socket.descriptor().gate().isClosed()
                && file.equals(StalePath.file(path))) {
            Unistd.unlink(path);
        }
        socket.close();
    }

    @Override
    public String toString() {
        return socket.toString();
    }

    private boolean sendWithin(
            MemorySegment message, List<? extends HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        long put = transmit(message, handles, MemorySegment.NULL, timeoutNanos);
        if (put >= 0 || put == -EAGAIN) {
            return put >= 0;
        }
        String call = "sendmsg(" + socket + ", " + message.byteSize() + ")";
        int errno = (int) -put;
        boolean gone =
                errno == ECONNREFUSED || errno == ENOTCONN || errno == EPIPE || errno == ECONNRESET;
        if (gone && connected) {
            throw new PeerDied(
                    call
                            + ": "
                            + Errno.symbol(errno)
                            + " ("
                            + Errno.text(errno)
                            + "); the receiver has closed its socket or ended",
                    call,
                    errno,
                    Optional.empty());
        }
        if (errno == ENOTCONN) {
            throw Errors.of(call, put, "say where to: sendTo(name, …), or connect(name)");
        }
        throw transfer.sendFailed(call, put, message);
    }

    private boolean sendToWithin(
            String name, MemorySegment message, List<? extends HasFd> handles, long timeoutNanos)
            throws InterruptedException {
        // An automatic arena: a virtual thread's send is made by another thread.
        MemorySegment to = SysUn.address(Arena.ofAuto(), name);
        long put = transmit(message, handles, to, timeoutNanos);
        if (put >= 0 || put == -EAGAIN) {
            return put >= 0;
        }
        String call = "sendmsg(\"" + name + "\", " + message.byteSize() + ")";
        String advice = advice(name, (int) put);
        throw advice.isEmpty()
                ? transfer.sendFailed(call, put, message)
                : Errors.of(call, put, advice);
    }

    private long transmit(
            MemorySegment message,
            List<? extends HasFd> handles,
            MemorySegment to,
            long timeoutNanos)
            throws InterruptedException {
        return Outgoing.send(socket.descriptor(), message, handles, false, to, timeoutNanos);
    }

    private static String advice(String name, int error) {
        return switch (-error) {
            case Errno.EACCES -> "its permissions do not let you send: see ls -l " + name;
            case EPROTOTYPE -> "a socket of another type has that name, not SOCK_DGRAM";
            case Errno.EPERM -> "it is connected to another socket and takes from that one only";
            case Errno.ENOENT, ECONNREFUSED ->
                    "nobody receives there: start the receiver first, as with kith recv"
                            + " unix+dgram:"
                            + name;
            default -> "";
        };
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(socket.give(this), connected, path, file, socket.toString());
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a socket travels as a descriptor");
    }

    /** A socket on its way to another process, which is to remove the path from then on. */
    private record Travelling(
            int index, boolean connected, String path, StalePath.FileId file, String what)
            implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return Handover.current(what)
                    .take(
                            index,
                            fd ->
                                    isBoundThere(fd)
                                            ? new UnixDatagramSocket(
                                                    fd, what, connected, path, file)
                                            : new UnixDatagramSocket(
                                                    fd, what, connected, "", null));
        }

        /**
         * What a peer says is not believed: a close would remove whatever file it names. The kernel
         * knows what the socket is bound to; of a relative path it does not know where, and the
         * path stays.
         */
        private boolean isBoundThere(int fd) {
            return file != null
                    && path.startsWith("/")
                    && path.equals(UnixOpening.localName(fd))
                    && StalePath.isSocket(path);
        }
    }
}
