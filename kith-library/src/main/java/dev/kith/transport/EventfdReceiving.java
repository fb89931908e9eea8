// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import dev.kith.Closed;
import dev.kith.Message;
import dev.kith.Waitable;
import dev.kith.channel.Address;
import dev.kith.channel.Link;
import dev.kith.channel.SendOptions;
import dev.kith.codec.Codec;
import dev.kith.linux.Poller;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The end of {@code eventfd:} that takes the sum. */
final class EventfdReceiving implements Link {
    private final Address address;
    private final EventfdTransport.Ends ends;

    /** What was taken beyond the largest long: a sum has up to 2^64-2, a message half of it. */
    private final Queue<Long> rest = new ConcurrentLinkedQueue<>();

    /** For both counters; made when somebody waits. Guarded by this. */
    private Poller<String> poller;

    private volatile boolean ended;
    private boolean closed;

    EventfdReceiving(Address address, EventfdTransport.Ends ends) {
        this.address = address;
        this.ends = ends;
    }

    @Override
    public <T> Message<T> receive(Codec<T> codec, boolean acknowledge, long timeoutNanos)
            throws InterruptedException {
        long start = System.nanoTime();
        for (; ; ) {
            OptionalLong number = take();
            if (number.isPresent()) {
                long[] bytes = {number.getAsLong()};
                return new Received<>(codec.decode(MemorySegment.ofArray(bytes)), Long.BYTES);
            }
            long left =
                    timeoutNanos == FOREVER ? FOREVER : timeoutNanos - (System.nanoTime() - start);
            if (left <= 0) {
                return null;
            }
            await(left);
        }
    }

    @Override
    public <T> boolean send(T value, Codec<T> codec, SendOptions options, long timeoutNanos) {
        throw new UnsupportedOperationException(address + ": this end receives");
    }

    @Override
    public void end(int consumers) {
        throw new UnsupportedOperationException(address + ": this end receives");
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public boolean isReady() {
        return ended || !rest.isEmpty() || ends.numbers().isReady() || ends.marks().isReady();
    }

    @Override
    public Waitable.Registration whenReady(Runnable wake) {
        if (ended) {
            wake.run();
            return () -> {};
        }
        Waitable.Registration numbers = ends.numbers().whenReady(wake);
        try {
            Waitable.Registration marks = ends.marks().whenReady(wake);
            return () -> {
                numbers.close();
                marks.close();
            };
        } catch (RuntimeException failed) {
            numbers.close();
            throw failed;
        }
    }

    @Override
    public Object handle() {
        return ends.numbers();
    }

    @Override
    public Optional<Object> travels() {
        giveBack();
        return Optional.of(ends);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        giveBack();
        closePoller();
        ends.close();
    }

    /** What there is now; the end of the stream only where there is nothing else. */
    private OptionalLong take() throws InterruptedException {
        if (ended) {
            throw endOfStream();
        }
        OptionalLong number = takeNumber();
        if (number.isPresent() || ends.marks().tryTake(Duration.ZERO).isEmpty()) {
            return number;
        }
        // What was sent before the mark may have come since the first look.
        try {
            number = takeNumber();
        } catch (InterruptedException interrupted) {
            putMarkBack();
            throw interrupted;
        }
        if (number.isPresent()) {
            putMarkBack();
            return number;
        }
        ended = true;
        // The other threads that wait in this end are to see the end too.
        closePoller();
        throw endOfStream();
    }

    /** Whatever else happens: a number has been taken, or an exception is on its way. */
    private void putMarkBack() {
        boolean interrupted = false;
        for (; ; ) {
            try {
                ends.marks().add(1);
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private OptionalLong takeNumber() throws InterruptedException {
        Long kept = rest.poll();
        if (kept != null) {
            return OptionalLong.of(kept);
        }
        OptionalLong taken = ends.numbers().tryTake(Duration.ZERO);
        if (taken.isEmpty() || taken.getAsLong() > 0) {
            return taken;
        }
        rest.add(taken.getAsLong() - Long.MAX_VALUE);
        return OptionalLong.of(Long.MAX_VALUE);
    }

    /** Another process that holds this end, or will, is to have what this one did not receive. */
    private void giveBack() {
        for (Long kept = rest.poll(); kept != null; kept = rest.poll()) {
            try {
                if (!ends.numbers().tryAdd(kept, Duration.ZERO)) {
                    rest.add(kept);
                    return;
                }
            } catch (InterruptedException later) {
                rest.add(kept);
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void await(long nanos) throws InterruptedException {
        try {
            if (nanos == FOREVER) {
                poller().await();
            } else {
                poller().await(Duration.ofNanos(nanos));
            }
        } catch (Closed over) {
            throw ended ? endOfStream() : new Closed(address + " is closed");
        }
    }

    private synchronized Poller<String> poller() {
        if (closed || ended) {
            throw new Closed(address + " is closed");
        }
        if (poller == null) {
            Poller<String> made = Poller.open();
            try {
                made.add(ends.numbers(), Set.of(Poller.Event.IN), "numbers");
                made.add(ends.marks(), Set.of(Poller.Event.IN), "marks");
            } catch (RuntimeException failed) {
                made.close();
                throw failed;
            }
            poller = made;
        }
        return poller;
    }

    private void closePoller() {
        Poller<String> last;
        synchronized (this) {
            last = poller;
        }
        if (last != null) {
            last.close();
        }
    }

    private Closed endOfStream() {
        return new Closed(address + ": the stream has ended");
    }
}
