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

/**
 * One end of a System V queue. A receive is one msgrcv, a send one msgsnd, in the thread that
 * calls; each has a buffer of its own, so there is no lock.
 *
 * <p>Receives go through a handle of their own: to close it is the way to wake all threads that are
 * in a receive, and they alone, when one of them met the end.
 */
final class SysvQueueLink implements Link {
    private final Address address;
    private final MessageQueue queue;
    private final long sendType;
    private final Types which;
    private final SysvQueueWatch watch;

    private final MessageQueue receiving;
    private volatile boolean ended;

    /** Takes the queue over; type 0 is none. */
    SysvQueueLink(Address address, MessageQueue queue, long type) {
        this.address = address;
        this.queue = queue;
        this.sendType = type == 0 ? 1 : type;
        this.which = SysvQueueTransport.selection(type);
        this.receiving = MessageQueue.openId(queue.id());
        this.watch = new SysvQueueWatch(queue.id(), which);
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
                buffer.send();
                return true;
            }
            return buffer.trySend(Duration.ofNanos(timeoutNanos));
        }
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        checkNotEnded();
        try (MessageBuffer buffer = receiving.buffer()) {
            if (timeoutNanos == FOREVER) {
                buffer.receive(which);
            } else if (!buffer.tryReceive(which, Duration.ofNanos(timeoutNanos))) {
                return null;
            }
            MemorySegment text = buffer.text();
            if (!EndMarker.isMarker(text)) {
                return new TypedMessage<>(buffer.type(), codec.decode(text), text.byteSize());
            }
        } catch (Closed woken) {
            checkNotEnded();
            throw woken;
        }
        metEnd();
        throw streamEnded();
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        try (MessageBuffer buffer = queue.buffer()) {
            buffer.type(sendType);
            EndMarker.write(buffer.room());
            buffer.lengthBytes(EndMarker.BYTES);
            for (int i = 0; i < consumers; i++) {
                buffer.send();
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
            return ended || queue.hasMessage(which);
        } catch (IpcException alsoFromReceive) {
            return true;
        }
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
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
        watch.finish();
        receiving.close();
        queue.close();
    }

    private void metEnd() {
        ended = true;
        receiving.close();
        watch.finish();
    }

    private void checkNotEnded() {
        if (ended) {
            throw streamEnded();
        }
    }

    private Closed streamEnded() {
        return new Closed(address + ": the stream has ended");
    }
}
