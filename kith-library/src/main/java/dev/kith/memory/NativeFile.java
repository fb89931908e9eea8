// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.EISDIR;
import static dev.kith.kernel.Errno.ELOOP;
import static dev.kith.kernel.Errno.ENOENT;
import static dev.kith.kernel.Errno.ENOMEM;
import static dev.kith.kernel.Errno.EOPNOTSUPP;
import static dev.kith.kernel.Fcntl.O_CLOEXEC;
import static dev.kith.kernel.Fcntl.O_NOFOLLOW;
import static dev.kith.kernel.Fcntl.O_NONBLOCK;
import static dev.kith.kernel.Fcntl.O_RDWR;

import dev.kith.Closed;
import dev.kith.Denied;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Flock;
import dev.kith.kernel.Stat;
import dev.kith.kernel.SysMman;
import dev.kith.kernel.SysStat;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A file by system calls. The descriptor is one that this process has opened itself and that no
 * child inherits, so that its locks fall when this process dies and not before.
 */
final class NativeFile implements RegionFile {
    private final Place place;
    private final MemorySegment memory;
    private final long device;
    private final long inode;

    /** -1 once closed. */
    private int fd;

    private NativeFile(Place place, int fd, MemorySegment memory, long device, long inode) {
        this.place = place;
        this.fd = fd;
        this.memory = memory;
        this.device = device;
        this.inode = inode;
    }

    static NativeFile create(Place place, long sizeBytes, Consumer<RegionFile> fill) {
        if (!place.isNamed()) {
            return inDescriptor(place, sizeBytes, fill);
        }
        String directory = place.path().getParent().toString();
        int fd = Fcntl.open(directory, Fcntl.O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (fd == -EOPNOTSUPP || fd == -EISDIR || fd == -EINVAL) {
            return byTemporaryName(place, sizeBytes, fill);
        }
        Errors.check(
                fd,
                "open(\"" + directory + "\", O_TMPFILE)",
                fd == -ENOENT ? "the directory must exist" : "");
        return filled(place, fd, "/proc/self/fd/" + fd, sizeBytes, fill);
    }

    static NativeFile open(Place place, Arena arena) {
        String path = place.path().toString();
        String call = "open(\"" + path + "\", O_RDWR|O_NOFOLLOW)";
        int noFollow = place.isNamed() ? O_NOFOLLOW : 0;
        // O_NONBLOCK: should it be a FIFO, the open must not wait for a reader.
        int fd = Fcntl.open(path, O_RDWR | noFollow | O_NONBLOCK | O_CLOEXEC, 0);
        Errors.check(
                fd,
                call,
                switch (-fd) {
                    case ENOENT -> "nothing is there: kith ls shows what is, kith create makes it";
                    case ELOOP -> "a symbolic link is not followed";
                    case EACCES -> "see its owner and mode with: ls -l " + path;
                    default -> "";
                });
        try {
            return mapped(place, fd, call, arena);
        } catch (RuntimeException failed) {
            Unistd.close(fd);
            throw failed;
        }
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public synchronized boolean lock(long at) {
        checkOpen();
        int error = set(at, Fcntl.F_WRLCK);
        if (error == -EAGAIN || error == -EACCES) {
            return false;
        }
        Errors.check(error, "fcntl(" + place + ", F_OFD_SETLK, F_WRLCK, " + at + ")", "");
        return true;
    }

    @Override
    public synchronized void unlock(long at) {
        if (fd >= 0) {
            set(at, Fcntl.F_UNLCK);
        }
    }

    @Override
    public synchronized boolean isLocked(long at) {
        checkOpen();
        MemorySegment flock = Scratch.bytes();
        Flock.set(flock, Fcntl.F_WRLCK, at, 1);
        Errors.check(
                Fcntl.fcntl(fd, Fcntl.F_OFD_GETLK, flock),
                "fcntl(" + place + ", F_OFD_GETLK, " + at + ")",
                "");
        return Flock.type(flock) != Fcntl.F_UNLCK;
    }

    @Override
    public boolean isStillThere() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stat = arena.allocate(Stat.BYTES, Long.BYTES);
            return place.isNamed()
                    && SysStat.lstat(place.path().toString(), stat) == 0
                    && Stat.inode(stat) == inode
                    && Stat.device(stat) == device;
        }
    }

    @Override
    public void unlink() {
        String path = place.path().toString();
        Errors.check(Unistd.unlink(path), "unlink(\"" + path + "\")", "");
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Unistd.close(fd);
            fd = -1;
        }
    }

    /** Makes the region in a file without a name that somebody made for it. */
    private static NativeFile inDescriptor(Place place, long sizeBytes, Consumer<RegionFile> fill) {
        String path = place.path().toString();
        int fd =
                Errors.check(Fcntl.open(path, O_RDWR | O_CLOEXEC, 0), "open(\"" + path + "\")", "");
        return filled(place, fd, "", sizeBytes, fill);
    }

    /** Where the file system has no files without a name. */
    static NativeFile byTemporaryName(Place place, long sizeBytes, Consumer<RegionFile> fill) {
        String temporary = TemporaryName.beside(place.path()).toString();
        int fd =
                Errors.check(
                        Fcntl.open(
                                temporary,
                                O_RDWR | Fcntl.O_CREAT | Fcntl.O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                0600),
                        "open(\"" + temporary + "\", O_CREAT|O_EXCL, 0600)",
                        "");
        KillPoint.pass();
        try {
            return filled(place, fd, temporary, sizeBytes, fill);
        } finally {
            Unistd.unlink(temporary);
        }
    }

    /** Fills a new file and gives it its name. */
    private static NativeFile filled(
            Place place, int fd, String unnamed, long sizeBytes, Consumer<RegionFile> fill) {
        try {
            KillPoint.pass();
            reserve(place, fd, sizeBytes);
            KillPoint.pass();
            if (place.isNamed()) {
                // What was meant, whatever the umask took away.
                Errors.check(SysStat.fchmod(fd, 0600), "fchmod(" + place + ", 0600)", "");
            }
            NativeFile file = mapped(place, fd, "create(" + place + ")", Arena.ofAuto());
            fill.accept(file);
            KillPoint.pass();
            if (place.isNamed()) {
                link(place, unnamed);
                KillPoint.pass();
            }
            return file;
        } catch (RuntimeException | Error failed) {
            Unistd.close(fd);
            throw failed;
        }
    }

    private static void link(Place place, String unnamed) {
        String path = place.path().toString();
        int error = Unistd.linkat(unnamed, path, Fcntl.AT_SYMLINK_FOLLOW);
        Errors.check(
                error,
                "linkat(\"" + path + "\")",
                error == -EEXIST ? "open it, or remove it with: kith rm " + place : "");
    }

    private static void reserve(Place place, int fd, long sizeBytes) {
        int error;
        do {
            error = Fcntl.posixFallocate(fd, 0, sizeBytes);
        } while (error == EINTR);
        if (error == EOPNOTSUPP || error == EINVAL) {
            // musl does not write where the file system cannot reserve.
            ZeroFill.write(place, "/proc/self/fd/" + fd, sizeBytes);
        } else if (error != 0) {
            throw Room.failed("posix_fallocate", place, sizeBytes, error);
        }
    }

    private static NativeFile mapped(Place place, int fd, String call, Arena arena) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment stat = scratch.allocate(Stat.BYTES, Long.BYTES);
            Errors.check(SysStat.fstat(fd, stat), "fstat(" + place + ")", "");
            if ((Stat.mode(stat) & Stat.S_IFMT) != Stat.S_IFREG) {
                throw Header.broken(
                        place.toString(),
                        "type: expected=a regular file, found=0"
                                + Integer.toOctalString(Stat.mode(stat) & Stat.S_IFMT));
            }
            long size = Stat.size(stat);
            if (size < Header.BYTES) {
                throw Header.broken(
                        place.toString(),
                        "size of the file: expected=" + Header.BYTES + " or more, found=" + size);
            }
            checkOwner(call, Stat.uid(stat));
            MemorySegment memory = map(place, fd, size, arena);
            return new NativeFile(place, fd, memory, Stat.device(stat), Stat.inode(stat));
        }
    }

    /** What another user has put there may be changed or cut by him at any time. */
    private static void checkOwner(String call, int owner) {
        int me = Unistd.geteuid();
        if (owner != me && owner != 0 && me != 0) {
            throw new Denied(
                    call
                            + ": it belongs to another user: expected=uid "
                            + me
                            + ", found=uid "
                            + owner
                            + "; take another name");
        }
    }

    private static MemorySegment map(Place place, int fd, long sizeBytes, Arena arena) {
        int protection = SysMman.PROT_READ | SysMman.PROT_WRITE;
        long address = SysMman.mmap(sizeBytes, protection, SysMman.MAP_SHARED, fd, 0);
        if (address == -ENOMEM) {
            // Mappings end when the collector finds that nobody can reach them.
            System.gc();
            address = SysMman.mmap(sizeBytes, protection, SysMman.MAP_SHARED, fd, 0);
        }
        if (address < 0) {
            throw Errors.of("mmap(" + place + ", " + sizeBytes + ", MAP_SHARED)", address, "");
        }
        return SysMman.mapped(address, sizeBytes, arena);
    }

    private void checkOpen() {
        if (fd < 0) {
            throw new Closed(place + " is closed");
        }
    }

    private int set(long at, short type) {
        MemorySegment flock = Scratch.bytes();
        Flock.set(flock, type, at, 1);
        return Fcntl.fcntl(fd, Fcntl.F_OFD_SETLK, flock);
    }
}
