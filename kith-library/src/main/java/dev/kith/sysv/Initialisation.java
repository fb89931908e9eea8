// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static dev.kith.kernel.Errno.E2BIG;
import static dev.kith.kernel.Errno.EAGAIN;

import dev.kith.Denied;
import dev.kith.kernel.SysSem;
import java.time.Instant;
import java.util.Arrays;

/**
 * The first values of a new set of semaphores.
 *
 * <p>semget makes a set of zeros; the values come by a second call, and who opens the set in
 * between would meet zeros. As in Stevens (UNIX Network Programming, volume 2, section 11.4) the
 * second call ends with a semop, which sets sem_otime, and who opens the set waits until that is
 * not 0. Here it is one semop that tests every value for 0 and adds: of several who try to
 * initialise the same set only one can.
 *
 * <p>A creator may die before, and a foreign one may set values by semctl alone, which leaves
 * sem_otime 0. So the wait is short: two seconds from the making of a set that nobody has touched,
 * a tenth of a second for one whose values somebody has set.
 */
final class Initialisation {
    private static final long UNTOUCHED_SECONDS = 2;
    private static final long TOUCHED_NANOS = 100_000_000;

    private final Identity identity;
    private final SemaphoreCalls calls;

    Initialisation(Identity identity, SemaphoreCalls calls) {
        this.identity = identity;
        this.calls = calls;
    }

    /** Sets the values of a set that was just made; false if somebody else has done so. */
    boolean begin(int[] values) {
        SemaphoreOperation[] operations = new SemaphoreOperation[values.length * 2];
        for (int i = 0; i < values.length; i++) {
            operations[2 * i] = SemaphoreOperation.awaitZero(i);
            operations[2 * i + 1] = new SemaphoreOperation(i, values[i], false);
        }
        int error = calls.performNow(operations);
        if (error == -E2BIG) {
            // More than one semop may do: the first semaphore last, with the operation that counts.
            int[] rest = values.clone();
            rest[0] = 0;
            calls.setValues(rest);
            error = calls.performNow(Arrays.copyOf(operations, 2));
        }
        if (error < 0 && error != -EAGAIN) {
            throw calls.failed(operations, -error);
        }
        return error == 0;
    }

    /**
     * Waits until a set that was found is initialised, or it is plain that its creator will not.
     */
    void await() {
        try {
            boolean interrupted = false;
            long start = System.nanoTime();
            for (long pause = 1;
                    !isDone(System.nanoTime() - start);
                    pause = Math.min(20, pause * 2)) {
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } catch (Denied mayNotLook) {
            // Who may only change values cannot see whether they are there: as in C without the
            // wait.
        }
    }

    /** Whether no call has ever set or changed a value. */
    boolean isUntouched() {
        SemaphoreStat stat = identity.stat(SemaphoreStat::read);
        if (stat.lastOperation().isPresent()) {
            return false;
        }
        for (int i = 0; i < stat.size(); i++) {
            if (calls.ask(i, SysSem.GETPID, "GETPID") != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isDone(long waitedNanos) {
        SemaphoreStat stat = identity.stat(SemaphoreStat::read);
        if (stat.lastOperation().isPresent()) {
            return true;
        }
        if (!isUntouched()) {
            return waitedNanos >= TOUCHED_NANOS;
        }
        return waitedNanos >= UNTOUCHED_SECONDS * 1_000_000_000
                || Instant.now().isAfter(stat.changed().plusSeconds(UNTOUCHED_SECONDS));
    }
}
