// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.Waitable;
import dev.kith.blocking.Blocked;
import dev.kith.blocking.Deadline;
import dev.kith.blocking.Offload;
import dev.kith.blocking.Scratch;
import dev.kith.kernel.LinuxFutex;
import dev.kith.kernel.Timespec;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A place in shared memory where threads wait for what another process publishes: a word of 32 bits
 * that is 0 while all are awake and another number when one may be asleep.
 *
 * <p>Who publishes calls {@link #wake()}, which costs a load while nobody sleeps. Who waits calls
 * {@link #await}, after it has spun for as long as that pays. With native access it sleeps in the
 * kernel (futex(2)); without, or while a party is attached that has none and so can wake nobody, it
 * looks every now and then: after a wait of t again within t/8, 5 ms at the most (two seconds for
 * the first message of a party that attached while all slept).
 */
public final class Parking {
    /*
     *   who waits                          who publishes
     *   word == 0? word = a new number     publishes (release)
     *   Fence.heavy()                      Fence.light()
     *   ready? then do not sleep           word != 0? word = 0, FUTEX_WAKE
     *   FUTEX_WAIT while word is that
     *
     * If the barrier that heavy() makes the publisher pass falls before its store, then its load
     * comes later still and sees the number. If it falls after the store, ready sees what was
     * published. A number that is left behind by who woke by himself costs the next publisher one
     * call in vain; it must not be cleared, because others may sleep at the same word.
     *
     * Why a new number: between the look and the call of one who waits, a publisher may say 0 and
     * wake those who sleep, and then another say that he waits. Were that the same number, the first
     * would fall asleep over what was published. One who finds a number keeps it, so that two do not
     * drive each other out of the call for ever. (src/test/promela/parking.pml tries all of it.)
     *
     * The sleep has a bound all the same, two seconds at the most: to look around takes half a
     * millisecond of a processor where the code is interpreted, and an idle end shall use less than
     * a thousandth. It is what notices a party that
     * attached meanwhile and has no native access to wake who sleeps; one that has wakes them when
     * it attaches, so that they begin to watch it and its death.
     */
    private static final VarHandle WORD = JAVA_INT.varHandle();
    private static final int AWAKE = 0;

    private static final long SHORTEST_BOUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_BOUND_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(Watch.RECHECK_MILLIS);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final int PAUSE_SHIFT = 3;

    /** As a deadline: there is none. */
    public static final long FOREVER = Deadline.FOREVER;

    private final Region region;
    private final MemorySegment segment;
    private final Words words;
    private final MemorySegment word;
    private final long offset;

    Parking(Region region, long offset) {
        this.region = region;
        this.segment = region.segment();
        this.words = region.words();
        this.offset = offset;
        this.word = segment.asSlice(offset, JAVA_INT);
    }

    /**
     * Wakes everybody who waits here, if there is anybody; to be called after what they wait for
     * was published by a store with release or stronger. Without native access it does nothing:
     * those who wait look by themselves.
     */
    public void wake() {
        if (RegionFile.NATIVE) {
            Fence.light();
            if ((words.getIntOpaque(Header.FLAGS) & Header.FENCED) != 0) {
                VarHandle.fullFence();
            }
            if (words.getIntOpaque(offset) != AWAKE) {
                wakeWhoSleeps();
            }
        }
    }

    /**
     * Waits until something is ready.
     *
     * <p>Also wakes when a party dies, see {@link Watch#deaths()}: {@code ready} is asked again
     * then, and says so or throws. A virtual thread gives its carrier free.
     *
     * @param ready asked before the sleep and after each wake-up, maybe in another thread; must not
     *     block
     * @param deadline a reading of nanoTime, or {@link Deadline#FOREVER}
     * @return false if the deadline has passed
     * @throws InterruptedException if the thread was interrupted
     * @throws dev.kith.Closed if the region was closed
     */
    public boolean await(BooleanSupplier ready, long deadline) throws InterruptedException {
        if (ready.getAsBoolean()) {
            return true;
        }
        if (!RegionFile.NATIVE) {
            return look(ready, deadline);
        }
        return Offload.needed()
                ? Offload.call(() -> sleep(ready, deadline))
                : sleep(ready, deadline);
    }

    /**
     * Asks to be told once when something is ready, or the region was closed: how a wait set waits
     * here and elsewhere at once. One thread serves all who ask, by the same protocol.
     *
     * @param ready asked in that thread, whatever it throws counts as true; must not block
     * @param wake run in that thread; must not block
     */
    public Waitable.Registration whenReady(BooleanSupplier ready, Runnable wake) {
        return Sleeper.when(this, ready, wake);
    }

    /** The deadline of a time-out that begins now; one of zero or less has passed. */
    public static long deadline(Duration timeout) {
        return Deadline.after(Deadline.nanos(timeout));
    }

    Region region() {
        return region;
    }

    /** Whether the memory is there still, and nobody has cut the file. */
    boolean isThere() {
        try {
            WORD.getOpaque(segment, offset);
            return true;
        } catch (InternalError cut) {
            return false;
        }
    }

    /** Says that somebody is about to sleep here; what the word holds for as long as he may. */
    int announced() {
        int said = (int) WORD.getOpaque(segment, offset);
        if (said == AWAKE) {
            said = ThreadLocalRandom.current().nextInt() | 1;
            WORD.setOpaque(segment, offset, said);
        }
        return said;
    }

    /** The word to sleep at. */
    MemorySegment word() {
        return word;
    }

    /** How long to sleep at most at several places, after a look at who is attached. */
    static long boundOf(List<Parking> places, long waitedNanos) {
        long bound = LONGEST_BOUND_NANOS;
        for (Parking each : places) {
            each.region.watch().scan();
            bound = Math.min(bound, each.bound(waitedNanos));
        }
        return bound;
    }

    /** Wakes whoever sleeps here, in this process or another. */
    void wakeWhoSleeps() {
        if (RegionFile.NATIVE) {
            // A store and no exchange: where the file was cut, a store throws what can be caught.
            // Who says in between that he waits is woken by the call, or does not fall asleep.
            WORD.setVolatile(segment, offset, AWAKE);
            LinuxFutex.wake(word, Integer.MAX_VALUE);
        }
    }

    private boolean sleep(BooleanSupplier ready, long deadline) throws InterruptedException {
        try (Blocked blocked = region.gate().block(Deadline.FOREVER)) {
            for (long begin = System.nanoTime(); ; ) {
                int said = announced();
                Fence.heavy();
                // After the barrier: who attaches later finds the word, and wakes.
                region.watch().scan();
                long bound = bound(System.nanoTime() - begin);
                if (ready.getAsBoolean()) {
                    return true;
                }
                if (Deadline.passed(deadline)) {
                    return false;
                }
                MemorySegment timeout = Scratch.bytes();
                Timespec.set(timeout, Math.min(bound, Deadline.left(deadline)));
                if (LinuxFutex.await(word, said, timeout) != 0) {
                    blocked.goOn(); // it may have been a signal: a close, or an interrupt
                }
                if (ready.getAsBoolean()) {
                    return true;
                }
            }
        }
    }

    /** How long to sleep at most, as of the last scan. */
    private long bound(long waitedNanos) {
        Watch watch = region.watch();
        if (watch.mustLook()) {
            return pause(waitedNanos);
        }
        return watch.mustAsk()
                ? RECHECK_NANOS
                : Math.clamp(waitedNanos, SHORTEST_BOUND_NANOS, LONGEST_BOUND_NANOS);
    }

    private boolean look(BooleanSupplier ready, long deadline) throws InterruptedException {
        long begin = System.nanoTime();
        for (; ; ) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (region.isClosed()) {
                throw region.closedException();
            }
            if (ready.getAsBoolean()) {
                return true;
            }
            if (Deadline.passed(deadline)) {
                return false;
            }
            region.watch().scan();
            long pause = pause(System.nanoTime() - begin);
            LockSupport.parkNanos(Math.min(pause, Deadline.left(deadline)));
        }
    }

    /** Until the next look, after having waited for that long. */
    static long pause(long waitedNanos) {
        return Math.clamp(waitedNanos >> PAUSE_SHIFT, SHORTEST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    }
}
