// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import java.lang.foreign.MemorySegment;

/**
 * Writes a message for a queue straight into native memory.
 *
 * @see MessageQueue#send(QueueWriter, int)
 */
@FunctionalInterface
public interface QueueWriter {
    /**
     * Writes the message at the start of {@code target}.
     *
     * @param target as long as the longest message of the queue; not valid after the call
     * @return the length of the message; if it is more than the target has, the message is refused
     *     as too large
     */
    long write(MemorySegment target);
}
