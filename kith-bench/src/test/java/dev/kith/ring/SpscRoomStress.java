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

/** The way back: room that the consumer has released is written again. */
@JCStressTest
@Description("The ring is full of 1 2 3 4; the producer sends 5 6 7 as soon as there is room.")
@Outcome(id = "0, 1234", expect = ACCEPTABLE, desc = "nothing was released in time")
@Outcome(id = "1, 12345", expect = ACCEPTABLE, desc = "room for one")
@Outcome(id = "2, 123456", expect = ACCEPTABLE, desc = "room for two")
@Outcome(id = "3, 1234567", expect = ACCEPTABLE, desc = "room for three")
@Outcome(expect = FORBIDDEN, desc = "a message was overwritten while it was read, or lost")
@State
public class SpscRoomStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, false);
    private final Claimer producer = new SpscClaimer(ring);
    private final Drainer consumer = new Drainer(slice.ring(1, false));
    private final Digits digits = new Digits();

    public SpscRoomStress() {
        for (int digit = 1; digit <= 4; digit++) {
            Digits.send(producer, ring.records, digit, 15); // 128 bytes each: full
        }
    }

    @Actor
    public void producer(II_Result result) {
        for (int look = 0; look < 20 && result.r1 < 3; look++) {
            if (Digits.send(producer, ring.records, 5 + result.r1, 15)) {
                result.r1++;
            }
        }
    }

    @Actor
    public void consumer() {
        consumer.drain(digits, 4);
    }

    @Arbiter
    public void rest(II_Result result) {
        consumer.drain(digits, 10);
        result.r2 = digits.seen();
    }
}
