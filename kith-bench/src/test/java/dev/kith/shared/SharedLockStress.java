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
import org.openjdk.jcstress.infra.results.I_Result;

/** Mutual exclusion, and what one owner wrote is seen by the next. */
@JCStressTest
@Description("Two threads add 1 to a plain word, each with the lock.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "both")
@Outcome(expect = FORBIDDEN, desc = "one has overwritten the other")
@State
public class SharedLockStress {
    private static final SharedLock[] LOCKS =
            Handles.twice(SharedLock::create, SharedLock::open, new SharedLock[2]);

    private int plain;

    @Actor
    public void first() {
        add(LOCKS[0]);
    }

    @Actor
    public void second() {
        add(LOCKS[1]);
    }

    @Arbiter
    public void sum(I_Result result) {
        result.r1 = plain;
    }

    private void add(SharedLock lock) {
        lock.lock();
        plain++;
        lock.unlock();
    }
}
