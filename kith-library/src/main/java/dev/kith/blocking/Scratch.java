// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.kernel.PerThread;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A little native memory a thread, so that a call allocates none. */
public final class Scratch {
    /** A larger buffer is not kept for a thread that may never need it again. */
    private static final long KEPT_BYTES = 64 * 1024;

    private Scratch() {}

    /**
     * 64 bytes of the calling thread for the small structs that a call takes: pollfd, iovec,
     * timespec. What is in them lasts until the next use in the same thread.
     */
    public static MemorySegment bytes() {
        return PerThread.current().scratch;
    }

    /** 8 bytes of the calling thread for a value to read or write, apart from those structs. */
    public static MemorySegment eight() {
        return PerThread.current().eight;
    }

    /**
     * Takes the calling thread's memory for a message, at least so large; {@link #give} gives it
     * back. A call that is made within another gets memory of its own.
     */
    public static MemorySegment take(long bytes) {
        PerThread thread = PerThread.current();
        MemorySegment kept = thread.buffer;
        if (kept == null || kept.byteSize() < bytes) {
            return Arena.ofAuto().allocate(bytes, 8);
        }
        thread.buffer = null;
        return kept;
    }

    /** Gives memory back that was taken, for the next call of the thread. */
    public static void give(MemorySegment buffer) {
        if (buffer.byteSize() <= KEPT_BYTES) {
            PerThread.current().buffer = buffer;
        }
    }
}
