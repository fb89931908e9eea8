// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.blocking.Errors;
import dev.kith.kernel.Mqueue;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The attributes of a message queue.
 *
 * @param capacity how many messages it can hold (mq_maxmsg)
 * @param maxMessageBytes how long a message may be (mq_msgsize)
 * @param messages how many it holds now (mq_curmsgs)
 */
public record QueueAttributes(int capacity, int maxMessageBytes, int messages) {
    static QueueAttributes of(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Mqueue.ATTR_BYTES, 8);
            Errors.check(Mqueue.getattr(fd, attributes), "mq_getattr(" + fd + ")", "");
            return new QueueAttributes(
                    (int) attributes.get(JAVA_LONG, Mqueue.MAXMSG),
                    (int) attributes.get(JAVA_LONG, Mqueue.MSGSIZE),
                    (int) attributes.get(JAVA_LONG, Mqueue.CURMSGS));
        }
    }
}
