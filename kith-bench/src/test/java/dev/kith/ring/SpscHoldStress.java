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

/** A batch: the words behind the first are stored relaxed, the first is released last. */
@JCStressTest
@Description("A producer holds back 1 2 3 and flushes them while the consumer drains.")
@Outcome(id = "0", expect = ACCEPTABLE, desc = "came before the flush")
@Outcome(id = "123", expect = ACCEPTABLE, desc = "the whole batch")
@Outcome(expect = FORBIDDEN, desc = "a part of the batch, or torn: one store makes it visible")
@State
public class SpscHoldStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, false);
    private final Claimer producer = new SpscClaimer(ring);
    private final Drainer consumer = new Drainer(slice.ring(1, false));

    @Actor
    public void producer() {
        producer.hold(true);
        Digits.sendAll(producer, ring.records, 1, 3, 5, 2);
        producer.flush();
    }

    @Actor
    public void consumer(I_Result result) {
        result.r1 = Digits.drained(consumer::drain);
    }
}
