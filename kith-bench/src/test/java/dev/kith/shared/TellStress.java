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
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** One who waits gives up just when he is told. */
@JCStressTest
@Description("One tells who waits, another gives his wait up.")
@Outcome(id = "true, false, true", expect = ACCEPTABLE, desc = "told first: it counts")
@Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "gave up: nobody was told")
@Outcome(expect = FORBIDDEN, desc = "told, and has given up: what it was told of is lost")
@State
public class TellStress {
    private final int what = Handles.next();
    private final WaitEntry entry = Handles.MEMBERS[0].enter(what, Thread.currentThread());

    @Actor
    public void teller(ZZZ_Result result) {
        result.r1 = Handles.MEMBERS[1].waits().tellFirst(what);
    }

    @Actor
    public void waiter(ZZZ_Result result) {
        result.r2 = entry.giveUp();
    }

    @Arbiter
    public void told(ZZZ_Result result) {
        result.r3 = entry.isTold();
        entry.close();
    }
}
