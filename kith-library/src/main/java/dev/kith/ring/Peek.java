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
            int skipped = extent == 0 && memory.many ? Gap.find(memory, at, memory.released()) : 0;
            if (extent == 0 && skipped == 0) {
                break;
            }
            at += Math.abs(extent) + skipped;
        }
        return messages;
    }

    private static byte[] copy(RingMemory memory, long at) {
        long index = at & memory.capacity - 1 & -8;
        int low = (int) (long) RingLayout.LONG.getAcquire(memory.records, index);
        // Read again, so checked again: it may be another record's by now.
        int length = Math.clamp(low - 1L, 0, memory.longest);
        length = (int) Math.min(length, memory.capacity - index - RingLayout.HEADER_BYTES);
        MemorySegment payload = memory.records.asSlice(index + RingLayout.HEADER_BYTES, length);
        return payload.toArray(ValueLayout.JAVA_BYTE);
    }
}
