// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.RingConsumer;
import dev.kith.ring.RingHandler;
import java.time.Duration;

/** The receiving end of a ring of Kith. */
record KithInlet(RingConsumer in, RingHandler handler, boolean spins) implements Inlet {
    private static final Duration MOMENT = Duration.ofMillis(10);

    @Override
    public int drain(int limit) {
        return in.drain(handler, limit);
    }

    @Override
    public void idle() throws InterruptedException {
        if (spins) {
            Thread.onSpinWait();
        } else {
            in.await(MOMENT);
        }
    }
}
