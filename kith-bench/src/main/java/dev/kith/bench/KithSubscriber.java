// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.ring.RingHandler;
import dev.kith.ring.Subscriber;
import java.time.Duration;

/** A receiving end of a broadcast of Kith. */
record KithSubscriber(Subscriber in, RingHandler handler, boolean spins) implements Inlet {
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
