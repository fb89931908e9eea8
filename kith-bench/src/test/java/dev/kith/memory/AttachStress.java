// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The slot of a party that has gone, by lock and compare-and-set. */
@JCStressTest
@Description("Two parties, each with an open file of its own, attach at once.")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "each has a slot, and its own fields in it")
@Outcome(expect = FORBIDDEN, desc = "both in one slot, or one was written over")
@State
public class AttachStress {
    private Attachment first;
    private Attachment second;

    @Actor
    public void first() {
        first = Pool.REGIONS[0].table().attach(Party.PRODUCER);
    }

    @Actor
    public void second() {
        second = Pool.REGIONS[1].table().attach(Party.CONSUMER);
    }

    @Arbiter
    public void compare(ZZ_Result result) {
        result.r1 = first.slot() != second.slot() && seen(1, first) && seen(0, second);
        first.close();
        second.close();
        result.r2 =
                !Pool.REGIONS[1].table().isAlive(first.party())
                        && !Pool.REGIONS[0].table().isAlive(second.party());
    }

    /** Whether the other side sees that party, and that it lives. */
    private static boolean seen(int side, Attachment attachment) {
        AttachTable table = Pool.REGIONS[side].table();
        return table.party(attachment.slot()).equals(java.util.Optional.of(attachment.party()))
                && table.isAlive(attachment.party());
    }
}
