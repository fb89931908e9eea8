// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.Closed;
import java.lang.foreign.MemorySegment;

/**
 * A block of a {@link MemoryPool} that is held until it is closed, passed on, or its process ends.
 *
 * <p>Any thread may use it; what several do in its memory at once is for them to put in order.
 */
public final class PoolBlock implements AutoCloseable {
    private final PoolMemory pool;
    private final long reference;
    private final MemorySegment segment;
    private boolean closed;

    PoolBlock(PoolMemory pool, long reference) {
        this.pool = pool;
        this.reference = reference;
        this.segment = pool.segment(reference);
    }

    /**
     * Its memory, in place. It must not be used any more when the block was closed or passed: it is
     * another's then, as {@code free} has it in C.
     *
     * @return a segment of {@link MemoryPool#blockBytes()}
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * What other processes {@linkplain MemoryPool#open open} it by, while somebody holds it.
     *
     * @return a number other than 0, which names this block until it is free, and none after that
     */
    public long reference() {
        return reference;
    }

    /**
     * Passes it to whoever {@linkplain MemoryPool#take takes} the reference: send it in a message.
     * From now on the message holds the block, whether or not this process lives, and this object
     * is closed.
     *
     * @return the reference
     * @throws Closed if it was closed or passed already, or the pool was
     * @throws IllegalStateException if 255 messages hold it already
     */
    public synchronized long pass() {
        if (closed) {
            throw new Closed("block " + this + " is closed");
        }
        pool.letGo(reference, true);
        closed = true;
        return reference;
    }

    /** Lets go of it; it is free if nobody else holds it. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            pool.letGo(reference, false);
        }
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(reference);
    }
}
