// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

/** The buffers of one queue that are not lent: a stack, so that the one used last is used next. */
final class MessageBuffers {
    /** More than a message has by default (8192), little enough to keep for every queue. */
    private static final long LARGEST_AT_FIRST = 1 << 16;

    private static final long SMALLEST = 128;
    private static final int KEPT = 8;

    private final QueueCalls queue;
    private MessageBuffer top;
    private int count;

    MessageBuffers(QueueCalls queue) {
        this.queue = queue;
    }

    MessageBuffer lend() {
        synchronized (this) {
            MessageBuffer first = top;
            if (first != null) {
                top = first.next;
                count--;
                return first.lend();
            }
        }
        long bytes = Math.clamp(QueueCalls.msgmax(), SMALLEST, LARGEST_AT_FIRST);
        return new MessageBuffer(queue, bytes).lend();
    }

    synchronized void takeBack(MessageBuffer buffer) {
        if (count < KEPT) {
            buffer.next = top;
            top = buffer;
            count++;
        }
    }
}
