// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.Errno.E2BIG;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EFBIG;
import static dev.kith.kernel.Errno.EINTR;
import static dev.kith.kernel.Errno.EINVAL;
import static dev.kith.kernel.Errno.ENOSPC;
import static dev.kith.kernel.Errno.ERANGE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.kith.NotFound;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Gate;
import dev.kith.blocking.Offload;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.SysIpc;
import dev.kith.kernel.SysSem;
import dev.kith.kernel.Timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** semtimedop and semctl on one set. */
final class SemaphoreCalls {
    private static final int MOST_IN_SCRATCH = 8;

    private final Identity identity;
    private final int id;
    final Gate gate;

    SemaphoreCalls(Identity identity) {
        this.identity = identity;
        this.id = identity.id();
        this.gate = new Gate(identity.toString());
    }

    /** All operations or none; false if the time has passed. */
    boolean perform(long timeoutNanos, SemaphoreOperation... operations)
            throws InterruptedException {
        if (timeoutNanos != 0 && Thread.interrupted()) {
            throw new InterruptedException();
        }
        int error = -EAGAIN;
        boolean direct =
                timeoutNanos == Deadline.FOREVER && mayWait(operations) && !Offload.needed();
        if (!direct) {
            error = performNow(operations);
        }
        if (error == -EAGAIN && timeoutNanos != 0) {
            long deadline = Deadline.after(timeoutNanos);
            error =
                    Offload.needed()
                            ? Offload.call(() -> performBlocking(deadline, operations))
                            : performBlocking(deadline, operations);
        }
        if (error < 0 && error != -EAGAIN) {
            throw failed(operations, -error);
        }
        return error == 0;
    }

    /** All operations or none, without waiting: 0, -EAGAIN or another error. */
    int performNow(SemaphoreOperation... operations) {
        gate.enter();
        try (Arena arena = arena(operations)) {
            MemorySegment sembufs = write(arena, operations, SysIpc.IPC_NOWAIT);
            return SysSem.semtimedop(id, sembufs, operations.length, MemorySegment.NULL);
        } finally {
            gate.exit();
        }
    }

    /** Asks one semaphore: GETVAL, GETPID, GETNCNT, GETZCNT. */
    int ask(int index, int command, String name) {
        gate.enter();
        try {
            int result = SysSem.semctl(id, index, command, 0);
            return result < 0 ? failed(index, name, -result) : result;
        } finally {
            gate.exit();
        }
    }

    void setValue(int index, int value) {
        gate.enter();
        try {
            int error = SysSem.semctl(id, index, SysSem.SETVAL, SemaphoreSet.checkValue(value));
            if (error < 0) {
                failed(index, "SETVAL, " + value, -error);
            }
        } finally {
            gate.exit();
        }
    }

    int[] values(int size) {
        gate.enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment shorts = arena.allocate(2L * size, 2);
            int error = SysSem.semctl(id, 0, SysSem.GETALL, shorts);
            if (error < 0) {
                failed(0, "GETALL", -error);
            }
            int[] values = new int[size];
            Arrays.setAll(values, i -> Short.toUnsignedInt(shorts.getAtIndex(JAVA_SHORT, i)));
            return values;
        } finally {
            gate.exit();
        }
    }

    void setValues(int[] values) {
        gate.enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment shorts = arena.allocate(2L * values.length, 2);
            for (int i = 0; i < values.length; i++) {
                shorts.setAtIndex(JAVA_SHORT, i, (short) SemaphoreSet.checkValue(values[i]));
            }
            int error = SysSem.semctl(id, 0, SysSem.SETALL, shorts);
            if (error < 0) {
                failed(0, "SETALL", -error);
            }
        } finally {
            gate.exit();
        }
    }

    private int performBlocking(long deadline, SemaphoreOperation... operations)
            throws InterruptedException {
        // semtimedop has a time-out of its own: the gate need not wake it.
        try (Blocked blocked = gate.blockUndisturbed(Deadline.FOREVER);
                Arena arena = arena(operations)) {
            MemorySegment sembufs = write(arena, operations, 0);
            for (; ; ) {
                int error = SysSem.semtimedop(id, sembufs, operations.length, timespec(deadline));
                if (error != -EINTR) {
                    return error;
                }
                blocked.goOn();
            }
        }
    }

    private static boolean mayWait(SemaphoreOperation... operations) {
        for (SemaphoreOperation operation : operations) {
            if (operation.change() <= 0) {
                return true;
            }
        }
        return false;
    }

    /** Memory for more operations than usual, or null. */
    private static Arena arena(SemaphoreOperation... operations) {
        return operations.length > MOST_IN_SCRATCH ? Arena.ofConfined() : null;
    }

    private static MemorySegment write(Arena arena, SemaphoreOperation[] operations, int flags) {
        // In the scratch bytes: the timespec, then the sembufs.
        MemorySegment sembufs =
                arena == null
                        ? Scratch.bytes().asSlice(Timespec.BYTES)
                        : arena.allocate(operations.length * SysSem.SEMBUF_BYTES, 2);
        long at = 0;
        for (SemaphoreOperation operation : operations) {
            sembufs.set(JAVA_SHORT, at + SysSem.SEMBUF_NUM, (short) operation.index());
            sembufs.set(JAVA_SHORT, at + SysSem.SEMBUF_OP, (short) operation.change());
            sembufs.set(
                    JAVA_SHORT,
                    at + SysSem.SEMBUF_FLG,
                    (short) (flags | (operation.undo() ? SysSem.SEM_UNDO : 0)));
            at += SysSem.SEMBUF_BYTES;
        }
        return sembufs;
    }

    private static MemorySegment timespec(long deadline) {
        if (deadline == Deadline.FOREVER) {
            return MemorySegment.NULL;
        }
        long left = Deadline.left(deadline);
        MemorySegment timespec = Scratch.bytes();
        Timespec.set(timespec, left);
        return timespec;
    }

    RuntimeException failed(SemaphoreOperation[] operations, int errno) {
        String what =
                operations.length > MOST_IN_SCRATCH
                        ? operations.length + " operations"
                        : Arrays.toString(operations);
        String call = "semop(" + identity.name() + ", " + what + ")";
        String knob =
                "/proc/sys/kernel/sem (a set, in all, an operation, sets) is " + Limits.read("sem");
        return switch (errno) {
            case EFBIG ->
                    new IllegalArgumentException(
                            call
                                    + ": no such index: the set has "
                                    + size()
                                    + " semaphores, from 0");
            case E2BIG -> Errors.of(call, errno, "too many operations at once: " + knob);
            case ERANGE ->
                    Errors.of(
                            call, errno, "a value would rise above " + SemaphoreSet.HIGHEST_VALUE);
            case ENOSPC -> Errors.of(call, errno, "the kernel has no room for more undo entries");
            default -> identity.failed(call, errno, "");
        };
    }

    private int failed(int index, String command, int errno) {
        String call = "semctl(" + identity.name() + ", " + index + ", " + command + ")";
        RuntimeException failure = identity.failed(call, errno, "");
        if (errno == EINVAL && !(failure instanceof NotFound)) {
            failure =
                    new IllegalArgumentException(
                            call
                                    + ": no such index: the set has "
                                    + size()
                                    + " semaphores, from 0");
        }
        throw failure;
    }

    private int size() {
        return identity.stat(SemaphoreStat::read).size();
    }
}
