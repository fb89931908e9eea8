// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** The last trips a barrier just when another gives up. */
@JCStressTest
@Description("Of two who have come, the last trips the barrier, the other breaks it.")
@Outcome(id = "true, false, TRIPPED", expect = ACCEPTABLE, desc = "it has tripped for both")
@Outcome(id = "false, true, BROKEN", expect = ACCEPTABLE, desc = "it is broken for both")
@Outcome(expect = FORBIDDEN, desc = "the two go different ways")
@State
public class BarrierBreakStress {
    private final long at = Handles.at(Handles.next());
    private final BarrierMemory one = new BarrierMemory(Handles.REGIONS[0], at);
    private final BarrierMemory other = new BarrierMemory(Handles.REGIONS[1], at);

    public BarrierBreakStress() {
        for (int i = 0; i < 2; i++) {
            one.change(one.state(), one.state().oneMore());
        }
    }

    @Actor
    public void last(ZZL_Result result) {
        BarrierState found = one.state();
        result.r1 = !found.isBroken() && one.change(found, found.next(true));
    }

    @Actor
    public void first(ZZL_Result result) {
        result.r2 = other.breakDown(0, BarrierState.Reason.TIMED_OUT, 1, 1);
    }

    @Arbiter
    public void outcome(ZZL_Result result) {
        result.r3 = one.state().outcome(0);
    }
}
