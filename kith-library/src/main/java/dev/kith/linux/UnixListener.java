// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A Unix socket to which others connect, for streams or for sequences of packets.
 *
 * <p>A path is made with mode 0600; {@link #close()} removes it. A path that a dead process left
 * behind is taken over; one to which a living socket is bound is not, and of several processes that
 * start at once one gets it. Any number of threads may accept.
 */
public final class UnixListener implements HasFd, Waitable, AutoCloseable {
    private final String name;
    private final SocketType type;
    private final StreamListener listener;
    private final StalePath.FileId file;

    private UnixListener(String name, SocketType type, int fd, StalePath.FileId file) {
        this.name = name;
        this.type = type;
        this.listener = new StreamListener(fd, name);
        this.file = file;
    }

    /**
     * Takes a name and listens for streams.
     *
     * @param name a path, or {@code @name} in the abstract namespace
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody has that name, or the path is something else
     */
    public static UnixListener bind(String name) {
        return bind(name, 0600);
    }

    /**
     * Takes a name and listens for streams.
     *
     * @param name a path, or {@code @name} in the abstract namespace
     * @param mode permission bits of a path, less the umask; who may write may connect
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody has that name, or the path is something else
     */
    public static UnixListener bind(String name, int mode) {
        return bind(SocketType.STREAM, name, mode);
    }

    /**
     * Takes a name and listens.
     *
     * @param type what the connections shall carry
     * @param name a path, or {@code @name} in the abstract namespace
     * @param mode permission bits of a path, less the umask; who may write may connect
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody has that name, or the path is something else
     */
    public static UnixListener bind(SocketType type, String name, int mode) {
        int fd = UnixOpening.socket(type.number);
        StalePath.FileId file = UnixOpening.bind(fd, name, mode);
        int error = SysSocket.listen(fd, StreamListener.BACKLOG);
        UnixListener listener = new UnixListener(name, type, fd, file);
        if (error < 0) {
            // Which gives the name back, too.
            listener.close();
            throw Errors.of("listen(\"" + name + "\")", error, "");
        }
        return listener;
    }

    /**
     * Takes over a listening socket that came from elsewhere: another process, the service manager
     * (socket activation).
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the listener; closing it leaves a path where it is
     * @throws IllegalArgumentException if it is no Unix socket that listens
     */
    public static UnixListener own(Fd fd) {
        SocketType type = UnixOpening.type(fd);
        String name = UnixOpening.localName(fd.fd());
        return new UnixListener(name, type, UnixOpening.release(fd, type.number, true), null);
    }

    /**
     * Removes the path of a socket of any type, as one that was killed leaves behind. Who is bound
     * to it goes on, but nobody can reach it any more.
     *
     * @param name a path
     * @throws dev.kith.NotFound if there is no socket of that name
     */
    public static void unlink(String name) {
        UnixOpening.unlink(name);
    }

    /**
     * Waits for the next peer.
     *
     * @return a socket connected to it
     * @throws InterruptedException if the thread was interrupted
     */
    public UnixSocket accept() throws InterruptedException {
        return acceptWithin(Deadline.FOREVER);
    }

    /**
     * Waits a limited time for the next peer.
     *
     * @param timeout how long to wait at most
     * @return a socket connected to it, or empty if none came in time
     * @throws InterruptedException if the thread was interrupted
     */
    public Optional<UnixSocket> accept(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(acceptWithin(Deadline.nanos(timeout)));
    }

    /**
     * The name that it took.
     *
     * @return a path, or {@code @name}
     */
    public String name() {
        return name;
    }

    /**
     * What the connections carry.
     *
     * @return bytes or packets
     */
    public SocketType type() {
        return type;
    }

    @Override
    public int fd() {
        return listener.descriptor().openFd();
    }

    @Override
    public int duplicateFd() {
        return listener.descriptor().duplicate();
    }

    @Override
    public boolean isReady() {
        return listener.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return listener.whenReady(wake);
    }

    /** Stops listening and removes the path, if it is still the one that was made. */
    @Override
    public void close() {
        if (!listener.isClosed() && file != null && file.equals(StalePath.file(name))) {
            Unistd.unlink(name);
        }
        listener.close();
    }

    @Override
    public String toString() {
        return listener.toString();
    }

    private UnixSocket acceptWithin(long timeoutNanos) throws InterruptedException {
        int fd = listener.accept(timeoutNanos, MemorySegment.NULL, MemorySegment.NULL);
        return fd < 0 ? null : new UnixSocket(fd, type, type.noun() + " accepted on " + name);
    }
}
