// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import dev.kith.Waitable;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Counts the deaths of those who are attached to a region, and wakes who waits in it in this
 * process. Who waits notes {@link #deaths()}, and looks who it was when it has changed.
 *
 * <p>A process of the same pid namespace is watched by the kernel with native access: its death is
 * counted within a millisecond or two. All others are asked for every {@link #RECHECK_MILLIS} by
 * whoever waits.
 */
public final class Watch {
    /** How often those are asked for who cannot be watched. */
    public static final long RECHECK_MILLIS = 50;

    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(RECHECK_MILLIS);
    private static final Waitable.Registration NONE = () -> {};

    private final Region region;
    private long[] seen;
    private Waitable.Registration[] watched;

    /** Attached, and not to be watched: asked for again and again until dead. */
    private boolean[] asked;

    private int open;

    /** How many can wake nobody, as of the last scan. */
    private int withoutNativeAccess;

    private long lastAsked = System.nanoTime() - RECHECK_NANOS;
    private boolean closed;
    private volatile int deaths;

    Watch(Region region) {
        this.region = region;
    }

    /** How many have been seen to die since the region was opened. */
    public int deaths() {
        return deaths;
    }

    /**
     * Begins to watch who has attached since the last time, and asks for those who cannot be
     * watched if it is time to. Costs a read of each slot if nothing has changed.
     */
    public synchronized void scan() {
        AttachTable table = region.table();
        if (closed) {
            return;
        }
        if (seen == null) {
            seen = new long[table.slots()];
            watched = new Waitable.Registration[table.slots()];
            asked = new boolean[table.slots()];
        }
        boolean due = open > 0 && System.nanoTime() - lastAsked > RECHECK_NANOS;
        if (due) {
            lastAsked = System.nanoTime();
        }
        for (int slot = 0; slot < seen.length; slot++) {
            long word = table.word(slot);
            if (word != seen[slot]) {
                changed(table, slot, word);
            }
            if (due && asked[slot] && !table.isAlive(slot, word)) {
                ask(slot, false);
                died();
            }
        }
    }

    /** Whether {@link #scan()} must be called again and again. */
    synchronized boolean mustAsk() {
        return open > 0;
    }

    /** Whether somebody is attached who can wake nobody. */
    synchronized boolean mustLook() {
        return withoutNativeAccess > 0;
    }

    synchronized void close() {
        closed = true;
        if (watched != null) {
            for (Waitable.Registration each : watched) {
                if (each != null) {
                    each.close();
                }
            }
        }
    }

    private void changed(AttachTable table, int slot, long word) {
        if (watched[slot] != null) {
            watched[slot].close();
            watched[slot] = null;
        }
        ask(slot, false);
        withoutNativeAccess +=
                (SlotWord.isWithoutNativeAccess(word) ? 1 : 0)
                        - (SlotWord.isWithoutNativeAccess(seen[slot]) ? 1 : 0);
        seen[slot] = word;
        if (!SlotWord.isAttached(word) || table.isOwn(slot, word)) {
            return;
        }
        Optional<Waitable.Registration> alarm =
                table.party(slot).flatMap(party -> Alarm.watch(party.peer(), this::died));
        watched[slot] = alarm.orElse(NONE);
        ask(slot, alarm.isEmpty());
    }

    private void ask(int slot, boolean again) {
        open += (again ? 1 : 0) - (asked[slot] ? 1 : 0);
        asked[slot] = again;
    }

    /** From the thread that watches, or from {@link #scan()}. */
    private void died() {
        synchronized (this) {
            deaths++;
        }
        region.wakeAll();
    }
}
