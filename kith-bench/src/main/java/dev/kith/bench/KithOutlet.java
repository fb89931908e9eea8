// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.Claim;
import dev.kith.ring.RingProducer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Claims room in a ring of Kith and copies the message into it. */
final class KithOutlet implements Outlet {
    private final RingProducer out;
    private final MemorySegment message = Arena.global().allocate(Tally.MOST_BYTES, 64);

    KithOutlet(RingProducer out) {
        this.out = out;
    }

    @Override
    public void put(long stamp, int bytes) throws InterruptedException {
        message.set(ValueLayout.JAVA_LONG, 0, stamp);
        try (Claim claim = out.claim(bytes)) {
            MemorySegment.copy(message, 0, claim.ring(), claim.offset(), bytes);
            claim.publish();
        }
    }
}
