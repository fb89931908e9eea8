// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The role of a consumer that has died. */
@JCStressTest
@Description("Two successors take over from a dead consumer.")
@Outcome(
        id = {"true, false", "false, true"},
        expect = ACCEPTABLE,
        desc = "one of them")
@Outcome(expect = FORBIDDEN, desc = "two consumers of one ring, or none")
@State
public class RoleStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, false);
    private final RingMemory other = slice.ring(1, false);

    public RoleStress() {
        ring.take(RingLayout.CONSUMER, slice.join(2), 7);
        slice.die(2);
        slice.join(0);
        slice.join(1);
    }

    @Actor
    public void first(ZZ_Result result) {
        result.r1 = ring.take(RingLayout.CONSUMER, 0, 1);
    }

    @Actor
    public void second(ZZ_Result result) {
        result.r2 = other.take(RingLayout.CONSUMER, 1, 1);
    }
}
