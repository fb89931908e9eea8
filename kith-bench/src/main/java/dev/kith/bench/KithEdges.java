// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.Claim;
import dev.kith.ring.RingProducer;
import java.lang.foreign.ValueLayout;

/** Claims room in a ring of Kith and writes its first and its last 8 bytes. */
final class KithEdges implements Outlet {
    private final RingProducer out;

    KithEdges(RingProducer out) {
        this.out = out;
    }

    @Override
    public void put(long stamp, int bytes) throws InterruptedException {
        try (Claim claim = out.claim(bytes)) {
            long last = claim.offset() + bytes - Long.BYTES;
            claim.ring().set(ValueLayout.JAVA_LONG, claim.offset(), stamp);
            claim.ring().set(ValueLayout.JAVA_LONG, last, stamp);
            claim.publish();
        }
    }
}
