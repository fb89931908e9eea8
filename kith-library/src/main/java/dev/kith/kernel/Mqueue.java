// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static dev.kith.kernel.Linkage.INT;
import static dev.kith.kernel.Linkage.LONG;
import static dev.kith.kernel.Linkage.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** mqueue.h: POSIX message queues. A queue descriptor is a file descriptor on Linux. */
public final class Mqueue {

    private static final class MqOpen {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("mq_open", 2, INT, POINTER, INT, INT, POINTER);
    }

    private static final class MqUnlink {
        static final MethodHandle CALL = Linkage.errno("mq_unlink", INT, POINTER);
    }

    private static final class MqGetattr {
        static final MethodHandle CALL = Linkage.errno("mq_getattr", INT, INT, POINTER);
    }

    private static final class MqTimedsend {
        static final MethodHandle CALL =
                Linkage.sleeping(SYS_MQ_TIMEDSEND, INT, POINTER, LONG, INT, POINTER);
    }

    private static final class MqTimedreceive {
        static final MethodHandle CALL =
                Linkage.sleeping(SYS_MQ_TIMEDRECEIVE, INT, POINTER, LONG, POINTER, POINTER);
    }

    private static final class Syscall {
        static final MethodHandle CALL =
                Linkage.errnoVariadic("syscall", 1, LONG, LONG, LONG, POINTER);
    }

    /** {@code struct mq_attr}. */
    public static final long ATTR_BYTES = 64;

    public static final long MAXMSG = 8;
    public static final long MSGSIZE = 16;
    public static final long CURMSGS = 24;

    /** {@code MQ_PRIO_MAX} - 1: the highest priority. */
    public static final int HIGHEST_PRIORITY = 32767;

    /** How long a notification by {@link #notifyBySocket} is, and what its last byte says. */
    public static final int COOKIE_BYTES = 32;

    public static final byte NOTIFY_WOKENUP = 1;
    public static final byte NOTIFY_REMOVED = 2;

    private static final long SYS_MQ_TIMEDSEND = Arch.AARCH64 ? 182 : 242;
    private static final long SYS_MQ_TIMEDRECEIVE = Arch.AARCH64 ? 183 : 243;
    private static final long SYS_MQ_NOTIFY = Arch.AARCH64 ? 184 : 244;
    public static final int SIGEV_SIGNAL = 0;

    private static final int SIGEV_THREAD = 2;

    /** {@code struct sigevent}. */
    private static final long SIGEVENT_BYTES = 64;

    private static final long SIGEVENT_VALUE = 0;
    private static final long SIGEVENT_SIGNO = 8;
    private static final long SIGEVENT_NOTIFY = 12;

    private Mqueue() {}

    /**
     * {@code mqd_t mq_open(const char *name, int flags, mode_t mode, struct mq_attr *attr)} - open
     * a queue; attr only counts with O_CREAT. mq_open(3)
     */
    public static int open(String name, int flags, int mode, MemorySegment attributes) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int)
                            MqOpen.CALL.invokeExact(
                                    errno, CString.of(arena, name), flags, mode, attributes),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mq_open", thrown);
        }
    }

    /** {@code int mq_unlink(const char *name)} - remove a name. mq_unlink(3) */
    public static int unlink(String name) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result(
                    (int) MqUnlink.CALL.invokeExact(errno, CString.of(arena, name)), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mq_unlink", thrown);
        }
    }

    /** {@code int mq_getattr(mqd_t q, struct mq_attr *attr)} - limits and depth. mq_getattr(3) */
    public static int getattr(int queue, MemorySegment attributes) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) MqGetattr.CALL.invokeExact(errno, queue, attributes), errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mq_getattr", thrown);
        }
    }

    /**
     * {@code int mq_timedsend(mqd_t q, const char *msg, size_t len, unsigned prio, const struct
     * timespec *until)} - send; until is absolute CLOCK_REALTIME, NULL waits for ever, a past one
     * does not wait (ETIMEDOUT). mq_send(3)
     */
    public static int timedsend(
            int queue, MemorySegment message, long length, int priority, MemorySegment until) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    MqTimedsend.CALL.invokeExact(
                                            errno, queue, message, length, priority, until),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mq_timedsend", thrown);
        }
    }

    /**
     * {@code ssize_t mq_timedreceive(mqd_t q, char *msg, size_t len, unsigned *prio, const struct
     * timespec *until)} - take the oldest message of the highest priority; len below msgsize is
     * EMSGSIZE; until as for {@link #timedsend}. mq_receive(3)
     */
    public static long timedreceive(
            int queue,
            MemorySegment buffer,
            long length,
            MemorySegment priority,
            MemorySegment until) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long)
                            MqTimedreceive.CALL.invokeExact(
                                    errno, queue, buffer, length, priority, until),
                    errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mq_timedreceive", thrown);
        }
    }

    /**
     * {@code int mq_notify(mqd_t q, const struct sigevent *ev)}, the system call, with SIGEV_THREAD
     * as the kernel knows it: the cookie is written to a netlink socket, its last byte replaced by
     * NOTIFY_WOKENUP or NOTIFY_REMOVED. The C library builds its threads on the same; an upcall
     * from one of those could end the JVM, a socket cannot. EBUSY if anybody is registered.
     * mq_notify(2)
     */
    public static int notifyBySocket(int queue, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(SIGEVENT_BYTES, 8);
            event.set(JAVA_LONG, SIGEVENT_VALUE, arena.allocate(COOKIE_BYTES, 8).address());
            event.set(JAVA_INT, SIGEVENT_SIGNO, socket);
            event.set(JAVA_INT, SIGEVENT_NOTIFY, SIGEV_THREAD);
            return notify(queue, event);
        }
    }

    /**
     * {@code int mq_notify(mqd_t q, const struct sigevent *ev)} with SIGEV_SIGNAL - a signal to
     * this process. mq_notify(3)
     */
    public static int notifyBySignal(int queue, int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(SIGEVENT_BYTES, 8);
            event.set(JAVA_INT, SIGEVENT_SIGNO, signal);
            event.set(JAVA_INT, SIGEVENT_NOTIFY, SIGEV_SIGNAL);
            return notify(queue, event);
        }
    }

    /**
     * {@code mq_notify(q, NULL)} - take this process's registration back; harmless if there is
     * none.
     */
    public static int notifyNoMore(int queue) {
        return notify(queue, MemorySegment.NULL);
    }

    private static int notify(int queue, MemorySegment event) {
        MemorySegment errno = Errno.segment();
        try {
            return (int)
                    Errno.result(
                            (long)
                                    Syscall.CALL.invokeExact(
                                            errno, SYS_MQ_NOTIFY, (long) queue, event),
                            errno);
        } catch (Throwable thrown) {
            throw Linkage.failed("mq_notify", thrown);
        }
    }
}
