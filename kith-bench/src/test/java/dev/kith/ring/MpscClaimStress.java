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

/** Claims of two producers by compare-and-set of the cursor. */
@JCStressTest
@Description("One producer sends 1 and 2, another 3 and 4, over the end of the data.")
@Outcome(
        id = {"1234", "1324", "1342", "3124", "3142", "3412"},
        expect = ACCEPTABLE,
        desc = "all of them, each producer's in its order")
@Outcome(expect = FORBIDDEN, desc = "torn, lost, twice, or out of a producer's order")
@State
public class MpscClaimStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, true);
    private final RingMemory other = slice.ring(1, true);
    private final Claimer first = new MpscClaimer(ring, slice.join(0));
    private final Claimer second = new MpscClaimer(other, slice.join(1));
    private final Drainer consumer = new Drainer(other);

    public MpscClaimStress() {
        for (int i = 0; i < 3; i++) {
            Digits.mimic(first, consumer, ring.records, 15);
        }
        Digits.mimic(first, consumer, ring.records, 7); // 64 bytes are left before the end
    }

    @Actor
    public void first() {
        Digits.sendAll(first, ring.records, 1, 9, 8);
    }

    @Actor
    public void second() {
        Digits.sendAll(second, other.records, 3, 10, 8);
    }

    @Arbiter
    public void consumer(I_Result result) {
        result.r1 = Digits.drained(consumer::drain);
    }
}
