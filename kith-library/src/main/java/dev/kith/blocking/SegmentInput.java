// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A handle that reads into segments, as a stream for code that knows none. */
public final class SegmentInput extends InputStream {
    private static final int BUFFER_BYTES = 8192;

    private final Source source;
    private final Runnable close;
    private final Object handle;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);

    /** A stream on the read and the close of a handle, whose {@code toString} is in messages. */
    public SegmentInput(Source source, Runnable close, Object handle) {
        this.source = source;
        this.close = close;
        this.handle = handle;
    }

    /** The read of a handle. */
    @FunctionalInterface
    public interface Source {
        /** Reads what is there; waits until there is something; 0 at the end. */
        int read(MemorySegment buffer) throws InterruptedException;
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
            int got = source.read(buffer.asSlice(0, Math.min(length, BUFFER_BYTES)));
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, got);
            return got == 0 ? -1 : got;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading " + handle);
        } catch (IpcException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
