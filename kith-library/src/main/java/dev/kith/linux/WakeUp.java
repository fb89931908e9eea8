// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Closed;
import dev.kith.blocking.Descriptor;
import dev.kith.blocking.Errors;
import dev.kith.kernel.SysEventfd;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An eventfd that wakes who polls it. Non-blocking, which harms nobody: it is never shared with
 * another process.
 */
final class WakeUp implements AutoCloseable {
    private static final MemorySegment ONE = one();

    private final Descriptor eventfd =
            new Descriptor(
                    Errors.check(
                            SysEventfd.eventfd(0, SysEventfd.EFD_CLOEXEC | SysEventfd.EFD_NONBLOCK),
                            "eventfd(EFD_NONBLOCK)",
                            "raise the limit of open files (ulimit -n)"),
                    "wake-up");

    int fd() {
        return eventfd.fd();
    }

    /** Makes it readable; of no effect once it is closed. */
    void signal() {
        try {
            eventfd.gate().enter();
        } catch (Closed over) {
            return;
        }
        try {
            Unistd.write(eventfd.fd(), ONE, Long.BYTES);
        } finally {
            eventfd.gate().exit();
        }
    }

    /** Makes it unreadable until the next signal; of no effect once it is closed. */
    void drain() {
        try {
            eventfd.gate().enter();
        } catch (Closed over) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            Unistd.read(eventfd.fd(), arena.allocate(JAVA_LONG), Long.BYTES);
        } finally {
            eventfd.gate().exit();
        }
    }

    @Override
    public void close() {
        eventfd.close();
    }

    private static MemorySegment one() {
        return Arena.global().allocateFrom(JAVA_LONG, 1);
    }
}
