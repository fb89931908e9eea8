// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import dev.kith.kernel.PerThread;
import java.lang.foreign.MemorySegment;

/** A little native memory a thread, so that a call allocates none. */
public final class Scratch {
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
}
