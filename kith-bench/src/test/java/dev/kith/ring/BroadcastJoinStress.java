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
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Who joins names its policy and looks at the tail; who evicts looks at the tail, then names. */
@JCStressTest
@Description("A subscriber that blocks joins while a producer evicts what is in the ring.")
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "from where it joined on it got all")
@Outcome(expect = FORBIDDEN, desc = "it lost something that it was to be waited for with")
@State
public class BroadcastJoinStress {
    private final Slice slice = Slice.next();
    private final BroadcastMemory ring = slice.broadcast(0);
    private final Claimer producer = new BroadcastClaimer(ring, slice.join(0), () -> {});
    private BroadcastReader subscriber;
    private int sent;

    public BroadcastJoinStress() {
        while (sent < 3) {
            Digits.send(producer, ring.records, ++sent, 7);
        }
    }

    @Actor
    public void producer() {
        while (sent < 8 && Digits.send(producer, ring.records, sent + 1, 7)) {
            sent++;
        }
    }

    @Actor
    public void subscriber() {
        subscriber = new BroadcastReader(slice.broadcast(1), slice.join(1), 1, Policy.BLOCK);
    }

    @Arbiter
    public void rest(ZI_Result result) {
        result.r1 = endsAt(Digits.drained(subscriber::drain), sent);
        result.r2 = (int) subscriber.lost();
    }

    /** Whether the digits go up by one to the last. */
    private static boolean endsAt(int seen, int last) {
        int expected = last;
        for (int rest = seen; rest != 0; rest /= 10) {
            if (rest % 10 != expected--) {
                return false;
            }
        }
        return true;
    }
}
