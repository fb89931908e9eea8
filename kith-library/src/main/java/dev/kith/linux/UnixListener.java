// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EADDRINUSE;
import static dev.kith.kernel.Errno.ECONNREFUSED;

import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Errno;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.SysUn;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Unix stream socket to which others connect.
 *
 * <p>A path is made with mode 0600; {@link #close()} removes it. A path that a dead process left
 * behind is taken over; one on which somebody listens is not. Any number of threads may accept.
 */
public final class UnixListener implements Waitable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.kith");

    private final String name;
    private final StreamListener listener;
    private final Object inode;

    private UnixListener(String name, int fd) {
        this.name = name;
        this.listener = new StreamListener(fd, name);
        this.inode = inode();
    }

    /**
     * Takes a name and listens.
     *
     * @param name a path, or {@code @name} in the abstract namespace
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody listens there, or the path is something else
     */
    public static UnixListener bind(String name) {
        return bind(name, 0600);
    }

    /**
     * Takes a name and listens.
     *
     * @param name a path, or {@code @name} in the abstract namespace
     * @param mode permission bits of a path, less the umask; who may write may connect
     * @return the listener
     * @throws dev.kith.AlreadyExists if somebody listens there, or the path is something else
     */
    public static UnixListener bind(String name, int mode) {
        int fd = UnixSocket.socket();
        // The name gets the mode of the socket, so there is no moment at which others may connect.
        SysStat.fchmod(fd, mode);
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SysUn.address(arena, name);
            int length = (int) address.byteSize();
            error = SysSocket.bind(fd, address, length);
            if (error == -EADDRINUSE && removeStale(name, address, length)) {
                error = SysSocket.bind(fd, address, length);
            }
        } catch (RuntimeException e) {
            Unistd.close(fd);
            throw e;
        }
        if (error == 0) {
            error = SysSocket.listen(fd, StreamListener.BACKLOG);
        }
        if (error < 0) {
            throw StreamSocket.abandon(
                    fd,
                    "bind(\"" + name + "\")",
                    error,
                    error == -EADDRINUSE
                            ? "somebody listens there, or it is another kind of file"
                            : "the directory must exist and be writable");
        }
        return new UnixListener(name, fd);
    }

    /**
     * Removes the path of a socket, as one that was killed leaves behind. Who listens there goes
     * on, but nobody can connect any more.
     *
     * @param name a path
     * @throws dev.kith.NotFound if there is no socket of that name
     */
    public static void unlink(String name) {
        if (name.startsWith("@") || !isSocket(Path.of(name))) {
            throw Errors.of(
                    "unlink(\"" + name + "\")",
                    Errno.ENOENT,
                    "there is no socket of that name to remove");
        }
        Errors.check(
                Unistd.unlink(name), "unlink(\"" + name + "\")", "the directory must be writable");
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
        if (!listener.isClosed() && inode != null && inode.equals(inode())) {
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
        return fd < 0 ? null : new UnixSocket(fd, "Unix socket accepted on " + name);
    }

    /** Removes the path of a socket on which nobody listens any more. */
    private static boolean removeStale(String name, MemorySegment address, int length) {
        if (name.startsWith("@") || !isSocket(Path.of(name))) {
            return false;
        }
        // Asking by a connection would be a peer to the one who listens.
        if (isBound(name)) {
            return false;
        }
        int probe = UnixSocket.socket();
        int error = SysSocket.connect(probe, address, length);
        Unistd.close(probe);
        if (error != -ECONNREFUSED) {
            return false;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "removed the Unix socket {0}, left by a process that ended",
                name);
        return Unistd.unlink(name) == 0;
    }

    /** Whether a process of this network namespace has the path bound, listening already or not. */
    private static boolean isBound(String name) {
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
            return sockets.anyMatch(line -> line.endsWith(" " + name));
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }

    private static boolean isSocket(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) >> 12
                    == 0xC;
        } catch (IOException gone) {
            return false;
        }
    }

    private Object inode() {
        if (name.startsWith("@")) {
            return null;
        }
        try {
            return Files.getAttribute(Path.of(name), "unix:ino", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException gone) {
            return null;
        }
    }
}
