// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** A reader that nobody waits for copies first and then looks whether it was overtaken. */
@JCStressTest
@Description(
        "A producer goes around the ring twice while a subscriber that loses the oldest reads.")
@Outcome(id = "true, 8", expect = ACCEPTABLE, desc = "whole, in order; taken and lost are all")
@Outcome(expect = FORBIDDEN, desc = "a torn copy, out of order, or a loss that was not counted")
@State
public class BroadcastOverwriteStress {
    private static final int COUNT = 8;

    private final Slice slice = Slice.next();
    private final BroadcastMemory ring = slice.broadcast(0);
    private final Claimer producer = new BroadcastClaimer(ring, slice.join(0), () -> {});
    private final BroadcastReader subscriber =
            new BroadcastReader(slice.broadcast(1), slice.join(1), 1, Policy.DROP_OLDEST);
    private final Digits digits = new Digits();

    @Actor
    public void producer() {
        for (int digit = 1; digit <= COUNT; digit++) {
            Digits.send(producer, ring.records, digit, 7);
        }
    }

    @Actor
    public void subscriber() {
        for (int look = 0; look < 3; look++) {
            subscriber.drain(digits, 3);
        }
    }

    @Arbiter
    public void rest(ZI_Result result) {
        subscriber.drain(digits, COUNT);
        result.r1 = ascending(digits.seen());
        result.r2 = (int) (subscriber.taken() + subscriber.lost());
    }

    private static boolean ascending(int seen) {
        int above = Digits.TORN;
        for (int rest = seen; rest != 0; rest /= 10) {
            if (rest % 10 >= above) {
                return false;
            }
            above = rest % 10;
        }
        return true;
    }
}
