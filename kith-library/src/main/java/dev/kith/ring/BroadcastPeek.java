// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** Reads what is in a broadcast as somebody who has no part in it. */
final class BroadcastPeek {
    private BroadcastPeek() {}

    /** Copies of the messages that are there, the oldest first, up to the newest as it begins. */
    static List<byte[]> messages(BroadcastMemory memory, int limit) {
        List<byte[]> messages = new ArrayList<>();
        long end = memory.cursor();
        for (long at = memory.tail(); messages.size() < limit && end - at > 0; ) {
            long entry = memory.entry(at);
            byte[] copy = isPublished(memory, entry, at) ? copy(memory, at) : null;
            VarHandle.acquireFence(); // the tail that let other bytes in comes before them
            long tail = memory.tail();
            if (tail - at > 0) {
                at = tail;
                continue;
            }
            if (isOpen(memory, entry, at)) {
                break;
            }
            if (copy != null) {
                messages.add(copy);
            }
            at++;
        }
        return messages;
    }

    /** How many messages are there; about as many, if some are overwritten while it counts. */
    static long count(BroadcastMemory memory) {
        long count = 0;
        long end = memory.cursor();
        for (long at = memory.tail(); end - at > 0; at++) {
            long entry = memory.entry(at);
            long tail = memory.tail();
            if (tail - at > 0) {
                at = tail - 1;
                count = 0;
            } else if (isOpen(memory, entry, at)) {
                break;
            } else if (isPublished(memory, entry, at)) {
                count++;
            }
        }
        return count;
    }

    private static boolean isPublished(BroadcastMemory memory, long entry, long at) {
        return memory.isOf(entry, at) && BroadcastLayout.state(entry) == BroadcastLayout.PUBLISHED;
    }

    /** Whether a living producer has yet to say what comes there. */
    private static boolean isOpen(BroadcastMemory memory, long entry, long at) {
        return !memory.isOf(entry, at)
                || BroadcastLayout.state(entry) == BroadcastLayout.CLAIMED && !memory.isLeft(entry);
    }

    /** What the entry describes; null if it cannot be, because it is another's by now. */
    private static byte[] copy(BroadcastMemory memory, long at) {
        long second = memory.words.getOpaque(memory.entryAt(at) + Long.BYTES);
        long index = second >>> Integer.SIZE << 3;
        int length = (int) second;
        if (length < 0 || length > memory.longest || index > memory.capacity - length) {
            return null;
        }
        MemorySegment payload = memory.records.asSlice(index, length);
        return payload.toArray(ValueLayout.JAVA_BYTE);
    }
}
