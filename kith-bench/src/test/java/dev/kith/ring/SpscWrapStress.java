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

/** The pad before the end of the data, and the stale words behind what is published. */
@JCStressTest
@Description("The ring holds words of the lap before that would be headers now; message 1 wraps.")
@Outcome(id = "0, 12", expect = ACCEPTABLE, desc = "came before the pad was released")
@Outcome(id = "1, 12", expect = ACCEPTABLE, desc = "stopped behind 1, where a stale word lay")
@Outcome(id = "12, 12", expect = ACCEPTABLE, desc = "both, in order")
@Outcome(expect = FORBIDDEN, desc = "torn, out of order, or a stale word was taken for a header")
@State
public class SpscWrapStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, false);
    private final Claimer producer = new SpscClaimer(ring);
    private final Drainer consumer = new Drainer(slice.ring(1, false));
    private final Digits digits = new Digits();

    public SpscWrapStress() {
        for (int i = 0; i < 3; i++) {
            Digits.mimic(producer, consumer, ring.records, 15);
        }
        Digits.mimic(producer, consumer, ring.records, 8); // 56 bytes are left before the end
    }

    @Actor
    public void producer() {
        Digits.sendAll(producer, ring.records, 1, 9, 3);
    }

    @Actor
    public void consumer(II_Result result) {
        consumer.drain(digits, 10);
        result.r1 = digits.seen();
    }

    @Arbiter
    public void rest(II_Result result) {
        consumer.drain(digits, 10);
        result.r2 = digits.seen();
    }
}
