// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.util.List;

/**
 * The items of a queue, and the order in which they are taken. Nothing here waits. What changes the
 * store is called with the lock of its side held, see {@link QueueCore}.
 */
sealed interface QueueStore permits FifoStore, PriorityStore {
    /** Puts an item; false if there is no room. With the lock of who puts. */
    boolean put(Item item);

    /**
     * Takes the next item, or one mark of an end, which is never on lease; false if there is none.
     * With the lock of who takes, as are all below.
     *
     * @param slot who has it on lease from now on; -1: nobody
     */
    boolean take(Item item, int slot);

    /** Reads the next item and leaves it; false if there is none. */
    boolean peek(Item item);

    /** Whether the next is the mark of an end. */
    boolean isEndNext();

    /** Gives the room of an item back that the slot had on lease. */
    void finish(int cell, int slot);

    /** Puts an item that the slot had on lease in front. */
    void giveBack(int cell, int slot);

    /** Puts all that the slot has on lease in front. */
    void giveBackAll(int slot);

    /** Drops all that waits. */
    void discard();

    /** The first cells of those that wait, in the order in which they would be taken. */
    List<Integer> waiting(int limit);

    /** Mends what an owner of the lock of who puts left when he died. */
    void repairPut();

    /** Mends what an owner of the lock of who takes left when he died. */
    void repairTake();

    /** Whether there is an item; without a lock, as are all below. */
    boolean hasItem();

    /** Whether an item of so many cells can be put. */
    boolean hasRoom(int needed);

    /** How many items wait. */
    int size();

    /** How many cells are free. */
    int freeCells();

    /** Whether nothing waits, and nothing is on lease. */
    boolean isFinished();
}
