// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The {@code siginfo_t} of a signal that carries a value: signo 0, errno 4, code 8, pid 16, uid 20,
 * value 24. The kernel carries errno, pid and uid as the sender wrote them. sigaction(2)
 */
public final class Siginfo {
    public static final long BYTES = 128;

    /** The code of sigqueue(3) and its relatives; kill(2) has 0. */
    public static final int SI_QUEUE = -1;

    private Siginfo() {}

    /** Fills one in, all 128 bytes. */
    public static void queued(
            MemorySegment info, int signal, int errno, int pid, int uid, long value) {
        info.fill((byte) 0);
        info.set(JAVA_INT, 0, signal);
        info.set(JAVA_INT, 4, errno);
        info.set(JAVA_INT, 8, SI_QUEUE);
        info.set(JAVA_INT, 16, pid);
        info.set(JAVA_INT, 20, uid);
        info.set(JAVA_LONG, 24, value);
    }
}
