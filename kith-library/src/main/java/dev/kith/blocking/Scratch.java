// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** 64 bytes a thread for the small structs that a call takes: pollfd, iovec, timespec. */
public final class Scratch {
    private static final ThreadLocal<MemorySegment> BYTES =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(64, 8));

    private Scratch() {}

    /** The calling thread's bytes; what is in them lasts until the next use in the same thread. */
    public static MemorySegment bytes() {
        return BYTES.get();
    }
}
