// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** Reads what waits in a ring as somebody who has no part in it. */
final class Peek {
    private Peek() {}

    /**
     * Copies of the messages that wait. What is taken while it looks is left out: a copy counts
     * only if its place was not free when the copy was made.
     */
    static List<byte[]> messages(RingMemory memory, int limit) {
        List<byte[]> messages = new ArrayList<>();
        long from = memory.taken();
        for (long at = from; messages.size() < limit && at - from < memory.capacity; ) {
            int extent = memory.extent(at);
            if (extent > 0) {
                byte[] copy = copy(memory, at);
                VarHandle.loadLoadFence();
                if (memory.released() > at || memory.extent(at) != extent) {
                    if (memory.taken() <= at) {
                        break; // what is free is beyond what is taken: damaged
                    }
                    at = memory.taken();
                    continue;
                }
                messages.add(copy);
            }
            long next = next(memory, at, extent);
            if (next - at <= 0) {
                break;
            }
            at = next;
        }
        return messages;
    }

    /** How many messages wait; about as many, if some are taken while it counts. */
    static long count(RingMemory memory) {
        long count = 0;
        long from = memory.taken();
        for (long at = from; at - from < memory.capacity; ) {
            int extent = memory.extent(at);
            if (extent > 0) {
                count++;
            }
            long next = next(memory, at, extent);
            if (next - at <= 0) {
                break;
            }
            at = next;
        }
        return count;
    }

    /**
     * Behind what is at a place, or behind what was taken meanwhile; the place if it is the end.
     */
    private static long next(RingMemory memory, long at, int extent) {
        int skipped = extent == 0 && memory.many ? Gap.look(memory, at) : Math.abs(extent);
        return skipped == Gap.TAKEN ? memory.taken() : at + skipped;
    }

    private static byte[] copy(RingMemory memory, long at) {
        long index = at & memory.capacity - 1 & -8;
        long word = memory.data.getAcquire(index);
        // Read again, so checked again: it may be another record's by now.
        int length = Math.clamp((long) RingLayout.length(word), 0, memory.longest);
        length = (int) Math.min(length, memory.capacity - index - RingLayout.HEADER_BYTES);
        MemorySegment payload = memory.records.asSlice(index + RingLayout.HEADER_BYTES, length);
        return payload.toArray(ValueLayout.JAVA_BYTE);
    }
}
