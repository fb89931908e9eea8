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

/** A claim that was never published, and the slot that has its note. */
@JCStressTest
@Description("A producer claims and dies; its slot is given out again as soon as it is settled.")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "skipped once; the living go on behind it")
@Outcome(id = "23, 1", expect = ACCEPTABLE, desc = "and the slot was given to another, who sent 3")
@Outcome(expect = FORBIDDEN, desc = "skipped twice or never, or a message of the living is gone")
@State
public class GapSkippedStress {
    private final Slice slice = Slice.next();
    private final RingMemory ring = slice.ring(0, true);
    private final Claimer dies = new MpscClaimer(ring, slice.join(0));
    private final Claimer lives = new MpscClaimer(ring, slice.join(1));
    private final Drainer consumer = new Drainer(slice.ring(1, true));
    private final Digits digits = new Digits();

    @Actor
    public void producers() {
        if (dies.tryClaim(24)) {
            Digits.fill(ring.records, dies.payload(), Digits.TORN, 1);
        }
        slice.die(0);
        Digits.send(lives, ring.records, 2, 3);
        for (int look = 0; look < 20; look++) {
            if (Gap.isSettled(ring, 0)) {
                slice.join(0);
                // What attaching does: nothing of the note of the dead is left.
                ring.all.asSlice(RingLayout.slot(0) + RingLayout.NOTE_POSITION, 64).fill((byte) 0);
                Digits.send(new MpscClaimer(ring, 0), ring.records, 3, 2);
                return;
            }
        }
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
