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

/** A bounded semaphore of one permit, whose acquirers see what the last did. */
@JCStressTest
@Description("Two threads add 1 to a plain word, each with the only permit.")
@Outcome(id = "2", expect = ACCEPTABLE, desc = "both")
@Outcome(expect = FORBIDDEN, desc = "one has overwritten the other")
@State
public class SharedSemaphoreStress {
    private static final SharedSemaphore[] SEMAPHORES =
            Handles.twice(
                    name -> SharedSemaphore.create(name, 1, SemaphoreOption.BOUNDED),
                    SharedSemaphore::open,
                    new SharedSemaphore[2]);

    private int plain;

    @Actor
    public void first() {
        add(SEMAPHORES[0]);
    }

    @Actor
    public void second() {
        add(SEMAPHORES[1]);
    }

    @Arbiter
    public void sum(I_Result result) {
        result.r1 = plain;
    }

    private void add(SharedSemaphore semaphore) {
        semaphore.acquireUninterruptibly();
        plain++;
        semaphore.release();
    }
}
