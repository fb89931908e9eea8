// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * The {@code siginfo_t} of a signal that carries a value. The kernel carries errno, pid and uid as
 * the sender wrote them. sigaction(2)
 */
public final class Siginfo {
    public static final long BYTES = 128;

    private static final long SIGNO = 0;
    private static final long ERRNO = 4;
    private static final long CODE = 8;
    private static final long PID = 16;
    private static final long UID = 20;
    private static final long VALUE = 24;

    /** The code of sigqueue(3) and its relatives; kill(2) has 0. */
    public static final int SI_QUEUE = -1;

    private Siginfo() {}

    /** Fills one in, all 128 bytes. */
    public static void queued(
            MemorySegment info, int signal, int errno, int pid, int uid, long value) {
        info.fill((byte) 0);
        info.set(JAVA_INT, SIGNO, signal);
        info.set(JAVA_INT, ERRNO, errno);
        info.set(JAVA_INT, CODE, SI_QUEUE);
        info.set(JAVA_INT, PID, pid);
        info.set(JAVA_INT, UID, uid);
        info.set(JAVA_LONG, VALUE, value);
    }
}
