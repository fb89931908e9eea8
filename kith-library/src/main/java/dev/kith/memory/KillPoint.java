// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.kernel.NativeAccess;
import dev.kith.kernel.Signal;
import java.util.Set;
import java.util.TreeSet;

/**
 * Places between two stores at which a test lets its process be killed, to see that what it leaves
 * in shared memory is good for those who live on. Without the system property {@code
 * kith.kill.point} a place costs nothing: the constant is folded.
 */
public final class KillPoint {
    private static final int ARMED = Integer.getInteger("kith.kill.point", 0);

    /** For a test that wants to know how many there are on a way, */
    private static int passed;

    /** and where. */
    private static final Set<String> PLACES = new TreeSet<>();

    private static final int SIGKILL = 9;
    private static final int KILLED = 128 + SIGKILL;

    private KillPoint() {}

    /** Passes a place; with {@code -Dkith.kill.point=n} the n-th is the last. */
    public static void pass() {
        if (ARMED != 0) {
            count();
        }
    }

    /** How many were passed; 0 if the property is not set. */
    public static int passed() {
        return passed;
    }

    /** Where those are that were passed: the names and lines of their files. */
    static synchronized Set<String> places() {
        return Set.copyOf(PLACES);
    }

    private static synchronized void count() {
        StackWalker.getInstance()
                .walk(frames -> frames.skip(2).findFirst())
                .ifPresent(at -> PLACES.add(at.getFileName() + ":" + at.getLineNumber()));
        if (++passed == ARMED) {
            if (NativeAccess.usable()) {
                Signal.kill((int) ProcessHandle.current().pid(), SIGKILL);
            }
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
