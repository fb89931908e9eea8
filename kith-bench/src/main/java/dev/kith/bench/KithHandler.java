// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.RingHandler;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Gives messages of Kith to a {@link Tally}.
 *
 * @param edges only their first and last 8 bytes; otherwise all are copied
 */
record KithHandler(Tally tally, boolean edges) implements RingHandler {
    @Override
    public void onMessage(MemorySegment ring, long offset, int length) {
        if (edges) {
            long first = ring.get(ValueLayout.JAVA_LONG, offset);
            long last = ring.get(ValueLayout.JAVA_LONG, offset + length - Long.BYTES);
            tally.message(first == last ? first : -1, length);
        } else {
            MemorySegment copy = tally.copy();
            MemorySegment.copy(ring, offset, copy, 0, length);
            tally.message(copy.get(ValueLayout.JAVA_LONG, 0), length);
        }
    }
}
