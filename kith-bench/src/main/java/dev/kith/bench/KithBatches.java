// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.RingProducer;

/** As {@link KithOutlet}; a number of messages are made visible together. */
final class KithBatches implements Outlet {
    private static final int BATCH = 32;

    private final RingProducer out;
    private final KithOutlet each;
    private int held;

    KithBatches(RingProducer out) {
        this.out = out;
        this.each = new KithOutlet(out);
    }

    @Override
    public void put(long stamp, int bytes) throws InterruptedException {
        if (held == 0) {
            out.hold();
        }
        each.put(stamp, bytes);
        if (++held == BATCH) {
            flush();
        }
    }

    @Override
    public void flush() {
        out.flush();
        held = 0;
    }
}
