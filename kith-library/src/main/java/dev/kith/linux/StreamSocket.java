// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAFNOSUPPORT;
import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.EPIPE;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.SysSocket;
import dev.kith.kernel.Unistd;
import java.io.NotSerializableException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.OptionalInt;

/** What connected stream sockets of every family have in common. */
final class StreamSocket {
    private final String what;
    private final Descriptor descriptor;
    private volatile boolean kept;
    private volatile boolean outputEnded;

    /** Takes a connected socket over; {@code what} names it in messages. */
    StreamSocket(int fd, String what) {
        this.what = what;
        this.descriptor = Descriptor.socket(fd, what);
    }

    static int open(int family, String name, int flags) {
        int fd =
                SysSocket.socket(family, SysSocket.SOCK_STREAM | SysSocket.SOCK_CLOEXEC | flags, 0);
        return Errors.check(
                fd,
                "socket(" + name + ", SOCK_STREAM)",
                fd == -EAFNOSUPPORT
                        ? "this machine has no addresses of that family"
                        : "raise the limit of open files (ulimit -n)");
    }

    /** Sets an option whose value is an int; 0, or the negative errno. */
    static int set(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment setting = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            return SysSocket.setsockopt(fd, level, option, setting, 4);
        }
    }

    int read(MemorySegment buffer) throws InterruptedException {
        return checked("read", descriptor.read(buffer, limit(buffer), Deadline.FOREVER));
    }

    OptionalInt tryRead(MemorySegment buffer, Duration timeout) throws InterruptedException {
        long got = descriptor.read(buffer, limit(buffer), Deadline.nanos(timeout));
        return got == -EAGAIN ? OptionalInt.empty() : OptionalInt.of(checked("read", got));
    }

    int write(MemorySegment buffer) throws InterruptedException {
        return checked("write", descriptor.write(buffer, limit(buffer), Deadline.FOREVER));
    }

    OptionalInt tryWrite(MemorySegment buffer, Duration timeout) throws InterruptedException {
        long put = descriptor.write(buffer, limit(buffer), Deadline.nanos(timeout));
        return put == -EAGAIN ? OptionalInt.empty() : OptionalInt.of(checked("write", put));
    }

    void shutdownOutput() {
        outputEnded = true;
        call(fd -> SysSocket.shutdown(fd, SysSocket.SHUT_WR));
    }

    void shutdownInput() {
        call(fd -> SysSocket.shutdown(fd, SysSocket.SHUT_RD));
    }

    /** A call that does not block. */
    interface Call {
        /** The value, or the negative errno. */
        int on(int fd);
    }

    /** Makes a call that does not block, while the socket is open. */
    int call(Call call) {
        descriptor.gate().enter();
        try {
            return call.on(descriptor.fd());
        } finally {
            descriptor.gate().exit();
        }
    }

    Descriptor descriptor() {
        return descriptor;
    }

    void keep() {
        kept = true;
    }

    boolean isReady() {
        return descriptor.isReadable();
    }

    Waitable.Registration whenReady(Runnable wake) {
        return descriptor.whenReadable(wake);
    }

    void close() {
        descriptor.close();
    }

    int fd() {
        return descriptor.openFd();
    }

    int duplicateFd() {
        return descriptor.duplicate();
    }

    /** Puts the handle of this socket into the current hand-over: its index. */
    int give(HasFd handle) throws NotSerializableException {
        descriptor.openFd();
        return Handover.current(what).give(handle, kept ? () -> {} : descriptor::close);
    }

    @Override
    public String toString() {
        return what;
    }

    /** Closes a descriptor that no handle owns yet, and throws what went wrong. */
    static RuntimeException abandon(int fd, String call, int error, String advice) {
        Unistd.close(fd);
        return Errors.of(call, error, advice);
    }

    static long limit(MemorySegment buffer) {
        return Math.min(buffer.byteSize(), Integer.MAX_VALUE);
    }

    int checked(String call, long result) {
        if (result < 0) {
            throw Errors.of(
                    call + "(" + what + ")",
                    result,
                    outputEnded && result == -EPIPE
                            ? "this side has ended its output: shutdownOutput()"
                            : "the other side has closed it or ended");
        }
        return (int) result;
    }
}
