// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.kernel.Errno;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The writing end of a pipe as a stream; what is written in one call of at most 4096 bytes is one
 * piece.
 */
final class DescriptorOutput extends OutputStream {
    private static final int BUFFER_BYTES = 65_536;

    private final Descriptor descriptor;

    DescriptorOutput(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.clamp(length, 1, BUFFER_BYTES));
            for (int done = 0; done < length; ) {
                int some = Math.min(length - done, BUFFER_BYTES);
                MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, some);
                done += write(buffer, some);
            }
        }
    }

    private int write(MemorySegment buffer, int length) throws IOException {
        try {
            long put = descriptor.write(buffer, length, Deadline.FOREVER);
            if (put < 0) {
                throw new IOException("write: " + Errno.symbol((int) -put));
            }
            return (int) put;
        } catch (InterruptedException nobodyDoes) {
            throw new InterruptedIOException("interrupted while writing to a child");
        }
    }
}
