// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import dev.kith.memory.Hint;
import dev.kith.memory.Parking;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One thing of a region that threads wait for: a hint that somebody may, and who does, in the order
 * of their coming. Takes 4 bytes of the region, beside the entries of the {@link WaitTable}.
 */
final class WaitPlace {
    /*
     * Who waits takes an entry and raises the hint before he looks for the last time; who publishes
     * does so, and then looks at the hint (Hint says why one of the two sees the other). Who finds
     * the hint up and nobody there lowers it, and looks once more.
     *
     * A death in between leaves: an entry, which is cleared away by who hears of the death; a hint
     * that is up, which costs the next who publishes a look; something published of which nobody
     * was woken, who hears of the death, and looks.
     */
    private final Member member;
    private final Hint hint;
    private final int what;
    private final Spin spin = new Spin();

    /**
     * A place of a region.
     *
     * @param hintAt where the hint is, 4 bytes
     * @param what the number of this among all that can be waited for in the region, not 0
     */
    WaitPlace(Member member, long hintAt, int what) {
        this.member = member;
        this.hint = member.region().hint(hintAt);
        this.what = what;
    }

    /**
     * Waits until it is ready: looks, looks again for a while, and then sleeps.
     *
     * @param ready asked for this thread, maybe in another; must not block
     * @param deadline a reading of nanoTime, or {@link Parking#FOREVER}
     * @return false if the time has passed
     * @throws dev.kith.Closed if it would have to wait, and the region is closed
     */
    boolean awaitUntil(BooleanSupplier ready, long deadline) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (ready.getAsBoolean()) {
            return true;
        }
        member.checkOpen();
        return !hasPassed(deadline)
                && (spin(ready, deadline) || await(_ -> ready.getAsBoolean(), deadline));
    }

    /** Looks for a while whether it is ready, as long as that pays. */
    boolean spin(BooleanSupplier ready, long deadline) {
        return spin.until(ready, deadline);
    }

    /**
     * Waits until it is ready, asleep.
     *
     * @param ready asked for this thread's entry before the sleep and after each wake-up, maybe in
     *     another thread, and when somebody has died; must not block
     * @param deadline a reading of nanoTime, or {@link Parking#FOREVER}
     * @return false if the time has passed
     */
    boolean await(Predicate<WaitEntry> ready, long deadline) throws InterruptedException {
        try (WaitEntry entry = enter()) {
            return entry.await(() -> ready.test(entry), deadline);
        }
    }

    /** Takes a place among those who wait, for this thread. */
    WaitEntry enter() {
        WaitEntry entry = member.enter(what, Thread.currentThread());
        hint.raise();
        return entry;
    }

    /** Whether a deadline has passed. */
    static boolean hasPassed(long deadline) {
        return deadline != Parking.FOREVER && deadline - System.nanoTime() <= 0;
    }

    /** Whether anybody waits here, as far as who publishes can see. */
    boolean isAnybody() {
        return hint.isUp() && member.waits().isAnybody(what);
    }

    /** Wakes who has waited for longest, if anybody waits. */
    void wakeFirst() {
        while (hint.isUp() && !member.waits().wakeFirst(what)) {
            lower();
        }
    }

    /** Wakes all who wait. */
    void wakeAll() {
        while (hint.isUp() && !member.waits().wakeAll(what)) {
            lower();
        }
    }

    /** Tells all who wait and were not told yet. */
    void tellAll() {
        if (hint.isUp()) {
            member.waits().tellAll(what);
        }
    }

    /** Whether anybody who lives was told, and has not given his entry back. */
    boolean isAnybodyTold() {
        return hint.isUp() && member.waits().isAnybodyTold(what);
    }

    int what() {
        return what;
    }

    private void lower() {
        hint.lower();
        if (member.waits().isAnybody(what)) {
            hint.raise();
        }
    }
}
