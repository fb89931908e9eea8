// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A {@link PipeWriter} as a stream. */
final class PipeOutputStream extends OutputStream {
    private static final int BUFFER_BYTES = 8192;

    private final PipeWriter writer;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);

    PipeOutputStream(PipeWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try {
            for (int done = 0; done < length; ) {
                int some = Math.min(length - done, BUFFER_BYTES);
                MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, some);
                done += writer.write(buffer.asSlice(0, some));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to " + writer);
        } catch (IpcException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
