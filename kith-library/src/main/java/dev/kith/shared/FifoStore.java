// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Items in the order in which they were put; who puts and who takes do not get in each other's way.
 * The queue of two locks is that of Maged M. Michael and Michael L. Scott (PODC 1996), here over
 * two rings instead of a list.
 */
final class FifoStore implements QueueStore, QueueCells.Source, QueueCells.Sink {
    /*
     * Two rings of N cells' numbers each: `order` has the first cells of the items that wait, from
     * head to tail; `free` has the cells that are free, from freeHead to freeTail. Who puts moves
     * tail and freeHead, who takes moves head and freeTail, each under a lock of his own:
     *
     *              63        32 31        0
     *   put word   freeHead     tail             only with the lock of who puts
     *   take word  freeTail     head             only with the lock of who takes
     *
     * So each operation becomes true by one store of one word, and what was written before is out
     * of everybody's sight until then:
     *
     *   put     writes the item into free cells, order[tail] = its first;
     *           then  freeHead += cells, tail += 1
     *   take    reads the item of order[head], free[freeTail..] = its cells;
     *           then  freeTail += cells, head += 1
     *   lease   mark[first] = slot + 1;
     *           then  head += 1
     *   finish  free[freeTail..] = its cells, the first one last;
     *           then  freeTail += cells;  mark[first] = 0
     *   back    order[head - 1] = first;
     *           then  head -= 1;  mark[first] = 0
     *   end     of a mark for several takers: one less in its flags
     *
     * A cell is in one place: free, or of an item that waits, or of one on lease. There are N, so
     * neither ring can be full before its numbers run out: order has an entry for each item, which
     * has a cell at the least.
     *
     *   died before the store   nothing has happened; of a lease a mark may be on the item at head
     *   died after the store    it has happened; of back a mark may be on the item at head, of
     *                           finish on the cell at freeTail - 1
     *
     * Those marks are all that there is to mend, by the next who has the lock of who takes, before
     * anything else: what waits or is free has none. The cell at freeTail - 1 is free still if
     * freeHead is not freeTail; else somebody has put into it, and has taken the mark away (`put`
     * looks), and nobody can have leased it since. How many leases a slot has is counted anew then.
     *
     * Each side keeps what it last saw of the other's word, so that it reads the other's cache line
     * only when it seems to be full, or empty. That is never too much: freeTail and tail only grow.
     * (head can go back by what was on lease: then a limit of items is exceeded by that.)
     *
     * The words are 32 bits and may overflow: they are compared by their difference, which is at
     * most N, 2^25.
     */
    private final QueueCells cells;
    private final int limit;
    private final int mask;
    private final long putAt;
    private final long takeAt;
    private final long seenTakeAt;
    private final long seenPutAt;

    /** Where free cells come from; with the lock of who puts. */
    private int freeHead;

    /** Where free cells go; with the lock of who takes. */
    private int freeTail;

    FifoStore(QueueCells cells, long own, int limit) {
        this.cells = cells;
        this.limit = limit;
        this.mask = cells.count() - 1;
        this.putAt = own + QueueLayout.PUT;
        this.takeAt = own + QueueLayout.TAKE;
        this.seenTakeAt = own + QueueLayout.SEEN_TAKE;
        this.seenPutAt = own + QueueLayout.SEEN_PUT;
    }

    @Override
    public boolean put(Item item) {
        int needed = QueueLayout.cells(item.length);
        long put = cells.getLong(putAt);
        if (!fits(put, cells.getLong(seenTakeAt), needed)) {
            long take = cells.getLong(takeAt);
            cells.setLong(seenTakeAt, take);
            if (!fits(put, take, needed)) {
                return false;
            }
        }
        int tail = (int) put;
        freeHead = high(put);
        int first = cells.write(item, tail, this);
        if (cells.mark(first) != 0) {
            cells.mark(first, 0);
        }
        cells.order(tail & mask, first);
        cells.setLong(putAt, word(freeHead + needed, tail + 1));
        return true;
    }

    @Override
    public boolean take(Item item, int slot) {
        long take = cells.getLong(takeAt);
        int head = (int) take;
        if (isEmpty(head)) {
            return false;
        }
        int first = cells.order(head & mask);
        cells.read(item, first);
        if (item.isEnd() && cells.takeEnd(first)) {
            return true;
        }
        if (slot < 0 || item.isEnd()) {
            freeTail = high(take);
            int given = cells.giveUp(first, this);
            cells.setLong(takeAt, word(freeTail + given, head + 1));
        } else {
            cells.mark(first, slot + 1);
            cells.leases(slot, cells.leases(slot) + 1);
            cells.setLong(takeAt, word(high(take), head + 1));
        }
        return true;
    }

    @Override
    public boolean peek(Item item) {
        int head = (int) cells.getLong(takeAt);
        if (isEmpty(head)) {
            return false;
        }
        cells.read(item, cells.order(head & mask));
        return true;
    }

    @Override
    public boolean isEndNext() {
        int head = (int) cells.getLong(takeAt);
        return !isEmpty(head) && cells.isEnd(cells.order(head & mask));
    }

    @Override
    public void finish(int cell, int slot) {
        long take = cells.getLong(takeAt);
        freeTail = high(take);
        cells.leases(slot, cells.leases(slot) - 1);
        int given = cells.giveUp(cell, this);
        cells.setLong(takeAt, word(freeTail + given, (int) take));
        cells.mark(cell, 0);
    }

    @Override
    public void giveBack(int cell, int slot) {
        long take = cells.getLong(takeAt);
        int head = (int) take - 1;
        cells.leases(slot, cells.leases(slot) - 1);
        cells.countDelivery(cell);
        cells.order(head & mask, cell);
        cells.setLong(takeAt, word(high(take), head));
        cells.mark(cell, 0);
    }

    @Override
    public void giveBackAll(int slot) {
        List<Integer> leased = new ArrayList<>();
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.mark(cell) == slot + 1) {
                leased.add(cell);
            }
        }
        // The last first, so that the first is in front. Tickets are those of `tail`.
        int tail = (int) cells.getLong(putAt);
        leased.sort(Comparator.comparingInt(cell -> tail - (int) cells.ticket(cell)));
        for (int cell : leased) {
            giveBack(cell, slot);
        }
        cells.leases(slot, 0);
    }

    @Override
    public void discard() {
        long take = cells.getLong(takeAt);
        for (int head = (int) take; !isEmpty(head); head = (int) take) {
            freeTail = high(take);
            int given = cells.giveUp(cells.order(head & mask), this);
            take = word(freeTail + given, head + 1);
            cells.setLong(takeAt, take);
        }
    }

    @Override
    public List<Integer> waiting(int limit) {
        List<Integer> all = new ArrayList<>();
        int head = (int) cells.getLong(takeAt);
        int count = cells.checkCount((int) cells.getLong(putAt) - head);
        for (int i = 0; i < count && i < limit; i++) {
            all.add(cells.order(head + i & mask));
        }
        return all;
    }

    /** Nothing was seen by others of what he had not finished. */
    @Override
    public void repairPut() {}

    @Override
    public void repairTake() {
        long take = cells.getLong(takeAt);
        int head = (int) take;
        if (cells.checkCount((int) cells.getLong(putAt) - head) > 0) {
            cells.mark(cells.order(head & mask), 0);
        }
        if (high(take) != high(cells.getLong(putAt))) {
            cells.mark(cells.check(cells.free(high(take) - 1 & mask)), 0);
        }
        cells.countLeases();
    }

    @Override
    public boolean hasItem() {
        int head = (int) cells.getLong(takeAt);
        return cells.getInt(seenPutAt) != head || (int) cells.getLong(putAt) != head;
    }

    @Override
    public boolean hasRoom(int needed) {
        long put = cells.getLong(putAt);
        long take = cells.getLong(takeAt);
        return high(take) - high(put) >= needed && (int) put - (int) take < limit;
    }

    @Override
    public int size() {
        long put = cells.getLong(putAt);
        for (; ; ) {
            long take = cells.getLong(takeAt);
            long again = cells.getLong(putAt);
            if (again == put) {
                return cells.checkCount((int) put - (int) take);
            }
            put = again;
        }
    }

    @Override
    public int freeCells() {
        long put = cells.getLong(putAt);
        for (; ; ) {
            long take = cells.getLong(takeAt);
            long again = cells.getLong(putAt);
            if (again == put) {
                return cells.checkCount(high(take) - high(put));
            }
            put = again;
        }
    }

    @Override
    public boolean isFinished() {
        return freeCells() == cells.count();
    }

    @Override
    public int free(int index) {
        return cells.free(freeHead + index & mask);
    }

    @Override
    public void free(int index, int cell) {
        cells.free(freeTail + index & mask, cell);
    }

    private boolean fits(long put, long take, int needed) {
        return cells.checkCount(high(take) - high(put)) >= needed && (int) put - (int) take < limit;
    }

    private boolean isEmpty(int head) {
        if (cells.checkCount(cells.getInt(seenPutAt) - head) > 0) {
            return false;
        }
        int tail = (int) cells.getLong(putAt);
        cells.checkCount(tail - head);
        cells.setInt(seenPutAt, tail);
        return tail == head;
    }

    private static int high(long word) {
        return (int) (word >>> Integer.SIZE);
    }

    private static long word(int high, int low) {
        return (long) high << Integer.SIZE | low & 0xffff_ffffL;
    }
}
