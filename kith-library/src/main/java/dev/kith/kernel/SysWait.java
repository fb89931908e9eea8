// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/wait.h: waiting for children. */
public final class SysWait {

    private static final class Waitid {
        static final MethodHandle CALL = Linkage.errno("waitid", INT, INT, INT, POINTER, INT);
    }

    private static final class Waitpid {
        static final MethodHandle CALL = Linkage.errno("waitpid", INT, INT, POINTER, INT);
    }

    public static final int P_PID = 1;
    public static final int WNOHANG = 1;
    public static final int WEXITED = 4;
    public static final int WNOWAIT = 0x1000000;

    private SysWait() {}

    /**
     * {@code int waitid(idtype_t idtype, id_t id, siginfo_t *info, int options)} - wait for a
     * child; with WNOWAIT it stays a zombie, so that its number is not given out again. waitid(2)
     */
    public static int waitid(int idType, int id, MemorySegment info, int options) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (int) Waitid.CALL.invokeExact(errno, idType, id, info, options), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("waitid", thrown);
        }
    }

    /**
     * {@code pid_t waitpid(pid_t pid, int *status, int options)} - wait for a child and take its
     * status. waitpid(2)
     */
    public static int waitpid(int pid, MemorySegment status, int options) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Waitpid.CALL.invokeExact(errno, pid, status, options), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("waitpid", thrown);
        }
    }

    /** The exit code of a status, or minus the signal that ended the child. */
    public static int code(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : -signal;
    }
}
