// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.ECONNREFUSED;
import static dev.kith.kernel.Errno.ENOENT;

import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysFile;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.SysUn;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/*
 * Taking the path of a dead socket away, and never that of a living one.
 *
 * A path goes stale when the last socket that was bound to it is closed without an unlink, by kill
 * -9 say. bind(2) makes a new file or fails, so the path must be removed before it can be bound
 * again; and the kernel removes by name, not by file. Between the look and the removal somebody
 * else may have removed the stale file and bound the name: a plain unlink would take the living
 * name away. Hence, in this order:
 *
 * 1. A lock of the directory (flock(2); no lock file) keeps the starters of this library apart from
 *    the look to the removal. It falls when its holder is killed.
 * 2. The file is opened by O_PATH. While that descriptor is open its inode number is not given to
 *    another file, so "the same inode" means "the same file".
 * 3. It is asked whether any socket is bound to that file: by connecting a *datagram* socket to
 *    /proc/self/fd/N, which names the file and not the path. Nobody bound: ECONNREFUSED. A stream or
 *    seqpacket socket: EPROTOTYPE, whether it listens already or not, and it never hears of the
 *    question. A datagram socket: success, and it does not hear of it either. A file that nobody is
 *    bound to stays so for ever: bind always makes a new one.
 * 4. The path is renamed to a name of its own, and the file under that name is compared with the
 *    one of step 2. If it is the same, it is removed. If not, a program that knows nothing of the
 *    lock has bound the name between 3 and 4: its file is put back by link(2), which never replaces.
 *
 * Then the caller binds, and of several only one succeeds: bind is atomic.
 */
/** Removes the path that a dead Unix socket has left behind. */
final class StalePath {
    private static final System.Logger LOG = System.getLogger("dev.kith");
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
    private static final int SOCKET = 0xC;

    private StalePath() {}

    /**
     * Removes a path if it is that of a dead socket.
     *
     * @return whether it is worth while to bind again
     */
    static boolean remove(String name) {
        Path path = Path.of(name).toAbsolutePath();
        int lock = lock(path.getParent());
        if (lock == -EAGAIN) {
            return false;
        }
        try {
            return removeAlone(path);
        } finally {
            if (lock >= 0) {
                Unistd.close(lock);
            }
        }
    }

    /** Whether it is a socket, alive or not. */
    static boolean isSocket(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            return SysStat.lstat(name, stat) == 0 && Stat.mode(stat) >> 12 == SOCKET;
        }
    }

    /** Which file a path is, or null if there is none. */
    static FileId file(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            return SysStat.lstat(name, stat) == 0 ? FileId.of(stat) : null;
        }
    }

    /** A file, as long as it exists. */
    record FileId(long device, long inode) implements java.io.Serializable {
        static FileId of(MemorySegment stat) {
            return new FileId(Stat.device(stat), Stat.inode(stat));
        }
    }

    private static boolean removeAlone(Path path) {
        int pinned =
                Fcntl.open(path.toString(), Fcntl.O_PATH | Fcntl.O_NOFOLLOW | Fcntl.O_CLOEXEC, 0);
        if (pinned < 0) {
            // Gone meanwhile: its owner closed it, or another starter was here.
            return pinned == -ENOENT;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, 8);
            return SysStat.fstat(pinned, stat) == 0
                    && Stat.mode(stat) >> 12 == SOCKET
                    && nobodyIsBound(pinned)
                    && takeAway(path, FileId.of(stat));
        } finally {
            Unistd.close(pinned);
        }
    }

    private static boolean nobodyIsBound(int pinned) {
        int probe =
                SysSocket.socket(
                        SysSocket.AF_UNIX, SysSocket.SOCK_DGRAM | SysSocket.SOCK_CLOEXEC, 0);
        if (probe < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = SysUn.address(arena, "/proc/self/fd/" + pinned);
            return SysSocket.connect(probe, address, (int) address.byteSize()) == -ECONNREFUSED;
        } finally {
            Unistd.close(probe);
        }
    }

    private static boolean takeAway(Path path, FileId dead) {
        Path aside = path.resolveSibling(".kith-" + UUID.randomUUID());
        try {
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
            if (!dead.equals(file(aside.toString()))) {
                putBack(aside, path);
                return false;
            }
            Files.delete(aside);
        } catch (IOException notAllowed) {
            return false;
        }
        LOG.log(
                System.Logger.Level.INFO,
                "removed the Unix socket {0}, left by a process that ended",
                path);
        return true;
    }

    private static void putBack(Path aside, Path path) throws IOException {
        try {
            Files.createLink(path, aside);
        } finally {
            Files.delete(aside);
        }
    }

    /** The descriptor that holds the lock; -EAGAIN if another has it; else it cannot be had. */
    private static int lock(Path directory) {
        int fd =
                Fcntl.open(
                        directory.toString(),
                        Fcntl.O_RDONLY | Fcntl.O_DIRECTORY | Fcntl.O_CLOEXEC,
                        0);
        if (fd < 0) {
            // A directory that may be written but not read: step 4 alone must do.
            return fd == -EAGAIN ? -ENOENT : fd;
        }
        long deadline = System.nanoTime() + PATIENCE;
        int error;
        while ((error = SysFile.flock(fd, SysFile.LOCK_EX | SysFile.LOCK_NB)) == -EAGAIN
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        if (error < 0) {
            Unistd.close(fd);
            return error;
        }
        return fd;
    }
}
