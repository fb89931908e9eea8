// SPDX-License-Identifier: Apache-2.0
package dev.kith.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * What each thread has of its own for its calls, in one place: a thread that was just woken by the
 * kernel finds its caches cold, and each thread-local variable costs it several lines of them.
 */
public final class PerThread {
    private static final ThreadLocal<PerThread> CURRENT = ThreadLocal.withInitial(PerThread::new);

    private static final long SCRATCH_BYTES = 64;
    private static final long EIGHT = SCRATCH_BYTES;
    private static final long ERRNO = EIGHT + 8;

    /** 64 bytes for the small structs that a call takes: pollfd, iovec, timespec. */
    public final MemorySegment scratch;

    /** 8 bytes for a value that is read or written, which no struct of a call disturbs. */
    public final MemorySegment eight;

    /** Into which the errno of a call is captured: it belongs to the thread that made the call. */
    final MemorySegment errno;

    /**
     * Native memory for a message, lent to one call at a time; null while it is lent, and at first.
     */
    public MemorySegment buffer;

    /** For the package above, which keeps there what it knows of the thread; null at first. */
    public Object caller;

    private PerThread() {
        long errnoBytes = Linker.Option.captureStateLayout().byteSize();
        MemorySegment all = Arena.ofAuto().allocate(ERRNO + errnoBytes, 64);
        scratch = all.asSlice(0, SCRATCH_BYTES);
        eight = all.asSlice(EIGHT, 8);
        errno = all.asSlice(ERRNO, errnoBytes);
    }

    /** The calling thread's. */
    public static PerThread current() {
        return CURRENT.get();
    }
}
