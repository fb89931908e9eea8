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
import org.openjdk.jcstress.infra.results.III_Result;

/** Publication, cut claims, and room that was zeroed and given back, while all live. */
@JCStressTest
@Description(
        "Full of 1 2 3 4; 5 is cut short, 6 not, while the consumer drains, and looks for gaps.")
@Outcome(id = "0, 1234, 0", expect = ACCEPTABLE, desc = "nothing was released in time")
@Outcome(id = "1, 12345, 0", expect = ACCEPTABLE, desc = "room for one")
@Outcome(id = "2, 123456, 0", expect = ACCEPTABLE, desc = "room for two")
@Outcome(expect = FORBIDDEN, desc = "torn, lost, or a claim of a living producer was skipped")
@State
public class MpscPublishStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, true);
    private final Claimer producer = new MpscClaimer(ring, slice.join(0));
    private final Drainer consumer = new Drainer(slice.ring(1, true));
    private final Digits digits = new Digits();

    public MpscPublishStress() {
        for (int digit = 1; digit <= 4; digit++) {
            Digits.send(producer, ring.records, digit, 15);
        }
    }

    @Actor
    public void producer(III_Result result) {
        for (int look = 0; look < 20 && result.r1 == 0; look++) {
            if (producer.tryClaim(15 * Long.BYTES)) {
                Digits.fill(ring.records, producer.payload(), 5, 15);
                producer.publish(12 * Long.BYTES);
                result.r1++;
            }
        }
        for (int look = 0; look < 20 && result.r1 == 1; look++) {
            result.r1 += Digits.send(producer, ring.records, 6, 5) ? 1 : 0;
        }
    }

    @Actor
    public void consumer() {
        for (int look = 0; look < 5; look++) {
            consumer.drain(digits, 2);
            consumer.skipGap();
        }
    }

    @Arbiter
    public void rest(III_Result result) {
        consumer.drain(digits, 10);
        result.r2 = digits.seen();
        result.r3 = (int) ring.word(RingLayout.LOST);
    }
}
