// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.kith.AlreadyExists;
import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.PeerDied;
import dev.kith.memory.Parking;
import dev.kith.memory.Place;
import dev.kith.memory.RegionKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link java.util.concurrent.CyclicBarrier} for threads of any process, platform or virtual:
 * each waits until as many have come as are parties, and then all go on, and it is as at first.
 *
 * <pre>{@code
 * try (SharedBarrier step = SharedBarrier.open("step")) {
 *     for (int i = 0; i < STEPS; i++) {
 *         compute(i);
 *         step.await();
 *     }
 * }
 * }</pre>
 *
 * <p>It breaks when one who waits gives up, by his time, an interrupt or the close of his handle;
 * when the action of the last fails; and when a process dies that has it open, whether or not a
 * thread of it has come: it would be waited for in vain. All who wait then, and all who come until
 * it is {@linkplain #reset() reset}, get a {@link BrokenBarrierException} that says why and names
 * the process; if it has died, its cause is a {@link PeerDied}. A death is known within
 * milliseconds with native access, and within 50 ms without. A process that is done with it closes
 * it, and can end as it likes.
 *
 * <p>What threads did in shared memory before they called {@link #await()}, the action and all who
 * return from that see; what the action did, those who return see, too.
 *
 * <p>28 KiB. One that waits takes no processor after a spin of 25 microseconds at the most.
 */
public final class SharedBarrier extends SharedObject {
    /*
     * Who arrives adds himself by a compare-and-set; who is the last runs the action, says that it
     * has tripped, and wakes. If he dies
     *
     *   after              it is
     *   he has arrived     broken by whoever hears of the death, as by any other
     *   it has tripped     tripped: those whom he has not woken hear of the death, and look. That
     *                      he died breaks the next generation
     *
     * Who comes while the last runs the action waits for the next generation, and then arrives.
     */
    private static final long serialVersionUID = 1L;

    static final Kind<SharedBarrier> KIND =
            new Kind<>(RegionKind.BARRIER, Kind.ENTRIES, SharedBarrier::new);

    private static final long CAPACITY = 8;

    private final transient BarrierMemory memory;
    private final transient WaitPlace place;
    private final transient int parties;

    /** How many threads are between their arrival and their end, by this handle. */
    private final transient AtomicInteger inside = new AtomicInteger();

    /** The deaths that were known when it was last looked who has died. */
    private transient volatile int looked;

    private transient volatile Runnable action = () -> {};

    private SharedBarrier(Opened opened) {
        opened.check(BarrierMemory.BYTES, CAPACITY, 0);
        BarrierMemory memory = new BarrierMemory(opened.region(), opened.own());
        if (memory.parties() < 1 || memory.parties() > Kind.ENTRIES) {
            throw new Broken(
                    opened.region()
                            + ": parties: expected=1 to "
                            + Kind.ENTRIES
                            + ", found="
                            + memory.parties());
        }
        super(opened, memory::look);
        this.memory = memory;
        this.place = new WaitPlace(member(), opened.own() + BarrierMemory.HINT, 1);
        this.parties = memory.parties();
    }

    /**
     * Makes a barrier in shared memory.
     *
     * @param name of the object in /dev/shm: at most 255 bytes, with or without a slash before it
     * @param parties how many threads wait for each other, from 1 to 128
     * @return the barrier
     * @throws IllegalArgumentException if there cannot be as many
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedBarrier create(String name, int parties) {
        return KIND.create(Place.shm(name), plan(parties));
    }

    /**
     * Makes a barrier in a file.
     *
     * @param path where; nothing may be there yet
     * @param parties how many threads wait for each other, from 1 to 128
     * @return the barrier
     * @throws IllegalArgumentException if there cannot be as many
     * @throws AlreadyExists if there is something of that name
     * @throws IpcException if there is no room
     */
    public static SharedBarrier create(Path path, int parties) {
        return KIND.create(Place.file(path), plan(parties));
    }

    /**
     * Makes a barrier without a name, in a memfd, which is gone with the last process that has it.
     * It reaches another process by being captured in a task for {@code Worker}, or sent over a
     * Unix socket; this handle stays open all the same. Takes native access.
     *
     * @param parties how many threads wait for each other, from 1 to 128
     * @return the barrier; its name is empty, and {@link #unlink()} refused
     * @throws IllegalArgumentException if there cannot be as many
     * @throws IpcException if there is no room, or no native access
     */
    public static SharedBarrier anonymous(int parties) {
        return KIND.anonymous(plan(parties));
    }

    /**
     * Opens a barrier in shared memory.
     *
     * @param name of the object in /dev/shm
     * @return the barrier
     * @throws NotFound if there is none of that name
     * @throws Broken if it is something else, or damaged
     */
    public static SharedBarrier open(String name) {
        return KIND.open(Place.shm(name));
    }

    /**
     * Opens a barrier in a file.
     *
     * @param path where it is
     * @return the barrier
     * @throws NotFound if there is no such file
     * @throws Broken if it is something else, or damaged
     */
    public static SharedBarrier open(Path path) {
        return KIND.open(Place.file(path));
    }

    /**
     * Opens a barrier in shared memory, made if there is none.
     *
     * @param name of the object in /dev/shm
     * @param parties for how many it was made, or is if it is made
     * @return the barrier
     * @throws IllegalArgumentException if there cannot be as many
     * @throws AlreadyExists if there is one that was made otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedBarrier openOrCreate(String name, int parties) {
        return KIND.openOrCreate(Place.shm(name), plan(parties));
    }

    /**
     * Opens a barrier in a file, made if there is none.
     *
     * @param path where it is or shall be
     * @param parties for how many it was made, or is if it is made
     * @return the barrier
     * @throws IllegalArgumentException if there cannot be as many
     * @throws AlreadyExists if there is one that was made otherwise
     * @throws Broken if there is something else, or it is damaged
     */
    public static SharedBarrier openOrCreate(Path path, int parties) {
        return KIND.openOrCreate(Place.file(path), plan(parties));
    }

    /**
     * Sets what is done when the last has come, before any goes on, if the last is a thread that
     * came by this handle. It stays with the handle: another process, and what this one is
     * serialised to, has its own.
     *
     * @param action run in the thread that came last; if it throws, the barrier breaks
     * @return this
     */
    public SharedBarrier onTrip(Runnable action) {
        this.action = action;
        return this;
    }

    /**
     * Waits until all have come.
     *
     * @return how many were still to come: all but one for the first, 0 for the last
     * @throws InterruptedException if the thread was interrupted; that has broken it
     * @throws BrokenBarrierException if it is broken, or breaks, or is reset meanwhile
     * @throws dev.kith.Closed if this handle is closed; that has broken it
     */
    public int await() throws InterruptedException, BrokenBarrierException {
        return await(Parking.FOREVER).orElseThrow();
    }

    /**
     * Waits until all have come, for some time.
     *
     * @param timeout how long; zero or less does not wait
     * @return how many were still to come: all but one for the first, 0 for the last; empty if the
     *     time has passed: that has broken it, unless the last is still at its action of the time
     *     before
     * @throws InterruptedException if the thread was interrupted; that has broken it
     * @throws BrokenBarrierException if it is broken, or breaks, or is reset meanwhile
     * @throws dev.kith.Closed if this handle is closed; that has broken it
     */
    public OptionalInt await(Duration timeout) throws InterruptedException, BrokenBarrierException {
        return await(Parking.deadline(timeout));
    }

    /**
     * Makes it as at first: those who wait get a {@link BrokenBarrierException}. Deaths before are
     * forgotten.
     */
    public void reset() {
        memory.noteAll();
        for (BarrierState found = memory.state();
                !memory.change(found, found.next(false));
                found = memory.state()) {
            Thread.onSpinWait();
        }
        place.wakeAll();
    }

    /** Breaks it: those who wait, and who come until it is reset, get an exception. */
    public void abort() {
        breakDown(memory.state().generation(), BarrierState.Reason.ABORTED);
    }

    /**
     * Whether it is broken, and has not been reset since.
     *
     * @return true if so at the moment of the call
     */
    public boolean isBroken() {
        lookWhoDied();
        return memory.state().isBroken();
    }

    /**
     * How many threads have to come.
     *
     * @return the number with which it was made
     */
    public int parties() {
        return parties;
    }

    /**
     * How many have come and wait for others.
     *
     * @return the number at the moment of the call; 0 if it is broken
     */
    public int waiting() {
        BarrierState state = memory.state();
        return state.isBroken() || state.arrived() >= parties ? 0 : state.arrived();
    }

    @Override
    String parameters() {
        return text(parties);
    }

    @Override
    void settle() {
        if (inside.get() > 0) {
            breakDown(memory.state().generation(), BarrierState.Reason.CLOSED);
        }
    }

    private static String text(int parties) {
        return "parties=" + parties;
    }

    private static Plan plan(int parties) {
        if (parties < 1 || parties > Kind.ENTRIES) {
            throw new IllegalArgumentException(
                    "a barrier of " + text(parties) + ": expected 1 to " + Kind.ENTRIES);
        }
        return new Plan(
                KIND.shape(BarrierMemory.BYTES, CAPACITY, 0, 0),
                text(parties),
                region -> {
                    long at = KIND.own(region.header().shape());
                    region.segment().set(JAVA_INT, at + BarrierMemory.PARTIES, parties);
                });
    }

    private OptionalInt await(long deadline) throws InterruptedException, BrokenBarrierException {
        inside.incrementAndGet();
        try {
            member().checkOpen();
            for (; ; ) {
                BarrierState found = memory.state();
                int generation = found.generation();
                if (Thread.interrupted()) {
                    breakDown(generation, BarrierState.Reason.INTERRUPTED);
                    throw new InterruptedException();
                }
                if (found.isBroken()) {
                    throw broken(found);
                }
                if (found.arrived() >= parties) {
                    if (!place.awaitUntil(() -> hasEnded(generation), deadline)) {
                        return OptionalInt.empty();
                    }
                } else if (memory.change(found, found.oneMore())) {
                    int index = parties - found.oneMore().arrived();
                    boolean gone =
                            index == 0 ? trip(generation) : awaitOthers(generation, deadline);
                    return gone ? OptionalInt.of(index) : OptionalInt.empty();
                }
            }
        } finally {
            inside.decrementAndGet();
        }
    }

    /** For who came last; true if it has tripped. */
    private boolean trip(int generation) throws BrokenBarrierException {
        try {
            action.run();
        } catch (RuntimeException | Error failed) {
            breakDown(generation, BarrierState.Reason.FAILED);
            throw failed;
        }
        for (; ; ) {
            BarrierState found = memory.state();
            if (found.outcome(generation) != BarrierState.Outcome.NONE) {
                throw broken(found);
            }
            if (memory.change(found, found.next(true))) {
                place.wakeAll();
                return true;
            }
        }
    }

    /** For who did not come last; true if it has tripped, false if his time has passed. */
    private boolean awaitOthers(int generation, long deadline)
            throws InterruptedException, BrokenBarrierException {
        try {
            if (!place.awaitUntil(() -> hasEnded(generation), deadline)
                    && breakDown(generation, BarrierState.Reason.TIMED_OUT)) {
                return false;
            }
        } catch (InterruptedException interrupted) {
            if (breakDown(generation, BarrierState.Reason.INTERRUPTED)) {
                throw interrupted;
            }
            Thread.currentThread().interrupt(); // later: it had ended before
        } catch (RuntimeException | Error failed) {
            breakDown(generation, BarrierState.Reason.CLOSED);
            throw failed;
        }
        BarrierState found = memory.state();
        if (found.outcome(generation) != BarrierState.Outcome.TRIPPED) {
            throw broken(found);
        }
        return true;
    }

    /** In any thread. */
    private boolean hasEnded(int generation) {
        if (memory.state().outcome(generation) != BarrierState.Outcome.NONE) {
            return true;
        }
        if (region().watch().deaths() != looked) {
            lookWhoDied();
        }
        return memory.state().outcome(generation) != BarrierState.Outcome.NONE;
    }

    private void lookWhoDied() {
        int deaths = region().watch().deaths();
        if (memory.look()) {
            place.wakeAll();
        }
        looked = deaths;
    }

    private boolean breakDown(int generation, BarrierState.Reason reason) {
        long me = ProcessHandle.current().pid();
        boolean broken = memory.breakDown(generation, reason, member().slot(), me);
        place.wakeAll();
        return broken;
    }

    private BrokenBarrierException broken(BarrierState state) {
        member().checkOpen(); // it may be broken because of the close
        if (!state.isBroken()) {
            return new BrokenBarrierException("await of " + this + ": it was reset meanwhile");
        }
        long pid = memory.pid(state.slot());
        String what = "process " + pid + " " + state.reason();
        BrokenBarrierException broken =
                new BrokenBarrierException(
                        "await of " + this + ": it is broken: " + what + "; reset it");
        if (state.reason() == BarrierState.Reason.DIED) {
            broken.initCause(
                    new PeerDied(this + ": " + what, "", 0, Optional.of(Peer.ended(pid, -1, -1))));
        }
        return broken;
    }
}
