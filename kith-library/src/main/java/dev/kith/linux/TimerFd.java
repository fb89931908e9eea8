// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static dev.kith.kernel.Errno.EAGAIN;
import static dev.kith.kernel.Errno.ECANCELED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.HasFd;
import dev.kith.Waitable;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Errors;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.SysTimerfd;
import dev.kith.kernel.Timespec;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A timer behind a descriptor, which a poller or a C program can wait for among others.
 *
 * <pre>{@code
 * try (var tick = TimerFd.create()) {
 *     tick.scheduleAtFixedRate(Duration.ofSeconds(1), Duration.ofSeconds(1));
 *     for (;;) {
 *         long missed = tick.await() - 1;
 *     }
 * }
 * }</pre>
 *
 * <p>It counts how often it has expired; whoever awaits takes the count. Any number of threads and
 * of processes that hold a copy may schedule and await; each expiry is counted to one of them.
 * Scheduling again forgets the count and the time before. It goes on when the process that
 * scheduled it dies, as long as another one has a copy.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/timerfd_create.2.html">timerfd_create(2)</a>
 */
public final class TimerFd implements HasFd, Waitable, Serializable, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private final transient OwnedFd owned;
    private final transient Clock clock;

    private TimerFd(int fd, Clock clock) {
        this.owned = new OwnedFd(fd, "timerfd of " + clock);
        this.clock = clock;
    }

    /** Which time a timer goes by. */
    public enum Clock {
        /** The time since boot, suspended time not counted; nobody can set it. */
        MONOTONIC(SysTimerfd.CLOCK_MONOTONIC),
        /** The time of day, which an administrator or NTP may set. */
        REALTIME(SysTimerfd.CLOCK_REALTIME),
        /** The time since boot, suspended time counted. */
        BOOTTIME(SysTimerfd.CLOCK_BOOTTIME);

        private final int id;

        Clock(int id) {
            this.id = id;
        }
    }

    /**
     * Makes a timer of the clock {@link Clock#MONOTONIC}, not scheduled yet.
     *
     * @return the handle
     */
    public static TimerFd create() {
        return create(Clock.MONOTONIC);
    }

    /**
     * Makes a timer, not scheduled yet.
     *
     * @param clock which time it goes by
     * @return the handle
     */
    public static TimerFd create(Clock clock) {
        return new TimerFd(
                Errors.check(
                        SysTimerfd.create(clock.id, SysTimerfd.TFD_CLOEXEC),
                        "timerfd_create(CLOCK_" + clock + ")",
                        "raise the limit of open files (ulimit -n)"),
                clock);
    }

    /**
     * Takes over a timerfd that came from elsewhere: a native library, another process.
     *
     * @param fd a descriptor; the handle is closed by this, unless it is of another kind
     * @return the handle
     * @throws IllegalArgumentException if it is no timerfd, or of a clock that {@link Clock} lacks
     */
    public static TimerFd own(Fd fd) {
        Optional<String> id = OwnedFd.info(fd.fd(), "clockid");
        for (Clock clock : Clock.values()) {
            if (id.equals(Optional.of(Integer.toString(clock.id)))) {
                return new TimerFd(OwnedFd.release(fd, "timerfd"), clock);
            }
        }
        throw new IllegalArgumentException(
                fd + " is no timerfd of a known clock: it is " + fd.target() + id.orElse(""));
    }

    /**
     * Expires once, after a time.
     *
     * @param delay nanoseconds count; not positive is at once
     */
    public void schedule(Duration delay) {
        set(0, spec(delay, Duration.ZERO), delay.toString());
    }

    /**
     * Expires once, at a time of day; at once if it has passed. If the clock is set meanwhile, it
     * goes by the clock.
     *
     * @param time when
     * @throws IllegalArgumentException if the timer does not go by {@link Clock#REALTIME}
     */
    public void schedule(Instant time) {
        schedule(time, false);
    }

    /**
     * Expires once, at a time of day, or is cancelled if the clock is set before.
     *
     * @param time when
     * @param cancelOnSet true: if the clock is set to another time, an {@link #await()} throws an
     *     {@link dev.kith.IpcException} with ECANCELED, so that the time can be worked out anew
     * @throws IllegalArgumentException if the timer does not go by {@link Clock#REALTIME}
     */
    public void schedule(Instant time, boolean cancelOnSet) {
        if (clock != Clock.REALTIME) {
            throw new IllegalArgumentException(
                    "an Instant is a time of day: clock=" + clock + ", needed=REALTIME");
        }
        Duration sinceEpoch = Duration.between(Instant.EPOCH, time);
        set(
                SysTimerfd.TFD_TIMER_ABSTIME
                        | (cancelOnSet ? SysTimerfd.TFD_TIMER_CANCEL_ON_SET : 0),
                spec(sinceEpoch, Duration.ZERO),
                time.toString());
    }

    /**
     * Expires after a time, and then again and again.
     *
     * @param initialDelay until the first time; not positive is at once
     * @param period from one time to the next, at least a nanosecond
     */
    public void scheduleAtFixedRate(Duration initialDelay, Duration period) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("period=" + period + ", least=PT0.000000001S");
        }
        set(0, spec(initialDelay, period), initialDelay + ", " + period);
    }

    /** Stops it and forgets how often it has expired; who waits goes on waiting. */
    public void disarm() {
        set(0, MemorySegment.ofArray(new long[4]), "0");
    }

    /**
     * Waits until it has expired.
     *
     * @return how often it has, since it was scheduled or last awaited; at least 1
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.IpcException with ECANCELED if the clock was set, see {@link
     *     #schedule(Instant, boolean)}
     */
    public long await() throws InterruptedException {
        return await(Deadline.FOREVER).orElseThrow();
    }

    /**
     * Waits a limited time until it has expired.
     *
     * @param timeout how long to wait at most; zero does not wait
     * @return how often it has, since it was scheduled or last awaited; empty if it has not
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.IpcException with ECANCELED if the clock was set, see {@link
     *     #schedule(Instant, boolean)}
     */
    public OptionalLong await(Duration timeout) throws InterruptedException {
        return await(Deadline.nanos(timeout));
    }

    /**
     * How long it takes until it expires next.
     *
     * @return the time that is left; empty if it is not scheduled, or has expired and will not
     *     again
     */
    public Optional<Duration> remaining() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment spec = arena.allocate(SysTimerfd.ITIMERSPEC_BYTES, 8);
            check(
                    owned.call(fd -> SysTimerfd.gettime(fd, spec)),
                    "timerfd_gettime(" + owned.what + ")");
            Duration left = Timespec.get(spec.asSlice(SysTimerfd.VALUE));
            return left.isZero() ? Optional.empty() : Optional.of(left);
        }
    }

    /**
     * Which time it goes by.
     *
     * @return its clock
     */
    public Clock clock() {
        return clock;
    }

    /**
     * Keeps this process's copy open when the handle is handed over.
     *
     * @return this
     */
    public TimerFd keep() {
        owned.keep();
        return this;
    }

    @Override
    public int fd() {
        return owned.fd();
    }

    @Override
    public int duplicateFd() {
        return owned.duplicateFd();
    }

    @Override
    public boolean isReady() {
        return owned.isReady();
    }

    @Override
    public Registration whenReady(Runnable wake) {
        return owned.whenReady(wake);
    }

    /** Closes this process's copy; the timer is gone with the last one. */
    @Override
    public void close() {
        owned.close();
    }

    @Override
    public String toString() {
        return owned.what;
    }

    private static MemorySegment spec(Duration first, Duration period) {
        MemorySegment spec = MemorySegment.ofArray(new long[4]);
        Timespec.set(spec.asSlice(SysTimerfd.INTERVAL), period);
        // A first time of 0 would stop it.
        boolean now = first.isNegative() || first.isZero();
        Timespec.set(spec.asSlice(SysTimerfd.VALUE), now ? Duration.ofNanos(1) : first);
        return spec;
    }

    private void set(int flags, MemorySegment spec, String time) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment given = arena.allocate(SysTimerfd.ITIMERSPEC_BYTES, 8).copyFrom(spec);
            int error = owned.call(fd -> SysTimerfd.settime(fd, flags, given, MemorySegment.NULL));
            // To begin a wait for the setting of the clock says that it was set before; it is on.
            if (error != -ECANCELED) {
                check(error, "timerfd_settime(" + owned.what + ", " + time + ")");
            }
        }
    }

    private OptionalLong await(long timeoutNanos) throws InterruptedException {
        MemorySegment bytes = Scratch.eight();
        long got = owned.descriptor.read(bytes, Long.BYTES, timeoutNanos);
        if (got == -EAGAIN) {
            return OptionalLong.empty();
        }
        if (got < 0) {
            throw Errors.of(
                    "read(" + owned.what + ", 8)",
                    got,
                    got == -ECANCELED ? "the clock of the machine was set: schedule it anew" : "");
        }
        return OptionalLong.of(bytes.get(JAVA_LONG, 0));
    }

    private static void check(int error, String call) {
        Errors.check(error, call, "");
    }

    private Object writeReplace() throws NotSerializableException {
        return new Travelling(owned.give(this), clock);
    }

    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("a timerfd travels as a descriptor");
    }

    /** A timer on its way to another process. */
    private record Travelling(int index, Clock clock) implements Serializable {
        private static final long serialVersionUID = 1L;

        private Object readResolve() throws NotSerializableException {
            return OwnedFd.arrived(index, "timerfd", fd -> new TimerFd(fd, clock));
        }
    }
}
