// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.IpcException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** A handle that writes segments, as a stream for code that knows none. */
public final class SegmentOutput extends OutputStream {
    private static final int BUFFER_BYTES = 8192;

    private final Target target;
    private final Runnable close;
    private final Object handle;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);

    /** A stream on the write and the close of a handle, whose {@code toString} is in messages. */
    public SegmentOutput(Target target, Runnable close, Object handle) {
        this.target = target;
        this.close = close;
        this.handle = handle;
    }

    /** The write of a handle. */
    @FunctionalInterface
    public interface Target {
        /** Writes; waits until there is room; how many bytes were written. */
        int write(MemorySegment buffer) throws InterruptedException;
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
                done += target.write(buffer.asSlice(0, some));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing to " + handle);
        } catch (IpcException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
