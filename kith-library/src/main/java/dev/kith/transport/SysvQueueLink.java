// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.sysv.MessageBuffer;
import dev.kith.sysv.MessageQueue;
import dev.kith.sysv.TypedMessage;
import dev.kith.sysv.Types;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One end of a System V queue. A receive is one msgrcv, a send one msgsnd, in the thread that
 * calls; each has a buffer of its own, so there is no lock.
 *
 * <p>Receives go through a handle of their own, {@code receiving}. To close it is the way to wake
 * all threads that are in a receive, and they alone: when one of them met the end, or when the
 * watch took an empty message for them.
 */
final class SysvQueueLink implements Link {
    private final Address address;
    private final MessageQueue queue;
    private final long sendType;
    private final Types which;
    private final SysvQueueWatch watch;

    /** The types of empty messages that the watch had to take; received before anything else. */
    private final Queue<Long> early = new ConcurrentLinkedQueue<>();

    private volatile MessageQueue receiving;
    private volatile boolean ended;
    private boolean closed;

    /** Takes the queue over; type 0 is none. */
    SysvQueueLink(Address address, MessageQueue queue, long type) {
        this.address = address;
        this.queue = queue;
        this.sendType = type == 0 ? 1 : type;
        this.which = SysvQueueTransport.selection(type);
        this.receiving = MessageQueue.openId(queue.id());
        this.watch = new SysvQueueWatch(queue.id(), which, this::tookEarly);
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        try (MessageBuffer buffer = queue.buffer()) {
            buffer.type(options.type() == 0 ? sendType : options.type());
            long length = codec.encode(value, buffer.room());
            while (length > buffer.room().byteSize()) {
                buffer.grow(length);
                length = codec.encode(value, buffer.room());
            }
            buffer.lengthBytes(length);
            if (length == EndMarker.BYTES && EndMarker.isMarker(buffer.text())) {
                throw EndMarker.refused(address);
            }
            if (timeoutNanos == FOREVER) {
                queue.send(buffer);
                return true;
            }
            return queue.trySend(buffer, Duration.ofNanos(timeoutNanos));
        }
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        long start = timeoutNanos == FOREVER ? 0 : System.nanoTime();
        long left = timeoutNanos;
        for (; ; ) {
            // Read before the two checks: who changes what they look at closes it afterwards.
            MessageQueue from = receiving;
            if (ended) {
                throw new Closed(address + ": the stream has ended");
            }
            Long type = early.poll();
            if (type != null) {
                return message(codec, type, MemorySegment.NULL);
            }
            try (MessageBuffer buffer = from.buffer()) {
                if (!take(from, buffer, left)) {
                    return null;
                }
                MemorySegment text = buffer.text();
                if (!EndMarker.isMarker(text)) {
                    return message(codec, buffer.type(), text);
                }
            } catch (Closed woken) {
                if (from == receiving && !ended) {
                    throw woken;
                }
                left =
                        start == 0
                                ? FOREVER
                                : Math.max(0, timeoutNanos - (System.nanoTime() - start));
                continue;
            }
            metEnd();
        }
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        try (MessageBuffer buffer = queue.buffer()) {
            buffer.type(sendType);
            EndMarker.write(buffer.room());
            buffer.lengthBytes(EndMarker.BYTES);
            for (int i = 0; i < consumers; i++) {
                queue.send(buffer);
            }
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        try {
            return ended || !early.isEmpty() || queue.hasMessage(which);
        } catch (IpcException alsoFromReceive) {
            return true;
        }
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        if (!early.isEmpty()) {
            wake.run();
            return () -> {};
        }
        return watch.add(wake);
    }

    @Override
    public Object handle() {
        return queue;
    }

    @Override
    public Optional<Object> travels() {
        return Optional.empty();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        watch.finish();
        receiving.close();
        putBack();
        queue.close();
    }

    private boolean take(MessageQueue from, MessageBuffer buffer, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos == FOREVER) {
            from.receive(which, buffer);
            return true;
        }
        return from.tryReceive(which, buffer, Duration.ofNanos(timeoutNanos));
    }

    private static <T> Message<T> message(Codec<T> codec, long type, MemorySegment text) {
        return new TypedMessage<>(type, codec.decode(text), text.byteSize());
    }

    private void metEnd() {
        ended = true;
        receiving.close();
        watch.finish();
    }

    /** By the watch: an empty message was taken, which a thread may be waiting for. */
    private synchronized void tookEarly(long type) {
        early.add(type);
        if (closed) {
            putBack();
        } else if (!ended) {
            MessageQueue blocked = receiving;
            receiving = MessageQueue.openId(queue.id());
            blocked.close();
        }
    }

    /** Nobody here will receive them: back into the queue, behind what came since. */
    private void putBack() {
        if (early.isEmpty()) {
            return;
        }
        try (MessageQueue again = MessageQueue.openId(queue.id())) {
            for (Long type = early.poll(); type != null; type = early.poll()) {
                // It needs no room: only a queue that was removed cannot have it.
                again.trySend(type, new byte[0]);
            }
        } catch (IpcException removed) {
            early.clear();
        }
    }
}
