// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.foreign.ValueLayout;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** The lock of an owner that has died. */
@JCStressTest
@Description("Two want the lock of a dead owner; one frees it for who reads, too.")
@Outcome(
        id = {"true, false, true", "false, true, true"},
        expect = ACCEPTABLE,
        desc = "one has it, and is told that an owner has died")
@Outcome(expect = FORBIDDEN, desc = "two owners, or none, or one that was not told")
@State
public class TakeOverStress {
    /** Of a slot that nobody has: generation 7. */
    private static final int OF_THE_DEAD = 7 << 17 | 64;

    private final int piece = Handles.next();
    private final RobustLock one = lock(0);
    private final RobustLock other = lock(1);

    public TakeOverStress() {
        Handles.REGIONS[0].segment().set(ValueLayout.JAVA_INT, Handles.at(piece), OF_THE_DEAD);
    }

    @Actor
    public void first(ZZZ_Result result) {
        result.r1 = one.tryLock(Thread.currentThread());
    }

    @Actor
    public void second(ZZZ_Result result) {
        other.freeIfLeft();
        result.r2 = other.tryLock(Thread.currentThread());
    }

    @Arbiter
    public void recovered(ZZZ_Result result) {
        result.r3 = one.recovered() && one.isLocked();
    }

    private RobustLock lock(int side) {
        return new RobustLock(Handles.MEMBERS[side], Handles.at(piece), piece, false);
    }
}
