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
import org.openjdk.jcstress.infra.results.I_Result;

/** Claims of two producers by compare-and-set of an entry. */
@JCStressTest
@Description("One producer sends 1 and 2, another 3 and 4; a subscriber that blocks gets all.")
@Outcome(
        id = {"1234", "1324", "1342", "3124", "3142", "3412"},
        expect = ACCEPTABLE,
        desc = "all of them, each producer's in its order")
@Outcome(expect = FORBIDDEN, desc = "torn, lost, twice, or out of a producer's order")
@State
public class BroadcastClaimStress {
    private final Slice slice = Slice.next();
    private final BroadcastMemory ring = slice.broadcast(0);
    private final BroadcastMemory other = slice.broadcast(1);
    private final Claimer first = new BroadcastClaimer(ring, slice.join(0), () -> {});
    private final Claimer second = new BroadcastClaimer(other, slice.join(1), () -> {});
    private final BroadcastReader subscriber;

    public BroadcastClaimStress() {
        for (int i = 0; i < 5; i++) {
            Digits.send(first, ring.records, Digits.TORN, 7);
        }
        subscriber = new BroadcastReader(other, slice.join(2), 1, Policy.BLOCK);
    }

    @Actor
    public void first() {
        Digits.sendAll(first, ring.records, 1, 4, 3);
    }

    @Actor
    public void second() {
        Digits.sendAll(second, other.records, 3, 5, 2);
    }

    @Arbiter
    public void subscriber(I_Result result) {
        result.r1 = Digits.drained(subscriber::drain);
    }
}
