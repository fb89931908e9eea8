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

/** The decision about a gap: the place is read again after its producer was seen dead. */
@JCStressTest
@Description("A producer publishes 1 and dies while the consumer looks for a gap there.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "what was published before the death counts")
@Outcome(expect = FORBIDDEN, desc = "a published message was skipped, or a living one's claim")
@State
public class GapPublishedStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, true);
    private final Claimer producer = new MpscClaimer(ring, slice.join(0));
    private final Drainer consumer = new Drainer(slice.ring(1, true));
    private final Digits digits = new Digits();

    @Actor
    public void producer() {
        Digits.send(producer, ring.records, 1, 3);
        slice.die(0);
    }

    @Actor
    public void consumer() {
        for (int look = 0; look < 5; look++) {
            consumer.skipGap();
            consumer.drain(digits, 1);
        }
    }

    @Arbiter
    public void rest(II_Result result) {
        consumer.skipGap();
        consumer.drain(digits, 10);
        result.r1 = digits.seen();
        result.r2 = (int) ring.word(RingLayout.LOST);
    }
}
