// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.Errno.E2BIG;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.ENOMSG;
import static dev.kith.kernel.Errno.ENOSYS;
import static dev.kith.kernel.SysIpc.IPC_NOWAIT;
import static dev.kith.kernel.SysMsg.MSQID_DS_QBYTES;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Denied;
import dev.kith.IpcException;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.kernel.Errno;
import dev.kith.kernel.SysMsg;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * msgsnd and msgrcv on one queue, with the time-out that the kernel does not have for them, and the
 * buffers that they need.
 *
 * <p>A send tries without waiting first, because mostly there is room; a receive in a platform
 * thread that waits for ever is one system call.
 */
final class QueueCalls {
    private static final long DEFAULT_MSGMAX = 8192;
    private static final long FIRST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private final Identity identity;
    private final int id;
    final Gate gate;
    private volatile long longest = -1;
    final MessageBuffers buffers = new MessageBuffers(this);

    QueueCalls(Identity identity) {
        this.identity = identity;
        this.id = identity.id();
        this.gate = new Gate(identity.toString());
    }

    /** Sends what is in the buffer; false if the time has passed. */
    boolean send(MessageBuffer buffer, long timeoutNanos) throws InterruptedException {
        checkLength(buffer.type(), buffer.lengthBytes());
        checkInterrupt(timeoutNanos);
        int error = sendNow(buffer);
        if (error == -EAGAIN && timeoutNanos != 0) {
            // The capacity may have been lowered: what can never fit would wait for ever.
            longest = -1;
            checkLength(buffer.type(), buffer.lengthBytes());
            long deadline = Deadline.after(timeoutNanos);
            error =
                    Offload.needed()
                            ? Offload.call(() -> sendBlocking(buffer, deadline))
                            : sendBlocking(buffer, deadline);
        }
        if (error < 0 && error != -EAGAIN) {
            throw failed(sendCall(buffer.type(), buffer.lengthBytes()), -error);
        }
        return error == 0;
    }

    /** Receives into the buffer, which grows as needed; false if the time has passed. */
    boolean receive(Types which, MessageBuffer buffer, long timeoutNanos)
            throws InterruptedException {
        checkInterrupt(timeoutNanos);
        long deadline = Deadline.after(timeoutNanos);
        for (; ; ) {
            long got =
                    receive(
                            which,
                            buffer,
                            buffer.room().byteSize(),
                            which.flags,
                            timeoutNanos,
                            deadline);
            if (got != -E2BIG) {
                return received(which, buffer, got);
            }
            buffer.reserve(buffer.room().byteSize() * 2);
        }
    }

    /** Receives, cutting off what is beyond {@code most} bytes; false if the time has passed. */
    boolean receiveCut(Types which, MessageBuffer buffer, long most, long timeoutNanos)
            throws InterruptedException {
        checkInterrupt(timeoutNanos);
        buffer.reserve(most);
        int flags = which.flags | SysMsg.MSG_NOERROR;
        return received(
                which,
                buffer,
                receive(which, buffer, most, flags, timeoutNanos, Deadline.after(timeoutNanos)));
    }

    /**
     * Waits until there is a message, by looking. To wait for one of no bytes would do but for
     * empty messages (E2BIG says that there is another one): they are taken, and who dies then, or
     * puts them back behind others, loses what nobody had received.
     *
     * @return false if the time has passed
     */
    boolean awaitMessage(BooleanSupplier there, long timeoutNanos) throws InterruptedException {
        checkInterrupt(timeoutNanos);
        long deadline = Deadline.after(timeoutNanos);
        long pause = FIRST_PAUSE_NANOS;
        while (!there.getAsBoolean()) {
            if (Deadline.passed(deadline)) {
                return false;
            }
            Thread.sleep(Duration.ofNanos(Math.min(pause, Deadline.left(deadline))));
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 2);
        }
        return true;
    }

    /** The result of a call that does not wait. */
    static <T> T now(Offload.Call<T> call) {
        try {
            return call.call();
        } catch (InterruptedException notWithoutWaiting) {
            throw new AssertionError(notWithoutWaiting);
        }
    }

    /** Copies the message of an index, 0 the oldest; false if there are not so many. */
    boolean peek(int index, MessageBuffer buffer) {
        int flags = SysMsg.MSG_COPY | IPC_NOWAIT;
        for (; ; ) {
            long room = buffer.room().byteSize();
            long got = receiveNow(buffer, room, index, flags);
            if (got == -ENOSYS) {
                throw new UnsupportedOperationException(
                        peekCall(index)
                                + ": ENOSYS ("
                                + Errno.text(ENOSYS)
                                + "); this kernel was built without CONFIG_CHECKPOINT_RESTORE, so"
                                + " it cannot peek");
            }
            if (got == -ENOMSG) {
                return false;
            }
            if (got >= 0) {
                buffer.lengthBytes(got);
                return true;
            }
            if (got != -E2BIG) {
                throw failed(peekCall(index), (int) -got);
            }
            buffer.reserve(room * 2);
        }
    }

    /** Refuses a message that this queue can never hold. */
    void checkLength(long type, long bytes) {
        if (bytes <= longest) {
            return;
        }
        long msgmax = msgmax();
        long capacity = capacityOr(msgmax);
        longest = Math.min(msgmax, capacity);
        if (bytes > longest) {
            String limit =
                    msgmax <= capacity
                            ? "/proc/sys/kernel/msgmax; root may raise it"
                            : "capacity of "
                                    + identity.name()
                                    + "; MessageQueue.capacityBytes changes it";
            throw new IpcException(
                    sendCall(type, bytes)
                            + ": EINVAL ("
                            + Errno.text(EINVAL)
                            + "); message too large: length="
                            + bytes
                            + ", limit="
                            + longest
                            + " ("
                            + limit
                            + ")",
                    sendCall(type, bytes),
                    EINVAL);
        }
    }

    /** The longest message that this queue takes now. */
    long maxMessageBytes() {
        long msgmax = msgmax();
        return Math.min(msgmax, capacityOr(msgmax));
    }

    /** Changes how many bytes the queue may hold. */
    void capacityBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("capacityBytes=" + bytes + ", lowest=0");
        }
        identity.change(
                ds -> ds.set(JAVA_LONG, MSQID_DS_QBYTES, bytes),
                "only its owner or its creator may change it, and above /proc/sys/kernel/msgmnb, "
                        + Limits.read("msgmnb")
                        + ", only CAP_SYS_RESOURCE");
        longest = -1;
    }

    private int sendNow(MessageBuffer buffer) {
        gate.enter();
        try {
            return SysMsg.msgsnd(id, buffer.memory(), buffer.lengthBytes(), IPC_NOWAIT);
        } finally {
            gate.exit();
        }
    }

    private int sendBlocking(MessageBuffer buffer, long deadline) throws InterruptedException {
        try (Blocked blocked = gate.block(deadline)) {
            for (; ; ) {
                int error = SysMsg.msgsnd(id, buffer.memory(), buffer.lengthBytes(), 0);
                if (error != -EINTR) {
                    return error;
                }
                if (!blocked.goOn()) {
                    return -EAGAIN;
                }
            }
        }
    }

    /** The length, -ENOMSG if the time has passed, -E2BIG, or another error. */
    private long receive(
            Types which,
            MessageBuffer buffer,
            long room,
            int flags,
            long timeoutNanos,
            long deadline)
            throws InterruptedException {
        if (timeoutNanos == Deadline.FOREVER && !Offload.needed()) {
            return receiveBlocking(buffer, room, which.type, flags, deadline);
        }
        long got = receiveNow(buffer, room, which.type, flags | IPC_NOWAIT);
        if (got != -ENOMSG || timeoutNanos == 0) {
            return got;
        }
        return Offload.needed()
                ? Offload.call(() -> receiveBlocking(buffer, room, which.type, flags, deadline))
                : receiveBlocking(buffer, room, which.type, flags, deadline);
    }

    private long receiveNow(MessageBuffer buffer, long room, long type, int flags) {
        gate.enter();
        try {
            return SysMsg.msgrcv(id, buffer.memory(), room, type, flags);
        } finally {
            gate.exit();
        }
    }

    private long receiveBlocking(
            MessageBuffer buffer, long room, long type, int flags, long deadline)
            throws InterruptedException {
        try (Blocked blocked = gate.block(deadline)) {
            for (; ; ) {
                long got = SysMsg.msgrcv(id, buffer.memory(), room, type, flags);
                if (got != -EINTR) {
                    return got;
                }
                if (!blocked.goOn()) {
                    return -ENOMSG;
                }
            }
        }
    }

    private boolean received(Types which, MessageBuffer buffer, long got) {
        if (got >= 0) {
            buffer.lengthBytes(got);
            return true;
        }
        if (got != -ENOMSG) {
            throw failed("msgrcv(" + identity.name() + ", " + which + ")", (int) -got);
        }
        return false;
    }

    private static void checkInterrupt(long timeoutNanos) throws InterruptedException {
        if (timeoutNanos != 0 && Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    static long msgmax() {
        return Limits.number("msgmax", DEFAULT_MSGMAX);
    }

    /** The capacity, or {@code otherwise} if this user may send but not read. */
    private long capacityOr(long otherwise) {
        try {
            return identity.stat(QueueStat::read).capacityBytes();
        } catch (Denied writeOnly) {
            return otherwise;
        }
    }

    private IpcException failed(String call, int errno) {
        return identity.failed(call, errno, "");
    }

    private String sendCall(long type, long bytes) {
        return "msgsnd(" + identity.name() + ", type=" + type + ", length=" + bytes + ")";
    }

    private String peekCall(int index) {
        return "msgrcv(" + identity.name() + ", " + index + ", MSG_COPY)";
    }
}
