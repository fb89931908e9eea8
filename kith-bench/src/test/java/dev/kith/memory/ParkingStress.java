// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Who falls asleep announces it and looks again; who publishes looks whether anybody sleeps. */
@JCStressTest
@Description("One side publishes and wakes, the other announces its sleep and looks once more.")
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "saw it: does not sleep")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "did not see it: was told to wake")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both; a wake-up in vain")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "a lost wake-up")
@State
public class ParkingStress {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final int line = Pool.next();

    @Actor
    public void publisher() {
        INT.setRelease(Pool.REGIONS[0].segment(), Pool.published(line), 1);
        Pool.place(0, line).wake();
    }

    @Actor
    public void sleeper(ZZ_Result result) {
        Pool.place(1, line).announced();
        Fence.heavy();
        result.r1 = (int) INT.getAcquire(Pool.REGIONS[1].segment(), Pool.published(line)) == 1;
    }

    /** A word that is 0 again was seen by who publishes, who has then made the call to wake. */
    @Arbiter
    public void woken(ZZ_Result result) {
        result.r2 = (int) INT.getAcquire(Pool.REGIONS[1].segment(), Pool.word(line)) == 0;
    }
}
