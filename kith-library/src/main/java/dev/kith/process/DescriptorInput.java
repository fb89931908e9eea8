// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static dev.kith.kernel.Errno.EAGAIN;

import dev.kith.blocking.Deadline;
import dev.kith.blocking.Descriptor;
import dev.kith.kernel.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The reading end of a pipe as a stream for one thread. After the writer's death it ends when it is
 * empty, even if a process that the writer left behind still holds the other end.
 */
final class DescriptorInput extends InputStream {
    private static final int BUFFER_BYTES = 65_536;

    private final Descriptor descriptor;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);
    private Thread reader;
    private boolean ended;

    DescriptorInput(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        for (; ; ) {
            long timeout = begin();
            long got;
            try {
                got = descriptor.read(buffer, Math.min(length, BUFFER_BYTES), timeout);
            } catch (InterruptedException told) {
                continue;
            } finally {
                end();
            }
            if (got == 0 || got == -EAGAIN) {
                return -1;
            }
            if (got < 0) {
                throw new IOException("read: " + Errno.symbol((int) -got));
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, (int) got);
            return (int) got;
        }
    }

    /** Nobody writes any more that matters: what is there is all. */
    synchronized void endWhenEmpty() {
        ended = true;
        if (reader != null) {
            reader.interrupt();
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private synchronized long begin() {
        reader = Thread.currentThread();
        return ended ? 0 : Deadline.FOREVER;
    }

    private synchronized void end() {
        reader = null;
        Thread.interrupted();
    }
}
