// SPDX-License-Identifier: Apache-2.0
package dev.kith.blocking;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.kith.Broken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Mapped memory with the arena that ends it, and reads and writes of it that say what is wrong.
 *
 * @param what names the object in messages
 */
public record Mapping(String what, Arena arena, MemorySegment segment) {
    private static final int LAST_PAUSE_MILLIS = 64;

    /** Maps in a new arena, which is closed if that fails. */
    public static Mapping of(String what, Mapper mapper) {
        Arena arena = Arena.ofShared();
        try {
            return new Mapping(what, arena, mapper.map(arena));
        } catch (RuntimeException failed) {
            arena.close();
            throw failed;
        }
    }

    /** Makes the mapping. */
    @FunctionalInterface
    public interface Mapper {
        /** The memory, which the arena ends. */
        MemorySegment map(Arena arena);
    }

    /** Copies bytes in. */
    public void write(long offset, byte[] bytes, String cure) {
        check("write", offset, bytes.length, cure);
        try {
            MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, offset, bytes.length);
        } catch (InternalError fault) {
            throw truncated("write", offset, bytes.length, fault);
        }
    }

    /** Copies bytes out. */
    public byte[] read(long offset, int length) {
        check("read", offset, length, "");
        byte[] bytes = new byte[length];
        try {
            MemorySegment.copy(segment, JAVA_BYTE, offset, bytes, 0, length);
        } catch (InternalError fault) {
            throw truncated("read", offset, length, fault);
        }
        return bytes;
    }

    /** Refuses what does not lie within. */
    public void check(String verb, long offset, long length, String cure) {
        if (offset < 0 || length < 0 || offset > segment.byteSize() - length) {
            throw new IllegalArgumentException(
                    verb
                            + " beyond the end of "
                            + what
                            + ": offset="
                            + offset
                            + ", length="
                            + length
                            + ", size="
                            + segment.byteSize()
                            + (cure.isEmpty() ? "" : "; " + cure));
        }
    }

    /** What a fault in mapped memory means. */
    public Broken truncated(String verb, long offset, long length, Throwable fault) {
        Broken broken =
                new Broken(
                        verb
                                + " of "
                                + what
                                + ": another process has truncated it: offset="
                                + offset
                                + ", length="
                                + length
                                + ", size when mapped="
                                + segment.byteSize());
        broken.initCause(fault);
        return broken;
    }

    /**
     * Ends the mapping: later accesses throw IllegalStateException. Waits for calls that end by
     * themselves.
     */
    public void close() {
        for (int pause = 1; ; pause *= 2) {
            try {
                arena.close();
                return;
            } catch (IllegalStateException inUse) {
                if (pause > LAST_PAUSE_MILLIS) {
                    throw new IllegalStateException(
                            what
                                    + " is in use by a call that has not returned; close what waits"
                                    + " in it first, a Semaphore say",
                            inUse);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            }
        }
    }
}
