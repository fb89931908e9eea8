// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.Errno.EACCES;
import static dev.kith.kernel.Errno.EEXIST;
import static dev.kith.kernel.Errno.EIDRM;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.EPERM;

import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Errno;
import dev.kith.kernel.SysIpc;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Which object a handle is of: its kind, its key and its id. What the three handles have in common
 * is here: finding and making, removing, reading and changing the owner and the mode, and how
 * errors read.
 */
record Identity(Kind kind, Key key, int id) implements Serializable {
    private static final long serialVersionUID = 1L;

    static final String DENIED = "its mode does not let this user in: its owner may change that";

    /** msgget, semget or shmget with what else it takes filled in. */
    @FunctionalInterface
    interface Get {
        int call(int key, int flags);
    }

    /** Something to do with a msqid_ds, semid_ds or shmid_ds. */
    @FunctionalInterface
    interface Reader<T> {
        T read(MemorySegment ds);
    }

    /** Makes an object of that key; {@code size} is what msgget has not, with a comma. */
    static Identity create(Kind kind, Key key, String size, int mode, Get get) {
        int id =
                get.call(
                        key.number(),
                        SysIpc.IPC_CREAT | SysIpc.IPC_EXCL | Permissions.checkMode(mode));
        if (id < 0) {
            throw getFailed(kind, key, size + "IPC_CREAT|IPC_EXCL|" + octal(mode), -id);
        }
        return new Identity(kind, key, id);
    }

    /** Makes an object of a key that is free. */
    static Identity createFree(Kind kind, String size, int mode, Get get) {
        for (; ; ) {
            Key key = Key.random();
            int id =
                    get.call(
                            key.number(),
                            SysIpc.IPC_CREAT | SysIpc.IPC_EXCL | Permissions.checkMode(mode));
            if (id >= 0) {
                return new Identity(kind, key, id);
            }
            if (id != -EEXIST) {
                throw getFailed(kind, key, size + "IPC_CREAT|IPC_EXCL|" + octal(mode), -id);
            }
        }
    }

    /** Finds an object; whether this user may use it, the calls on it will say. */
    static Identity open(Kind kind, Key key, String size, Get get) {
        if (key.isPrivate()) {
            throw new IllegalArgumentException(
                    "a private "
                            + kind.noun
                            + " has no key to open it by: use "
                            + kind.handle
                            + ".openId");
        }
        int id = get.call(key.number(), 0);
        if (id < 0) {
            throw getFailed(kind, key, size + "0", -id);
        }
        return new Identity(kind, key, id);
    }

    /** Finds an object, or makes it. */
    static Identity openOrCreate(Kind kind, Key key, String size, int mode, Get get) {
        int id = get.call(key.number(), SysIpc.IPC_CREAT | Permissions.checkMode(mode));
        if (id < 0) {
            throw getFailed(kind, key, size + "IPC_CREAT|" + octal(mode), -id);
        }
        return new Identity(kind, key, id);
    }

    /** Finds an object by its id. */
    static Identity openId(Kind kind, int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ds = kind.allocate(arena);
            int error = kind.control(id, SysIpc.IPC_STAT, ds);
            // Who may not read it may still write to it, and the owner may remove it.
            Key key = error == -EACCES ? Key.PRIVATE : Permissions.read(ds).key();
            Identity identity = new Identity(kind, key, id);
            if (error < 0 && error != -EACCES) {
                throw identity.gone(
                        identity.control("IPC_STAT"),
                        -error,
                        "there is no " + kind.noun + " of this id");
            }
            return identity;
        }
    }

    /** Finds again what travelled; another object may have come to its id. */
    static Identity arrive(Identity sent) {
        Identity found;
        try {
            found = openId(sent.kind, sent.id);
        } catch (NotFound removed) {
            throw sent.removedOnTheWay(removed.errno());
        }
        if (!sent.key.isPrivate() && !found.key.isPrivate() && !sent.key.equals(found.key)) {
            throw sent.removedOnTheWay(EIDRM);
        }
        return sent;
    }

    /** The key, or {@code id=N} of a private one: what stands after the scheme in a URI. */
    String name() {
        return key.isPrivate() ? "id=" + id : key.toString();
    }

    @Override
    public String toString() {
        return kind.scheme + ":" + name();
    }

    /** Removes the object. */
    void remove() {
        int error = kind.control(id, SysIpc.IPC_RMID, MemorySegment.NULL);
        if (error < 0) {
            throw failed(
                    control("IPC_RMID"), -error, "only its owner or its creator may remove it");
        }
    }

    /** Reads the description. */
    <T> T stat(Reader<T> reader) {
        try (Arena arena = Arena.ofConfined()) {
            return reader.read(stat(arena));
        }
    }

    /** Changes who owns the object. */
    void owner(long uid, long gid) {
        if (uid < 0 || gid < 0 || uid >= 0xffff_ffffL || gid >= 0xffff_ffffL) {
            throw new IllegalArgumentException(
                    "uid=" + uid + ", gid=" + gid + ": ids are from 0 to 4294967294");
        }
        change(
                ds -> Permissions.writeOwner(ds, uid, gid),
                "only its owner or its creator may change it");
    }

    /** Changes the permission bits. */
    void mode(int mode) {
        Permissions.checkMode(mode);
        change(
                ds -> Permissions.writeMode(ds, mode),
                "only its owner or its creator may change it");
    }

    /** Changes what IPC_SET lets change. */
    void change(Consumer<MemorySegment> write, String denied) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ds = stat(arena);
            write.accept(ds);
            int error = kind.control(id, SysIpc.IPC_SET, ds);
            if (error < 0) {
                throw failed(control("IPC_SET"), -error, denied);
            }
        }
    }

    /**
     * The exception for a failed call on the object.
     *
     * @param denied what to do about EPERM
     */
    IpcException failed(String call, int errno, String denied) {
        return switch (errno) {
            case EIDRM -> gone(call, errno, "the " + kind.noun + " was removed");
            // An id that is no more is an invalid argument to the kernel.
            case EINVAL ->
                    isGone()
                            ? gone(call, errno, "the " + kind.noun + " was removed")
                            : Errors.of(call, errno, "");
            case EACCES -> Errors.of(call, errno, DENIED);
            case EPERM -> Errors.of(call, errno, denied);
            default -> Errors.of(call, errno, "");
        };
    }

    /** What the description's call looks like in a message. */
    String control(String command) {
        String name = kind.get.replace("get", "ctl");
        return name
                + "("
                + this.name()
                + (kind == Kind.SEMAPHORES ? ", 0, " : ", ")
                + command
                + ")";
    }

    private MemorySegment stat(Arena arena) {
        MemorySegment ds = kind.allocate(arena);
        int error = kind.control(id, SysIpc.IPC_STAT, ds);
        if (error < 0) {
            throw failed(control("IPC_STAT"), -error, "");
        }
        return ds;
    }

    private NotFound removedOnTheWay(int errno) {
        return gone(
                control("IPC_STAT"),
                errno,
                "the " + kind.noun + " was removed while its handle travelled");
    }

    private boolean isGone() {
        int error = kind.find(id);
        return error == -EINVAL || error == -EIDRM;
    }

    private NotFound gone(String call, int errno, String advice) {
        return new NotFound(
                call + ": " + Errno.symbol(errno) + " (" + Errno.text(errno) + "); " + advice,
                call,
                errno);
    }

    private static IpcException getFailed(Kind kind, Key key, String arguments, int errno) {
        String call = kind.get + "(" + key + ", " + arguments + ")";
        return Errors.of(call, errno, kind.advice(errno, key));
    }

    static String octal(int mode) {
        return "0" + Integer.toOctalString(mode);
    }
}
