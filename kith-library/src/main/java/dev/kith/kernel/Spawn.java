// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** spawn.h: starting a program. All return the error, positive. */
public final class Spawn {

    private static final class PosixSpawn {
        static final MethodHandle CALL =
                Linkage.plain(
                        "posix_spawn", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    }

    private static final class ActionsInit {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawn_file_actions_init", INT, POINTER);
    }

    private static final class ActionsDestroy {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawn_file_actions_destroy", INT, POINTER);
    }

    private static final class Adddup2 {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawn_file_actions_adddup2", INT, POINTER, INT, INT);
    }

    private static final class Addclosefrom {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);
    }

    private static final class Addchdir {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawn_file_actions_addchdir_np", INT, POINTER, POINTER);
    }

    private static final class AttrInit {
        static final MethodHandle CALL = Linkage.plain("posix_spawnattr_init", INT, POINTER);
    }

    private static final class AttrDestroy {
        static final MethodHandle CALL = Linkage.plain("posix_spawnattr_destroy", INT, POINTER);
    }

    private static final class Setflags {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawnattr_setflags", INT, POINTER, JAVA_SHORT);
    }

    private static final class Setpgroup {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawnattr_setpgroup", INT, POINTER, INT);
    }

    private static final class Setsigmask {
        static final MethodHandle CALL =
                Linkage.plain("posix_spawnattr_setsigmask", INT, POINTER, POINTER);
    }

    /** Room for posix_spawn_file_actions_t (80) and for posix_spawnattr_t (336) of every libc. */
    public static final long STRUCT_BYTES = 512;

    public static final short POSIX_SPAWN_SETPGROUP = 2;
    public static final short POSIX_SPAWN_SETSIGMASK = 8;

    private Spawn() {}

    /** Whether the C library can keep a child from inheriting descriptors: glibc 2.34, not musl. */
    public static boolean closesFrom() {
        return !Linkage.address("posix_spawn_file_actions_addclosefrom_np")
                .equals(MemorySegment.NULL);
    }

    /**
     * {@code int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t
     * *actions, const posix_spawnattr_t *attr, char *const argv[], char *const envp[])} - start a
     * program; an error of its exec is reported here. posix_spawn(3)
     */
    public static int posixSpawn(
            MemorySegment pid,
            MemorySegment path,
            MemorySegment actions,
            MemorySegment attr,
            MemorySegment argv,
            MemorySegment envp) {
        try {
            return (int) PosixSpawn.CALL.invokeExact(pid, path, actions, attr, argv, envp);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawn", thrown);
        }
    }

    /**
     * {@code int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)} - begin a
     * list. posix_spawn_file_actions_init(3)
     */
    public static int fileActionsInit(MemorySegment actions) {
        try {
            return (int) ActionsInit.CALL.invokeExact(actions);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawn_file_actions_init", thrown);
        }
    }

    /**
     * {@code int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)} - free a
     * list. posix_spawn_file_actions_destroy(3)
     */
    public static int fileActionsDestroy(MemorySegment actions) {
        try {
            return (int) ActionsDestroy.CALL.invokeExact(actions);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawn_file_actions_destroy", thrown);
        }
    }

    /**
     * {@code int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int
     * newfd)} - give the child fd as newfd. posix_spawn_file_actions_adddup2(3)
     */
    public static int addDup2(MemorySegment actions, int fd, int newFd) {
        try {
            return (int) Adddup2.CALL.invokeExact(actions, fd, newFd);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawn_file_actions_adddup2", thrown);
        }
    }

    /**
     * {@code int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int
     * fd)} - close fd and all above; glibc 2.34. closefrom(3)
     */
    public static int addCloseFrom(MemorySegment actions, int fd) {
        try {
            return (int) Addclosefrom.CALL.invokeExact(actions, fd);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawn_file_actions_addclosefrom_np", thrown);
        }
    }

    /**
     * {@code int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const
     * char *path)} - change the child's directory; glibc 2.29.
     * posix_spawn_file_actions_addchdir_np(3)
     */
    public static int addChdir(MemorySegment actions, MemorySegment path) {
        try {
            return (int) Addchdir.CALL.invokeExact(actions, path);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawn_file_actions_addchdir_np", thrown);
        }
    }

    /**
     * {@code int posix_spawnattr_init(posix_spawnattr_t *attr)} - begin attributes.
     * posix_spawnattr_init(3)
     */
    public static int attrInit(MemorySegment attr) {
        try {
            return (int) AttrInit.CALL.invokeExact(attr);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawnattr_init", thrown);
        }
    }

    /**
     * {@code int posix_spawnattr_destroy(posix_spawnattr_t *attr)} - free attributes.
     * posix_spawnattr_destroy(3)
     */
    public static int attrDestroy(MemorySegment attr) {
        try {
            return (int) AttrDestroy.CALL.invokeExact(attr);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawnattr_destroy", thrown);
        }
    }

    /**
     * {@code int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags)} - say which
     * attributes count. posix_spawnattr_setflags(3)
     */
    public static int setFlags(MemorySegment attr, short flags) {
        try {
            return (int) Setflags.CALL.invokeExact(attr, flags);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawnattr_setflags", thrown);
        }
    }

    /**
     * {@code int posix_spawnattr_setpgroup(posix_spawnattr_t *attr, pid_t group)} - 0: a group of
     * its own. posix_spawnattr_setpgroup(3)
     */
    public static int setProcessGroup(MemorySegment attr, int group) {
        try {
            return (int) Setpgroup.CALL.invokeExact(attr, group);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawnattr_setpgroup", thrown);
        }
    }

    /**
     * {@code int posix_spawnattr_setsigmask(posix_spawnattr_t *attr, const sigset_t *set)} - the
     * signals that the child blocks. posix_spawnattr_setsigmask(3)
     */
    public static int setSignalMask(MemorySegment attr, MemorySegment set) {
        try {
            return (int) Setsigmask.CALL.invokeExact(attr, set);
        } catch (Throwable thrown) {
            throw Linkage.failed("posix_spawnattr_setsigmask", thrown);
        }
    }

    /** An array of C strings that ends with NULL: argv, envp. */
    public static MemorySegment vector(Arena arena, List<byte[]> strings) {
        MemorySegment vector = arena.allocate(ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            vector.setAtIndex(ADDRESS, i, string(arena, strings.get(i)));
        }
        return vector;
    }

    /** The bytes and a NUL after them. */
    public static MemorySegment string(Arena arena, byte[] bytes) {
        MemorySegment string = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, string, JAVA_BYTE, 0, bytes.length);
        return string;
    }
}
