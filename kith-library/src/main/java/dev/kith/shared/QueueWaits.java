// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

/** Who waits at a queue. */
final class QueueWaits {
    private final WaitPlace takers;
    private final WaitPlace putters;
    private final WaitPlace joiners;
    private final WaitPlace listeners;

    QueueWaits(Member member, long own) {
        this.takers = new WaitPlace(member, own + QueueLayout.TAKERS, QueueLayout.FOR_ITEMS);
        this.putters = new WaitPlace(member, own + QueueLayout.PUTTERS, QueueLayout.FOR_ROOM);
        this.joiners = new WaitPlace(member, own + QueueLayout.JOINERS, QueueLayout.FOR_THE_LAST);
        this.listeners = new WaitPlace(member, own + QueueLayout.LISTENERS, QueueLayout.FOR_NEWS);
    }

    /** Those who wait for an item. */
    WaitPlace takers() {
        return takers;
    }

    /** Those who wait for room. */
    WaitPlace putters() {
        return putters;
    }

    /** Those who wait until the last item is done with. */
    WaitPlace joiners() {
        return joiners;
    }

    /** Those who want to hear of items, and take none by that. */
    WaitPlace listeners() {
        return listeners;
    }

    /** There is an item: for one taker. */
    void wakeTaker() {
        takers.wakeFirst();
        listeners.wakeAll();
    }

    void wakeAll() {
        takers.wakeAll();
        putters.wakeAll();
        joiners.wakeAll();
        listeners.wakeAll();
    }
}
