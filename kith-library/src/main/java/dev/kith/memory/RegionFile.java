// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.kernel.NativeAccess;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * The file behind a region: made under no name or a temporary one, filled, and only then given its
 * name, so that nobody ever sees half of it; mapped until nobody can reach the segment any more.
 *
 * <p>By system calls where they may be made ({@link NativeFile}), else by the JDK alone ({@link
 * PlainFile}).
 */
interface RegionFile extends AutoCloseable {
    boolean NATIVE = NativeAccess.usable();

    /**
     * Makes a file of that size.
     *
     * @param fill writes into it before it gets its name
     * @throws dev.kith.AlreadyExists if there is something of that name
     * @throws dev.kith.IpcException if there is no room
     */
    static RegionFile create(Place place, long sizeBytes, Consumer<RegionFile> fill) {
        return NATIVE
                ? NativeFile.create(place, sizeBytes, fill)
                : PlainFile.create(place, sizeBytes, fill);
    }

    /**
     * Opens a file and maps all of it.
     *
     * @param arena ends the mapping; the automatic one, unless nobody else will have the segment
     * @throws dev.kith.NotFound if there is none
     * @throws dev.kith.Broken if it is no regular file or smaller than a header
     */
    static RegionFile open(Place place, Arena arena) {
        return NATIVE ? NativeFile.open(place, arena) : PlainFile.open(place, arena);
    }

    /** All of the file as it was when it was opened. */
    MemorySegment memory();

    /** Takes the lock of a byte, if nobody has it; true also if nothing can be locked here. */
    boolean lock(long at);

    /** Gives the lock of a byte back. */
    void unlock(long at);

    /** Whether another open file description has the lock of a byte. */
    boolean isLocked(long at);

    /** Whether the name still stands for this file. */
    boolean isStillThere();

    /** Removes the name. */
    void unlink();

    /** Closes the descriptor, and with it gives all locks back; the memory stays mapped. */
    @Override
    void close();
}
