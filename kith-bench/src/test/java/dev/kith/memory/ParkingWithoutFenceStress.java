// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The same stores and loads without the barrier: what it is for, and that the harness sees it. */
@JCStressTest
@Description("As ParkingStress, but no side makes a barrier.")
@Outcome(
        id = {"true, false", "false, true", "true, true"},
        expect = ACCEPTABLE,
        desc = "at least one saw the other")
@Outcome(
        id = "false, false",
        expect = ACCEPTABLE_INTERESTING,
        desc = "neither saw the other: each load came before the other's store, a lost wake-up")
@State
public class ParkingWithoutFenceStress {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final int line = Pool.next();

    @Actor
    public void publisher(ZZ_Result result) {
        INT.setRelease(Pool.REGIONS[0].segment(), Pool.published(line), 1);
        result.r2 = (int) INT.getOpaque(Pool.REGIONS[0].segment(), Pool.word(line)) != 0;
    }

    @Actor
    public void sleeper(ZZ_Result result) {
        INT.setOpaque(Pool.REGIONS[1].segment(), Pool.word(line), 1);
        result.r1 = (int) INT.getAcquire(Pool.REGIONS[1].segment(), Pool.published(line)) == 1;
    }
}
