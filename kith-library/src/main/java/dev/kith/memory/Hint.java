// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A word of 32 bits in shared memory by which those who wait tell those who publish that somebody
 * may wait: who publishes looks at one word instead of at all who might.
 *
 * <p>Who waits raises it before {@link Parking#await}, whose barrier it needs. Who publishes asks
 * {@link #isUp()} after the store, and lowers it when he finds nobody.
 */
public final class Hint {
    private static final VarHandle WORD = JAVA_INT.varHandle();

    private final MemorySegment segment;
    private final Words words;
    private final long offset;

    Hint(Region region, long offset) {
        this.segment = region.segment();
        this.words = region.words();
        this.offset = offset;
    }

    /** Says that somebody waits; to be called before {@link Parking#await}. */
    public void raise() {
        WORD.setRelease(segment, offset, 1); // after what others find when they look who waits
    }

    /** Says that nobody waits; who calls looks once more for somebody, and raises it then. */
    public void lower() {
        WORD.setVolatile(segment, offset, 0);
        VarHandle.fullFence();
    }

    /** Whether somebody may wait for what was stored before by a store with release or stronger. */
    public boolean isUp() {
        Fence.light();
        if ((words.getIntOpaque(Header.FLAGS) & Header.FENCED) != 0) {
            VarHandle.fullFence();
        }
        return words.getIntOpaque(offset) != 0;
    }
}
