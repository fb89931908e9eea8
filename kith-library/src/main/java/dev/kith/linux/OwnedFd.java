// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import dev.kith.Handover;
import dev.kith.HasFd;
import dev.kith.IpcException;
import dev.kith.Waitable;
import dev.kith.blocking.Descriptor;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** What the handles that stand on one anonymous descriptor have in common. */
final class OwnedFd {
    final String what;
    final Descriptor descriptor;
    private volatile boolean kept;

    /** Takes a descriptor over; {@code what} names the handle in messages. */
    OwnedFd(int fd, String what) {
        this.what = what;
        this.descriptor = new Descriptor(fd, what);
    }

    /** Takes the descriptor out of a handle, if it is of that kind. */
    static int release(Fd fd, String kind) {
        String target = fd.target();
        if (!target.contains("[" + kind + "]") && !target.startsWith(kind + ":")) {
            throw new IllegalArgumentException(fd + " is no " + kind + ": it is " + target);
        }
        return fd.release();
    }

    /** Makes a call that does not block on the descriptor: its value, or the negative errno. */
    int call(IntUnaryOperator call) {
        descriptor.gate().enter();
        try {
            return call.applyAsInt(descriptor.fd());
        } finally {
            descriptor.gate().exit();
        }
    }

    /** A line of /proc/self/fdinfo, which tells what each kind of descriptor has of its own. */
    Optional<String> info(String key) {
        descriptor.gate().enter();
        try {
            return info(descriptor.fd(), key);
        } finally {
            descriptor.gate().exit();
        }
    }

    static Optional<String> info(int fd, String key) {
        Path file = Path.of("/proc/self/fdinfo/" + fd);
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .map(line -> line.substring(key.length() + 1).strip())
                    .findFirst();
        } catch (IOException unreadable) {
            throw new IpcException("read(\"" + file + "\"): /proc must be mounted", unreadable);
        }
    }

    int fd() {
        return descriptor.openFd();
    }

    int duplicateFd() {
        return descriptor.duplicate();
    }

    boolean isReady() {
        return descriptor.isReadable();
    }

    Waitable.Registration whenReady(Runnable wake) {
        return descriptor.whenReadable(wake);
    }

    void keep() {
        kept = true;
    }

    void close() {
        descriptor.close();
    }

    /** Puts the handle into the current hand-over: its index. */
    int give(HasFd handle) throws NotSerializableException {
        Handover handover = Handover.current(what);
        descriptor.openFd();
        return handover.give(handle, kept ? () -> {} : descriptor::close);
    }

    /** The handle of the descriptor of that index, in the other process. */
    static <H extends AutoCloseable> H arrived(int index, String what, IntFunction<H> maker)
            throws NotSerializableException {
        return Handover.current(what).take(index, maker);
    }
}
