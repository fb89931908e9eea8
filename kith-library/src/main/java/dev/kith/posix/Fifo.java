// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENXIO;

import dev.kith.IpcException;
import dev.kith.Named;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A named pipe: a path that unrelated processes open to read or to write, as they would a file.
 *
 * <pre>{@code
 * Fifo fifo = Fifo.create(Path.of("/tmp/jobs"));
 * try (PipeReader in = fifo.openForReading()) {   // waits for a writer: echo hello > /tmp/jobs
 *     ...
 * }
 * fifo.unlink();
 * }</pre>
 *
 * <p>Opening one side waits for the other, as the kernel has it. The stream ends for the reader
 * when the last writer has closed; another writer may open it again. A writer without a reader gets
 * {@link dev.kith.PeerDied}. Nothing stays in it when all have closed it.
 *
 * <p>The object is only a name: it holds no descriptor and need not be closed, and a task for a
 * child may capture it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/fifo.7.html">fifo(7)</a>
 */
public final class Fifo implements Named, Serializable {
    private static final long serialVersionUID = 1L;

    private final String path;

    private Fifo(String path) {
        this.path = path;
    }

    /**
     * Makes a FIFO that only this user may open (0600).
     *
     * @param path where; nothing may be there yet
     * @return the FIFO
     * @throws dev.kith.AlreadyExists if there is something of that name
     */
    public static Fifo create(Path path) {
        return create(path, 0600);
    }

    /**
     * Makes a FIFO.
     *
     * @param path where; nothing may be there yet
     * @param mode permission bits; the umask is not applied
     * @return the FIFO
     * @throws dev.kith.AlreadyExists if there is something of that name
     */
    public static Fifo create(Path path, int mode) {
        String name = path.toString();
        int error = SysStat.mkfifo(name, mode);
        if (error < 0) {
            throw Errors.of(
                    "mkfifo(\"" + name + "\", 0" + Integer.toOctalString(mode) + ")",
                    error,
                    error == -EEXIST
                            ? "open it with Fifo.open, or remove it with: kith rm fifo:" + name
                            : "the directory must exist and be writable");
        }
        error = SysStat.chmod(name, mode);
        if (error < 0) {
            Unistd.unlink(name);
            throw Errors.of("chmod(\"" + name + "\")", error, "");
        }
        return new Fifo(name);
    }

    /**
     * The FIFO of a path.
     *
     * @param path where it is
     * @return the FIFO, not opened yet
     * @throws dev.kith.NotFound if there is nothing
     * @throws IpcException if there is something else
     */
    public static Fifo open(Path path) {
        try {
            boolean fifo = (int) Files.getAttribute(path, "unix:mode") >> 12 == 1;
            if (!fifo) {
                throw new IpcException(
                        "open(\""
                                + path
                                + "\"): not a FIFO; make one with: kith create fifo:"
                                + path);
            }
            return new Fifo(path.toString());
        } catch (IOException missing) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw Errors.of(
                        "stat(\"" + path + "\")",
                        EACCES,
                        "its permissions do not let you in: see ls -l " + path);
            }
            throw Errors.of(
                    "open(\"" + path + "\")", ENOENT, "make it with: kith create fifo:" + path);
        }
    }

    /**
     * The FIFO of a path, made (0600) if there is none.
     *
     * @param path where it is or shall be
     * @return the FIFO, not opened yet
     */
    public static Fifo openOrCreate(Path path) {
        try {
            return create(path);
        } catch (dev.kith.AlreadyExists there) {
            return open(path);
        }
    }

    /**
     * Opens it to read; waits for a writer.
     *
     * @return the reading end
     * @throws InterruptedException if the thread was interrupted while there was no writer
     */
    public PipeReader openForReading() throws InterruptedException {
        return new PipeReader(opened(Fcntl.O_RDONLY, "O_RDONLY"), "reading end of " + path);
    }

    /**
     * Opens it to read, waiting a limited time for a writer.
     *
     * @param timeout how long to wait at most
     * @return the reading end, or empty if no writer came in time
     * @throws InterruptedException if the thread was interrupted while there was no writer
     */
    public Optional<PipeReader> tryOpenForReading(Duration timeout) throws InterruptedException {
        int fd = openedWithin(Fcntl.O_RDONLY, "O_RDONLY", timeout);
        return fd < 0
                ? Optional.empty()
                : Optional.of(new PipeReader(fd, "reading end of " + path));
    }

    /**
     * Opens it to read without waiting for a writer. Until the first writer has opened it, a read
     * reports the end of the stream.
     *
     * @return the reading end
     */
    public PipeReader openForReadingNow() {
        int fd = openNow(Fcntl.O_RDONLY);
        if (fd < 0) {
            throw failed("O_RDONLY|O_NONBLOCK", fd);
        }
        // The mode is this description's own; the end is a blocking one like every other.
        Fcntl.fcntl(fd, Fcntl.F_SETFL, Fcntl.O_RDONLY);
        return new PipeReader(fd, "reading end of " + path);
    }

    /**
     * Opens it to write; waits for a reader.
     *
     * @return the writing end
     * @throws InterruptedException if the thread was interrupted while there was no reader
     */
    public PipeWriter openForWriting() throws InterruptedException {
        return new PipeWriter(opened(Fcntl.O_WRONLY, "O_WRONLY"), "writing end of " + path);
    }

    /**
     * Opens it to write if somebody has it open to read.
     *
     * @return the writing end, or empty if there is no reader now
     */
    public Optional<PipeWriter> tryOpenForWriting() {
        int fd = openNow(Fcntl.O_WRONLY);
        if (fd == -ENXIO) {
            return Optional.empty();
        }
        if (fd < 0) {
            throw failed("O_WRONLY|O_NONBLOCK", fd);
        }
        Fcntl.fcntl(fd, Fcntl.F_SETFL, Fcntl.O_WRONLY);
        return Optional.of(new PipeWriter(fd, "writing end of " + path));
    }

    /**
     * Opens it to write, waiting a limited time for a reader.
     *
     * @param timeout how long to wait at most
     * @return the writing end, or empty if no reader came in time
     * @throws InterruptedException if the thread was interrupted while there was no reader
     */
    public Optional<PipeWriter> tryOpenForWriting(Duration timeout) throws InterruptedException {
        int fd = openedWithin(Fcntl.O_WRONLY, "O_WRONLY", timeout);
        return fd < 0
                ? Optional.empty()
                : Optional.of(new PipeWriter(fd, "writing end of " + path));
    }

    @Override
    public String name() {
        return path;
    }

    @Override
    public void unlink() {
        int error = Unistd.unlink(path);
        if (error < 0) {
            throw Errors.of("unlink(\"" + path + "\")", error, "");
        }
    }

    @Override
    public String toString() {
        return "fifo " + path;
    }

    private int opened(int flags, String names) throws InterruptedException {
        int fd = blockingOpen(flags, Deadline.FOREVER, new Gate(path));
        if (fd < 0) {
            throw failed(names, fd);
        }
        return fd;
    }

    /** -EINTR if nobody came in time. */
    private int openedWithin(int flags, String names, Duration timeout)
            throws InterruptedException {
        int fd = blockingOpen(flags, Deadline.after(Deadline.nanos(timeout)), new Gate(path));
        if (fd < 0 && fd != -EINTR) {
            throw failed(names, fd);
        }
        return fd;
    }

    private int blockingOpen(int flags, long deadline, Gate gate) throws InterruptedException {
        if (Offload.needed()) {
            return Offload.call(() -> blockingOpen(flags, deadline, gate));
        }
        try (Blocked blocked = gate.blockUndisturbed(deadline)) {
            for (; ; ) {
                int fd = Fcntl.open(path, flags | Fcntl.O_CLOEXEC, 0);
                if (fd != -EINTR || !blocked.goOn()) {
                    return fd;
                }
            }
        }
    }

    private int openNow(int flags) {
        return Fcntl.open(path, flags | Fcntl.O_NONBLOCK | Fcntl.O_CLOEXEC, 0);
    }

    private IpcException failed(String flags, int error) {
        return Errors.of(
                "open(\"" + path + "\", " + flags + ")",
                error,
                switch (-error) {
                    case EACCES -> "its permissions do not let you in: see ls -l " + path;
                    case ENOENT -> "make it with: kith create fifo:" + path;
                    default -> "";
                });
    }
}
