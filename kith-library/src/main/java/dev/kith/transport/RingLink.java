// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Direction;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.ring.Ring;
import dev.kith.ring.RingHandler;
import dev.kith.ring.RingProducer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A ring or a broadcast for many threads: one at a time sends, one at a time receives. It takes
 * part in a ring when it first does either, so a channel that only sends leaves the one consumer to
 * others. It joins a broadcast when it is opened to receive, because of what was sent before nobody
 * tells it. Who is last to close finds nobody in the middle of a call, because the locks are had
 * first.
 */
final class RingLink implements Link {
    private static final Duration ENDLESS = Duration.ofNanos(FOREVER);

    private final Address address;
    private final Medium in;
    private final Medium out;
    private final RingOptions options;
    private final ReentrantLock sending = new ReentrantLock();
    private final ReentrantLock receiving = new ReentrantLock();
    private volatile RingProducer producer;
    private volatile Intake intake;
    private volatile boolean closed;
    private volatile boolean ended;

    /** Whether it has let go, as it does once; guarded by both locks. */
    private boolean released;

    /** The message that is received; kept, so that none of them costs an object. */
    private Taking<?> lastTaking;

    /** The same for those that are sent. */
    private volatile UnmarkedCodec<?> lastChecked;

    /** Of a broadcast: whether the mark was sent that is for all. */
    private boolean marked;

    private RingLink(Address address, Medium in, Medium out, RingOptions options) {
        this.address = address;
        this.in = in;
        this.out = out;
        this.options = options;
    }

    /** Opens an end; the medium is closed if that fails. */
    static RingLink of(Address address, Medium medium, Direction direction, RingOptions options) {
        RingLink link = new RingLink(address, medium, medium, options);
        try {
            if (link.isBroadcast() && direction.receives()) {
                link.intake();
            }
            return link;
        } catch (RuntimeException | Error failed) {
            medium.close();
            throw failed;
        }
    }

    /** One end of a pair: receives from one ring and sends on another, which have no names. */
    static RingLink of(Address address, Medium in, Medium out, RingOptions options) {
        return new RingLink(address, in, out, options);
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos)
            throws InterruptedException {
        return send(value, checked(codec), timeoutNanos);
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        long start = System.nanoTime();
        if (!lock(receiving, timeoutNanos)) {
            return null;
        }
        try {
            Taking<T> taking = taken(codec, start, timeoutNanos);
            return taking == null ? null : new Received<>(taking.result(this), taking.length);
        } finally {
            receiving.unlock();
        }
    }

    @Override
    public <T> T receiveValue(Codec<T> codec, long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        if (!lock(receiving, timeoutNanos)) {
            return null;
        }
        try {
            Taking<T> taking = taken(codec, start, timeoutNanos);
            return taking == null ? null : taking.result(this);
        } finally {
            receiving.unlock();
        }
    }

    @Override
    public void end(int consumers) throws InterruptedException {
        for (int i = 0; i < consumers && !marked; i++) {
            send(EndMarker.BYTES, EndMarker.CODEC, FOREVER);
            marked = isBroadcast();
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        return closed || ended || intakeLocked().isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        return intakeLocked().whenReady(wake);
    }

    @Override
    public Object handle() {
        return in.handle();
    }

    @Override
    public Optional<Object> travels() {
        if (!in.handle().name().isEmpty()) {
            return Optional.empty();
        }
        if (closed) {
            throw new Closed(address + " is closed");
        }
        return Optional.of(new RingEnds((Ring) in.handle(), (Ring) out.handle(), this::close));
    }

    @Override
    public void close() {
        closed = true;
        wakeUntilHad(sending, () -> producer != null, () -> producer.wakeup());
        wakeUntilHad(receiving, () -> intake != null, () -> intake.wakeup());
        try {
            if (!released) {
                released = true;
                release();
            }
        } finally {
            sending.unlock();
            receiving.unlock();
        }
    }

    /** In both locks. */
    private void release() {
        try {
            if (producer != null) {
                producer.close();
            }
            if (intake != null) {
                intake.close();
            }
        } finally {
            in.close();
            if (out != in) {
                out.close();
            }
        }
    }

    private <T> boolean send(T value, Codec<T> codec, long timeoutNanos)
            throws InterruptedException {
        long start = System.nanoTime();
        if (!lock(sending, timeoutNanos)) {
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
                long left = left(start, timeoutNanos);
                if (producer.offer(value, codec, duration(left))) {
                    return true;
                }
                if (left(start, timeoutNanos) == 0 && !closed) {
                    return false;
                }
            }
        } finally {
            sending.unlock();
        }
    }

    /** In the lock: takes a message, or says null if there was none in time. */
    private <T> Taking<T> taken(Codec<T> codec, long start, long timeoutNanos)
            throws InterruptedException {
        Taking<T> taking = taking(codec);
        for (; ; ) {
            checkReceiving();
            Intake from = intake();
            if (from.drain(taking, 1) == 1) {
                return taking;
            }
            if (from.hasLostTheEnd()) {
                throw endOfStream();
            }
            long left = left(start, timeoutNanos);
            if (!from.await(duration(left)) && left(start, timeoutNanos) == 0) {
                checkReceiving();
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

    @SuppressWarnings("unchecked") // of that codec, so of its type
    private <T> UnmarkedCodec<T> checked(Codec<T> codec) {
        UnmarkedCodec<?> last = lastChecked;
        if (last == null || last.codec() != codec) {
            last = new UnmarkedCodec<>(address, codec);
            lastChecked = last;
        }
        return (UnmarkedCodec<T>) last;
    }

    /** In the lock. */
    private Intake intake() {
        if (intake == null) {
            intake = in.intake(options);
        }
        return intake;
    }

    private Intake intakeLocked() {
        Intake joined = intake;
        if (joined != null) {
            return joined;
        }
        receiving.lock();
        try {
            checkReceiving();
            return intake();
        } finally {
            receiving.unlock();
        }
    }

    private void checkReceiving() {
        if (ended) {
            throw endedException();
        }
        if (closed) {
            throw new Closed(address + " is closed");
        }
    }

    private boolean isBroadcast() {
        return in.flavour() == RingOptions.Flavour.BROADCAST;
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

    private static boolean lock(ReentrantLock lock, long timeoutNanos) throws InterruptedException {
        if (timeoutNanos == FOREVER) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private static long left(long start, long timeoutNanos) {
        return timeoutNanos == FOREVER
                ? FOREVER
                : Math.max(0, timeoutNanos - (System.nanoTime() - start));
    }

    private static Duration duration(long nanos) {
        return nanos == FOREVER ? ENDLESS : nanos == 0 ? Duration.ZERO : Duration.ofNanos(nanos);
    }

    private interface Question {
        boolean isTrue();
    }

    /** Takes a lock whose holder may wait for the other side. */
    private static void wakeUntilHad(ReentrantLock lock, Question awake, Runnable wakeup) {
        boolean interrupted = false;
        for (boolean had = false; !had; ) {
            if (awake.isTrue()) {
                wakeup.run();
            }
            try {
                had = lock.tryLock(1, TimeUnit.MILLISECONDS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One message on its way out of the ring; what the codec throws is thrown when it is out. */
    private static final class Taking<T> implements RingHandler {
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
        T result(RingLink link) {
            if (marker) {
                throw link.endOfStream();
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
