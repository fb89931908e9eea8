// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** sys/msg.h: System V message queues. */
public final class SysMsg {

    private static final class Msgget {
        static final MethodHandle CALL = Linkage.errno("msgget", INT, INT, INT);
    }

    private static final class Msgsnd {
        static final MethodHandle CALL = Linkage.sleeping(SYS_MSGSND, INT, POINTER, LONG, INT);
    }

    private static final class Msgrcv {
        static final MethodHandle CALL =
                Linkage.sleeping(SYS_MSGRCV, INT, POINTER, LONG, LONG, INT);
    }

    private static final class Msgctl {
        static final MethodHandle CALL = Linkage.errno("msgctl", INT, INT, INT, POINTER);
    }

    public static final int MSG_NOERROR = 010000;
    public static final int MSG_EXCEPT = 020000;
    public static final int MSG_COPY = 040000;

    /** {@code struct msgbuf}: the type, a long, then the text. */
    public static final long MSGBUF_TEXT = 8;

    /** {@code struct msqid_ds}, which begins with ipc_perm. */
    public static final long MSQID_DS_BYTES = 120;

    public static final long MSQID_DS_STIME = 48;
    public static final long MSQID_DS_RTIME = 56;
    public static final long MSQID_DS_CTIME = 64;
    public static final long MSQID_DS_CBYTES = 72;
    public static final long MSQID_DS_QNUM = 80;
    public static final long MSQID_DS_QBYTES = 88;
    public static final long MSQID_DS_LSPID = 96;
    public static final long MSQID_DS_LRPID = 100;

    private static final long SYS_MSGSND = Arch.AARCH64 ? 189 : 69;
    private static final long SYS_MSGRCV = Arch.AARCH64 ? 188 : 70;

    private SysMsg() {}

    /**
     * {@code int msgget(key_t key, int flags)} - find or make a queue; the umask does not apply.
     * msgget(2)
     */
    public static int msgget(int key, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Msgget.CALL.invokeExact(errno, key, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("msgget", thrown);
        }
    }

    /**
     * {@code int msgsnd(int id, const void *msgbuf, size_t bytes, int flags)} - send; {@code bytes}
     * does not count the type. Never restarted after a signal. One that can never fit waits for
     * ever. msgop(2)
     */
    public static int msgsnd(int id, MemorySegment msgbuf, long bytes, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long) Msgsnd.CALL.invokeExact(errno, id, msgbuf, bytes, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("msgsnd", thrown);
        }
    }

    /**
     * {@code ssize_t msgrcv(int id, void *msgbuf, size_t bytes, long type, int flags)} - take a
     * message. One that is longer stays where it is (E2BIG) unless MSG_NOERROR; with MSG_COPY the
     * type is an index. Never restarted after a signal. msgop(2)
     */
    public static long msgrcv(int id, MemorySegment msgbuf, long bytes, long type, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) Msgrcv.CALL.invokeExact(errno, id, msgbuf, bytes, type, flags), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("msgrcv", thrown);
        }
    }

    /**
     * {@code int msgctl(int id, int command, struct msqid_ds *ds)} - describe, change, remove.
     * msgctl(2)
     */
    public static int msgctl(int id, int command, MemorySegment ds) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) Msgctl.CALL.invokeExact(errno, id, command, ds), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("msgctl", thrown);
        }
    }
}
