// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import java.lang.foreign.MemorySegment;

/**
 * Reads a message of a queue in native memory.
 *
 * @param <R> what becomes of it
 * @see MessageQueue#receive(QueueReader)
 */
@FunctionalInterface
public interface QueueReader<R> {
    /**
     * Reads the message.
     *
     * @param message exactly its bytes; not valid after the call
     * @param priority what it was sent with
     * @return what the receive returns; not null
     */
    R read(MemorySegment message, int priority);
}
