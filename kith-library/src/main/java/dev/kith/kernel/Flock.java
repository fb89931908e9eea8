// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** {@code struct flock} of fcntl.h, the same on every 64-bit Linux. */
public final class Flock {
    public static final long BYTES = 32;

    private static final long TYPE = 0;
    private static final long WHENCE = 2;
    private static final long START = 8;
    private static final long LEN = 16;
    private static final long PID = 24;

    private Flock() {}

    /** Fills the struct in; length 0 reaches to the end of the file, however far it grows. */
    public static void set(MemorySegment flock, short type, long start, long length) {
        flock.set(JAVA_SHORT, TYPE, type);
        flock.set(JAVA_SHORT, WHENCE, (short) Unistd.SEEK_SET);
        flock.set(JAVA_LONG, START, start);
        flock.set(JAVA_LONG, LEN, length);
        // Open-file-description locks demand a zero here.
        flock.set(JAVA_INT, PID, 0);
    }

    /** The type, which F_OFD_GETLK sets to F_UNLCK where nobody is in the way. */
    public static short type(MemorySegment flock) {
        return flock.get(JAVA_SHORT, TYPE);
    }
}
