// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.AlreadyExists;
import dev.kith.Denied;
import dev.kith.NotFound;
import dev.kith.kernel.SysSem;

/**
 * Makes and opens sets of semaphores, so that nobody uses one before it has its first values:
 * semget(2) makes it, and only a second call sets them.
 */
final class SetOpening {
    private SetOpening() {}

    static Identity createFree(int[] values, int mode) {
        checkValues(values);
        return begun(
                Identity.createFree(
                        Kind.SEMAPHORES, values.length + ", ", mode, get(values.length)),
                values);
    }

    static Identity create(Key key, int[] values, int mode) {
        checkValues(values);
        return begun(
                Identity.create(
                        Kind.SEMAPHORES, key, values.length + ", ", mode, get(values.length)),
                values);
    }

    static Identity open(Key key) {
        Identity set = Identity.open(Kind.SEMAPHORES, key, "0, ", get(0));
        initialisation(set).await();
        return set;
    }

    static Identity openOrCreate(Key key, int[] values, int mode) {
        for (; ; ) {
            try {
                return create(key, values, mode);
            } catch (AlreadyExists taken) {
                // open it
            }
            try {
                Identity set =
                        Identity.open(
                                Kind.SEMAPHORES, key, values.length + ", ", get(values.length));
                initialisation(set).await();
                adopt(set, values);
                return set;
            } catch (NotFound removedMeanwhile) {
                // make it
            }
        }
    }

    private static Identity begun(Identity made, int[] values) {
        try {
            initialisation(made).begin(values);
            return made;
        } catch (RuntimeException failed) {
            made.remove();
            throw failed;
        }
    }

    /** Sets the first values of a set whose creator died before it did. */
    private static void adopt(Identity set, int[] values) {
        try {
            if (initialisation(set).isUntouched()) {
                initialisation(set).begin(values);
            }
        } catch (Denied mayNotLook) {
            // Who may only change values opens it as it is.
        }
    }

    private static Initialisation initialisation(Identity set) {
        return new Initialisation(set, new SemaphoreCalls(set));
    }

    private static void checkValues(int[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException(
                    "a set has at least one semaphore: give its first value");
        }
        for (int value : values) {
            SemaphoreSet.checkValue(value);
        }
    }

    private static Identity.Get get(int size) {
        return (key, flags) -> SysSem.semget(key, size, flags);
    }
}
