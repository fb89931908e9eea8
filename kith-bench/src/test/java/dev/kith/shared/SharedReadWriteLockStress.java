// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader and a writer: each writes, and then looks for the other. */
@JCStressTest
@Description("A writer changes two plain words, a reader reads them, each with its lock.")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "read before")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "read after")
@Outcome(expect = FORBIDDEN, desc = "both were in at once")
@State
public class SharedReadWriteLockStress {
    private static final SharedReadWriteLock[] LOCKS =
            Handles.twice(
                    SharedReadWriteLock::create,
                    SharedReadWriteLock::open,
                    new SharedReadWriteLock[2]);

    private int first;
    private int second;

    @Actor
    public void writer() {
        LOCKS[0].writeLock().lock();
        first = 1;
        second = 1;
        LOCKS[0].writeLock().unlock();
    }

    @Actor
    public void reader(II_Result result) {
        LOCKS[1].readLock().lock();
        result.r1 = first;
        result.r2 = second;
        LOCKS[1].readLock().unlock();
    }
}
