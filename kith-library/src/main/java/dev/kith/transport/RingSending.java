// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static dev.kith.channel.Link.FOREVER;

import dev.kith.Closed;
import dev.kith.channel.Address;
import dev.kith.codec.Codec;
import dev.kith.ring.RingProducer;

/** The half of a {@link RingLink} that sends; it takes part in the ring when it first does. */
final class RingSending {
    private final Address address;
    private final Medium out;
    private final RingOptions options;
    private final EndLock lock = new EndLock();
    private volatile RingProducer producer;
    private volatile boolean closed;

    /** Kept, so that a message does not cost an object. */
    private volatile UnmarkedCodec<?> lastChecked;

    /** Of a broadcast: whether the mark was sent that is for all. */
    private boolean marked;

    RingSending(Address address, Medium out, RingOptions options) {
        this.address = address;
        this.out = out;
        this.options = options;
    }

    /** Sends a message that is not the mark of the end. */
    <T> boolean send(T value, Codec<T> codec, long timeoutNanos) throws InterruptedException {
        return sendAny(value, checked(codec), timeoutNanos);
    }

    void end(int consumers) throws InterruptedException {
        for (int i = 0; i < consumers && !marked; i++) {
            sendAny(EndMarker.BYTES, EndMarker.CODEC, FOREVER);
            marked = out.flavour() == RingOptions.Flavour.BROADCAST;
        }
    }

    /** Lets nobody in any more, and waits until nobody is in. */
    void lockForClose() {
        closed = true;
        lock.lockWaking(() -> {
            if (producer != null) {
                producer.wakeup();
            }
        });
    }

    void unlock() {
        lock.unlock();
    }

    /** In the lock. */
    void close() {
        if (producer != null) {
            producer.close();
        }
    }

    private <T> boolean sendAny(T value, Codec<T> codec, long timeoutNanos)
            throws InterruptedException {
        long start = System.nanoTime();
        if (!lock.lock(timeoutNanos)) {
            return false;
        }
        try {
            for (; ; ) {
                if (closed) {
                    throw new Closed(address + " is closed");
                }
                if (producer == null) {
                    producer = out.producer(options);
                }
                long left = EndLock.left(start, timeoutNanos);
                if (producer.offer(value, codec, EndLock.duration(left))) {
                    return true;
                }
                if (EndLock.left(start, timeoutNanos) == 0 && !closed) {
                    return false;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked") // of that codec, so of its type
    private <T> UnmarkedCodec<T> checked(Codec<T> codec) {
        UnmarkedCodec<?> last = lastChecked;
        if (last == null || last.codec() != codec) {
            last = new UnmarkedCodec<>(address, codec);
            lastChecked = last;
        }
        return (UnmarkedCodec<T>) last;
    }
}
