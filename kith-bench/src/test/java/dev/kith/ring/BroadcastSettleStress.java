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
import org.openjdk.jcstress.infra.results.II_Result;

/** Claims of the dead are made void once, and counted once, whoever meets them. */
@JCStressTest
@Description("Two producers have died, each with a claim; two others make the claims void.")
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "two void claims, and nothing to read")
@Outcome(expect = FORBIDDEN, desc = "counted twice, or not at all")
@State
public class BroadcastSettleStress {
    private final Slice slice = Slice.next();
    private final BroadcastMemory ring = slice.broadcast(0);
    private final BroadcastMemory other = slice.broadcast(1);
    private final BroadcastReader subscriber =
            new BroadcastReader(ring, slice.join(2), 1, Policy.BLOCK);

    public BroadcastSettleStress() {
        for (int slot = 0; slot < 2; slot++) {
            new BroadcastClaimer(ring, slice.join(slot), () -> {}).tryClaim(24);
            slice.die(slot);
        }
    }

    @Actor
    public void first() {
        ring.settle(0);
    }

    @Actor
    public void second() {
        other.settle(1);
    }

    @Arbiter
    public void rest(II_Result result) {
        result.r2 = Digits.drained(subscriber::drain);
        result.r1 = (int) ring.word(RingLayout.LOST);
    }
}
