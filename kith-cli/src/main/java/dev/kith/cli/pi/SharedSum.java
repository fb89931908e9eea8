// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The sum that all children add to, one at a time, at the start of some shared memory. */
final class SharedSum {
    /** How much memory it takes. */
    static final long BYTES = Double.BYTES;

    private static final ValueLayout.OfDouble LAYOUT = ValueLayout.JAVA_DOUBLE;

    private SharedSum() {}

    /** Reads, adds, writes: wrong when two do it at once, hence the lock around it. */
    static void add(MemorySegment memory, double sum) {
        memory.set(LAYOUT, 0, memory.get(LAYOUT, 0) + sum);
    }

    static double read(MemorySegment memory) {
        return memory.get(LAYOUT, 0);
    }
}
