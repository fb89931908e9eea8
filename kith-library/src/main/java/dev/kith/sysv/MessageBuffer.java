// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import dev.kith.blocking.Deadline;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/**
 * Memory for one message of a queue, to send and receive without copying it through an array.
 * Borrowed with {@link MessageQueue#buffer()}, given back by {@link #close()} and not to be used
 * after that; for one thread at a time.
 *
 * <pre>{@code
 * try (MessageBuffer buffer = queue.buffer()) {
 *     buffer.room().set(ValueLayout.JAVA_LONG, 0, 42);
 *     buffer.type(1);
 *     buffer.lengthBytes(8);
 *     buffer.send();
 * }
 * }</pre>
 */
public final class MessageBuffer implements AutoCloseable {
    /** {@code struct msgbuf}: the type, a long, then the text. */
    private static final long TEXT = 8;

    private final QueueCalls queue;
    private MemorySegment memory;
    private MemorySegment room;
    private long length;

    /** The next one in the stack of those that are not lent. */
    MessageBuffer next;

    private boolean lent;

    MessageBuffer(QueueCalls queue, long capacityBytes) {
        this.queue = queue;
        allocate(capacityBytes);
    }

    /**
     * Where to write a message to send; where a message received begins.
     *
     * @return all the room there is, aligned to 8 bytes; another segment after {@link #grow}
     */
    public MemorySegment room() {
        return room;
    }

    /**
     * Makes the room larger; what was in it is lost.
     *
     * @param bytes how many a message needs
     * @throws dev.kith.IpcException if the queue takes no message of that length; says which limit
     *     forbids it
     */
    public void grow(long bytes) {
        queue.checkLength(type(), bytes);
        reserve(bytes);
    }

    /**
     * The message that was received, or is to be sent.
     *
     * @return exactly its bytes; valid until the buffer is used again
     */
    public MemorySegment text() {
        return room.asSlice(0, length);
    }

    /**
     * The length of the message.
     *
     * @return bytes, without the type
     */
    public long lengthBytes() {
        return length;
    }

    /**
     * Says how long the message to be sent is.
     *
     * @param bytes 0 to the size of {@link #room()}
     */
    public void lengthBytes(long bytes) {
        if (bytes < 0 || bytes > room.byteSize()) {
            throw new IllegalArgumentException("length=" + bytes + ", room=" + room.byteSize());
        }
        length = bytes;
    }

    /**
     * The type of the message.
     *
     * @return at least 1
     */
    public long type() {
        return memory.get(ValueLayout.JAVA_LONG, 0);
    }

    /**
     * Says of which type the message to be sent is.
     *
     * @param type at least 1
     */
    public void type(long type) {
        memory.set(ValueLayout.JAVA_LONG, 0, Types.check(type));
    }

    /**
     * Sends what is in the buffer to its queue; waits while there is no room.
     *
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     * @throws dev.kith.NotFound if the queue was removed
     */
    public void send() throws InterruptedException {
        queue.send(this, Deadline.FOREVER);
    }

    /**
     * Sends what is in the buffer to its queue, waiting a limited time for room.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return whether it was sent
     * @throws InterruptedException if the thread was interrupted; nothing was sent
     */
    public boolean trySend(Duration timeout) throws InterruptedException {
        return queue.send(this, Deadline.nanos(timeout));
    }

    /**
     * Takes a message of the queue into the buffer, which grows if it needs more room; waits until
     * there is one.
     *
     * @param which the types
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     * @throws dev.kith.NotFound if the queue was removed
     */
    public void receive(Types which) throws InterruptedException {
        queue.receive(which, this, Deadline.FOREVER);
    }

    /**
     * Takes a message of the queue into the buffer, which grows if it needs more room, waiting a
     * limited time.
     *
     * @param which the types
     * @param timeout how long to wait at most; zero does not wait
     * @return whether there was one in time
     * @throws InterruptedException if the thread was interrupted; nothing was taken
     */
    public boolean tryReceive(Types which, Duration timeout) throws InterruptedException {
        return queue.receive(which, this, Deadline.nanos(timeout));
    }

    /** Gives the buffer back to the queue. */
    @Override
    public void close() {
        if (lent) {
            lent = false;
            queue.buffers.takeBack(this);
        }
    }

    /** Begins a loan. */
    MessageBuffer lend() {
        lent = true;
        length = 0;
        memory.set(ValueLayout.JAVA_LONG, 0, 1);
        return this;
    }

    /** The msgbuf. */
    MemorySegment memory() {
        return memory;
    }

    /** Makes room for a message that the kernel has, whatever the limits now are. */
    void reserve(long bytes) {
        if (bytes > room.byteSize()) {
            long type = type();
            allocate(bytes);
            type(type);
        }
    }

    private void allocate(long bytes) {
        // Not tied to the handle: a buffer may outlive it in another thread.
        memory = Arena.ofAuto().allocate(TEXT + bytes, 8);
        room = memory.asSlice(TEXT);
        length = 0;
    }
}
