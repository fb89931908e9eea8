// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import java.lang.foreign.MemorySegment;

/** What must hold of memory before the kernel gets its address. */
public final class Buffers {
    private Buffers() {}

    /** The kernel knows nothing of {@link MemorySegment#asReadOnly()} and would write. */
    public static void checkWritable(MemorySegment buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException(
                    "a read-only segment cannot be read into: " + buffer);
        }
    }
}
