// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The hand-over of a message: release of its word, acquire of it. */
@JCStressTest
@Description("A producer publishes messages 1 and 2 while the consumer drains once.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "came before the first word was released")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "came between the two")
@Outcome(id = "12", expect = ACCEPTABLE, desc = "both, in order")
@Outcome(expect = FORBIDDEN, desc = "torn, out of order, or what was never sent")
@State
public class SpscPublishStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, false);
    private final Claimer producer = new SpscClaimer(ring);
    private final Drainer consumer = new Drainer(slice.ring(1, false));

    @Actor
    public void producer() {
        Digits.sendAll(producer, ring.records, 1, 5, 3);
    }

    @Actor
    public void consumer(I_Result result) {
        result.r1 = Digits.drained(consumer::drain);
    }
}
