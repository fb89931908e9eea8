// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Fcntl;
import dev.kith.kernel.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An anonymous pipe: bytes written to one end are read from the other, in this process or in a
 * child that was given an end.
 *
 * <pre>{@code
 * try (var pipe = Pipe.open()) {
 *     pipe.writer().outputStream().write("hello".getBytes());
 * }
 * }</pre>
 *
 * <p>It does not keep the boundaries of what was written. The reader sees the end of the stream
 * when every copy of the writing end is closed, in every process; the writer gets {@link
 * dev.kith.PeerDied} when every copy of the reading end is. The kernel holds 64 KiB unless asked
 * for more. An end that a task for a child captures is handed over: this process's copy is closed
 * when the child has it.
 *
 * @param reader the end to read from
 * @param writer the end to write to
 * @see <a href="https://man7.org/linux/man-pages/man7/pipe.7.html">pipe(7)</a>
 */
public record Pipe(PipeReader reader, PipeWriter writer) implements AutoCloseable {
    /**
     * Makes a pipe.
     *
     * @return both ends, open, close-on-exec
     */
    public static Pipe open() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
            Errors.check(
                    Unistd.pipe2(fds, Fcntl.O_CLOEXEC),
                    "pipe2(O_CLOEXEC)",
                    "raise the limit of open files (ulimit -n)");
            return new Pipe(
                    new PipeReader(
                            fds.getAtIndex(ValueLayout.JAVA_INT, 0), "reading end of a pipe"),
                    new PipeWriter(
                            fds.getAtIndex(ValueLayout.JAVA_INT, 1), "writing end of a pipe"));
        }
    }

    /** Closes both ends. */
    @Override
    public void close() {
        try {
            writer.close();
        } finally {
            reader.close();
        }
    }
}
