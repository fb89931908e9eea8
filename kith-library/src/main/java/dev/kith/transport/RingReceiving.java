// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.channel.Address;
import dev.kith.codec.Codec;
import dev.kith.ring.RingHandler;
import java.lang.foreign.MemorySegment;

/**
 * The half of a {@link RingLink} that receives. It takes part in the ring when it first does, in a
 * broadcast when it is opened, because of what was sent before nobody tells it.
 */
final class RingReceiving {
    private final Address address;
    private final Medium in;
    private final RingOptions options;
    private final EndLock lock = new EndLock();
    private volatile Intake intake;
    private volatile boolean closed;
    private volatile boolean ended;

    /** The message that is received; kept, so that none of them costs an object. */
    private Taking<?> lastTaking;

    RingReceiving(Address address, Medium in, RingOptions options) {
        this.address = address;
        this.in = in;
        this.options = options;
    }

    /** The next message, or null if there was none in time. */
    <T> Received<T> receive(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        if (!lock.lock(timeoutNanos)) {
            return null;
        }
        try {
            Taking<T> taking = taken(codec, start, timeoutNanos);
            return taking == null ? null : new Received<>(taking.result(), taking.length);
        } finally {
            lock.unlock();
        }
    }

    /** The same, of which nothing is wanted but the value. */
    <T> T receiveValue(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        if (!lock.lock(timeoutNanos)) {
            return null;
        }
        try {
            Taking<T> taking = taken(codec, start, timeoutNanos);
            return taking == null ? null : taking.result();
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        return ended;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isReady() {
        return closed || ended || joined().isReady();
    }

    /** What it receives from, from now on at the latest. */
    Intake joined() {
        Intake joined = intake;
        if (joined != null) {
            return joined;
        }
        lock.lock();
        try {
            check();
            return intake();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more, and waits until nobody is in. */
    void lockForClose() {
        closed = true;
        lock.lockWaking(() -> {
            if (intake != null) {
                intake.wakeup();
            }
        });
    }

    void unlock() {
        lock.unlock();
    }

    /** In the lock. */
    void close() {
        if (intake != null) {
            intake.close();
        }
    }

    /** In the lock: takes a message, or says null if there was none in time. */
    private <T> Taking<T> taken(Codec<T> codec, long start, long timeoutNanos)
            throws InterruptedException {
        Taking<T> taking = taking(codec);
        for (; ; ) {
            check();
            Intake from = intake();
            if (from.drain(taking, 1) == 1) {
                return taking;
            }
            if (from.hasLostTheEnd()) {
                throw endOfStream();
            }
            long left = EndLock.left(start, timeoutNanos);
            if (!from.await(EndLock.duration(left)) && EndLock.left(start, timeoutNanos) == 0) {
                check();
                return null;
            }
        }
    }

    @SuppressWarnings("unchecked") // of that codec, so of its type
    private <T> Taking<T> taking(Codec<T> codec) {
        if (lastTaking == null || lastTaking.codec != codec) {
            lastTaking = new Taking<>(codec);
        }
        return (Taking<T>) lastTaking;
    }

    /** In the lock. */
    private Intake intake() {
        if (intake == null) {
            intake = in.intake(options);
        }
        return intake;
    }

    private void check() {
        if (ended) {
            throw endedException();
        }
        if (closed) {
            throw new Closed(address + " is closed");
        }
    }

    /** In the lock: what the receive throws that meets the end. */
    private Closed endOfStream() {
        ended = true;
        intake.ended();
        return endedException();
    }

    private Closed endedException() {
        return new Closed(address + ": the stream has ended");
    }

    /** One message on its way out of the ring; what the codec throws is thrown when it is out. */
    private final class Taking<T> implements RingHandler {
        private final Codec<T> codec;
        private T value;
        private long length;
        private boolean marker;
        private RuntimeException failure;

        Taking(Codec<T> codec) {
            this.codec = codec;
        }

        @Override
        public void onMessage(MemorySegment memory, long offset, int length) {
            this.length = length;
            marker = EndMarker.isMarker(memory, offset, length);
            if (!marker) {
                try {
                    value = codec.decode(memory, offset, length);
                } catch (RuntimeException undecodable) {
                    failure = undecodable;
                }
            }
        }

        /** Once: the value is the receiver's. */
        T result() {
            if (marker) {
                throw endOfStream();
            }
            T taken = value;
            RuntimeException thrown = failure;
            value = null;
            failure = null;
            if (thrown != null) {
                throw thrown;
            }
            return taken;
        }
    }
}
