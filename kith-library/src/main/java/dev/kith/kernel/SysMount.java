// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * sys/mount.h: a file system opened without a place in the mount table. By syscall(2): musl has
 * none of these, glibc since 2.36. The numbers are the same on every architecture.
 */
public final class SysMount {

    private static final class Syscall2 {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, POINTER, LONG);
    }

    private static final class Syscall3 {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, LONG, LONG, LONG);
    }

    private static final class Syscall5 {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, LONG, LONG, POINTER, POINTER, LONG);
    }

    public static final int FSOPEN_CLOEXEC = 1;
    public static final int FSMOUNT_CLOEXEC = 1;
    public static final int FSCONFIG_CMD_CREATE = 6;

    private static final long SYS_FSOPEN = 430;
    private static final long SYS_FSCONFIG = 431;
    private static final long SYS_FSMOUNT = 432;

    private SysMount() {}

    /**
     * {@code int fsopen(const char *fstype, unsigned flags)} - begin; EPERM without CAP_SYS_ADMIN.
     * fsopen(2)
     */
    public static int fsopen(String type, int flags) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return (int)
                    Errno.result(
                            (long)
                                    Syscall2.CALL.invokeExact(
                                            errno,
                                            SYS_FSOPEN,
                                            CString.of(arena, type),
                                            (long) flags),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fsopen", thrown);
        }
    }

    /**
     * {@code int fsconfig(int fd, unsigned cmd, NULL, NULL, 0)} - a command without a value.
     * fsconfig(2)
     */
    public static int fsconfig(int context, int command) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    Syscall5.CALL.invokeExact(
                                            errno,
                                            SYS_FSCONFIG,
                                            (long) context,
                                            (long) command,
                                            MemorySegment.NULL,
                                            MemorySegment.NULL,
                                            0L),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fsconfig", thrown);
        }
    }

    /**
     * {@code int fsmount(int fd, unsigned flags, unsigned attr)} - the root, as a descriptor.
     * fsmount(2)
     */
    public static int fsmount(int context, int flags, int attributes) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    Syscall3.CALL.invokeExact(
                                            errno,
                                            SYS_FSMOUNT,
                                            (long) context,
                                            (long) flags,
                                            (long) attributes),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("fsmount", thrown);
        }
    }
}
