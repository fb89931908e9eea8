// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.RingProducer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Has a ring of Kith copy the message. */
final class KithPuts implements Outlet {
    private final RingProducer out;
    private final MemorySegment room = Arena.global().allocate(Tally.MOST_BYTES, 64);
    private MemorySegment message = room;

    KithPuts(RingProducer out) {
        this.out = out;
    }

    @Override
    public void put(long stamp, int bytes) throws InterruptedException {
        if (message.byteSize() != bytes) {
            message = room.asSlice(0, bytes);
        }
        message.set(ValueLayout.JAVA_LONG, 0, stamp);
        out.put(message);
    }
}
