// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EINTR;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Poll;
import dev.kith.kernel.Siginfo;
import dev.kith.kernel.Signal;
import dev.kith.kernel.SysSignalfd;
import dev.kith.kernel.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes blocked signals from the kernel: those of the process, and those of the thread that takes.
 */
final class SignalFd implements AutoCloseable {
    private static final ThreadLocal<MemorySegment> INFO =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(SysSignalfd.SIGINFO_BYTES, 8));

    private final Descriptor descriptor;
    private final String what;

    private SignalFd(int fd, String what) {
        this.descriptor = new Descriptor(fd, what);
        this.what = what;
    }

    /** One signal that was taken. */
    record Taken(int signal, int errno, int code, int pid, int uid, long value) {
        boolean hasValue() {
            return code == Siginfo.SI_QUEUE;
        }
    }

    /** Takes signals of these bits; {@code what} names the handle in messages. */
    static SignalFd open(long bits, String what) {
        try (Arena arena = Arena.ofConfined()) {
            // Non-blocking, which harms nobody: the description is never shared.
            int flags = SysSignalfd.SFD_CLOEXEC | SysSignalfd.SFD_NONBLOCK;
            return new SignalFd(
                    Errors.check(
                            SysSignalfd.signalfd(-1, Signal.set(arena, bits), flags),
                            "signalfd(" + SignalNames.names(bits) + ")",
                            "raise the limit of open files (ulimit -n)"),
                    what);
        }
    }

    /** Whether every thread of this process blocks all signals of these bits. */
    static boolean isBlockedEverywhere(long bits) {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                SignalStatus status = SignalStatus.of(thread);
                if (status != null && (status.blocked() & bits) != bits) {
                    return false;
                }
            }
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The next signal, or null if none came in time. */
    Taken take(long timeoutNanos) throws InterruptedException {
        Taken taken = poll();
        if (taken != null || timeoutNanos == 0) {
            return taken;
        }
        long deadline = Deadline.after(timeoutNanos);
        while (taken == null && descriptor.await(Poll.POLLIN, deadline)) {
            taken = poll();
        }
        return taken;
    }

    /** Waits until there is a signal. */
    void await() throws InterruptedException {
        descriptor.await(Poll.POLLIN, Deadline.FOREVER);
    }

    /** The next signal if one waits now, or null. */
    Taken poll() {
        MemorySegment info = INFO.get();
        long got;
        descriptor.gate().enter();
        try {
            do {
                got = Unistd.read(descriptor.fd(), info, SysSignalfd.SIGINFO_BYTES);
            } while (got == -EINTR);
        } finally {
            descriptor.gate().exit();
        }
        if (got == -EAGAIN) {
            return null;
        }
        if (got < 0) {
            throw Errors.of("read(" + what + ")", got, "");
        }
        return new Taken(
                info.get(JAVA_INT, SysSignalfd.SIGNO),
                info.get(JAVA_INT, SysSignalfd.ERRNO),
                info.get(JAVA_INT, SysSignalfd.CODE),
                info.get(JAVA_INT, SysSignalfd.PID),
                info.get(JAVA_INT, SysSignalfd.UID),
                info.get(JAVA_LONG, SysSignalfd.PTR));
    }

    boolean isReady() {
        return descriptor.gate().isClosed() || descriptor.poll(Poll.POLLIN, 0) != 0;
    }

    Waitable.Registration whenReady(Runnable wake) {
        return descriptor.whenReadable(wake);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
