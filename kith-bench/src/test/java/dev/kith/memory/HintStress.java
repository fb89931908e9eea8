// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Who waits raises the hint and looks again; who publishes looks at the hint. */
@JCStressTest
@Description("One side publishes and asks whether anybody waits, the other says so and looks.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "saw that one waits: wakes him")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "did not: he saw what was published")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both; a wake-up in vain")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "a lost wake-up")
@State
public class HintStress {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final int line = Pool.next();
    private final Hint mine = Pool.REGIONS[0].hint(Pool.word(line));
    private final Hint other = Pool.REGIONS[1].hint(Pool.word(line));

    @Actor
    public void publisher(ZZ_Result result) {
        INT.setRelease(Pool.REGIONS[0].segment(), Pool.published(line), 1);
        result.r1 = mine.isUp();
    }

    @Actor
    public void waiter(ZZ_Result result) {
        other.raise();
        Fence.heavy();
        result.r2 = (int) INT.getAcquire(Pool.REGIONS[1].segment(), Pool.published(line)) == 1;
    }
}
