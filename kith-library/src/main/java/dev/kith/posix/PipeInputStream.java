// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A {@link PipeReader} as a stream. */
final class PipeInputStream extends InputStream {
    private static final int BUFFER_BYTES = 8192;

    private final PipeReader reader;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);

    PipeInputStream(PipeReader reader) {
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try {
            int got = reader.read(buffer.asSlice(0, Math.min(length, BUFFER_BYTES)));
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, got);
            return got == 0 ? -1 : got;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + reader);
        } catch (IpcException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
