// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.SysIoctl;
import java.io.NotSerializableException;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the two ends of a pipe or FIFO have in common. */
final class PipeEnd {
    final String what;
    final Descriptor descriptor;

    PipeEnd(int fd, String what, int access) {
        this.what = what;
        this.descriptor = Descriptor.pipe(fd, what, access);
    }

    int capacityBytes() {
        descriptor.gate().enter();
        try {
            return Errors.check(
                    Fcntl.fcntl(descriptor.fd(), Fcntl.F_GETPIPE_SZ, 0),
                    "fcntl(" + what + ", F_GETPIPE_SZ)",
                    "");
        } finally {
            descriptor.gate().exit();
        }
    }

    int capacityBytes(int bytes) {
        descriptor.gate().enter();
        try {
            return Errors.check(
                    Fcntl.fcntl(descriptor.fd(), Fcntl.F_SETPIPE_SZ, bytes),
                    "fcntl(" + what + ", F_SETPIPE_SZ, " + bytes + ")",
                    "the largest without privilege is in /proc/sys/fs/pipe-max-size");
        } finally {
            descriptor.gate().exit();
        }
    }

    int availableBytes() {
        descriptor.gate().enter();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_INT);
            Errors.check(
                    SysIoctl.ioctl(descriptor.fd(), SysIoctl.FIONREAD, bytes),
                    "ioctl(" + what + ", FIONREAD)",
                    "");
            return bytes.get(ValueLayout.JAVA_INT, 0);
        } finally {
            descriptor.gate().exit();
        }
    }

    /** Gives the descriptor to the serialisation that runs. */
    Travelling travel(HasFd handle, boolean reads, boolean keep) throws NotSerializableException {
        Handover handover = Handover.current(what);
        descriptor.openFd();
        return new Travelling(
                handover.give(handle, keep ? () -> {} : descriptor::close), reads, what);
    }

    /** An end on its way to another process. */
    record Travelling(int index, boolean reads, String what) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            Handover handover = Handover.current(what);
            return reads
                    ? handover.take(index, fd -> new PipeReader(fd, what))
                    : handover.take(index, fd -> new PipeWriter(fd, what));
        }
    }
}
