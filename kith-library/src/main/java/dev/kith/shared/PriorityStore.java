// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Items of which the one of the highest priority is taken next, of several the one put first. */
final class PriorityStore implements QueueStore, QueueCells.Source, QueueCells.Sink {
    /*
     * The truth is in the marks of the cells, each changed by one store:
     *
     *    0         free, or not the first cell of its item
     *   -1         the first cell of an item that waits
     *   slot + 1   the first cell of an item that this slot has on lease
     *
     *   put     writes the item into free cells; mark = -1
     *   take    reads the item; mark = 0
     *   lease   mark = slot + 1
     *   finish  mark = 0
     *   back    mark = -1
     *
     * All else follows from that: `order` is a binary heap of the first cells of the items that
     * wait, `free` is a stack of the cells that are free, and there are the numbers of both. They
     * are changed after the mark, under the one lock that this store has. Whoever gets it from a
     * dead owner makes them anew from the marks. An operation has happened when its mark is stored,
     * and not at all before.
     */
    private static final int WAITS = -1;

    private final QueueCells cells;
    private final int limit;
    private final long freeCountAt;
    private final long heapCountAt;
    private final long nextTicketAt;

    PriorityStore(QueueCells cells, long own, int limit) {
        this.cells = cells;
        this.limit = limit;
        this.freeCountAt = own + QueueLayout.FREE_COUNT;
        this.heapCountAt = own + QueueLayout.HEAP_COUNT;
        this.nextTicketAt = own + QueueLayout.NEXT_TICKET;
    }

    @Override
    public boolean put(Item item) {
        int needed = QueueLayout.cells(item.length);
        if (!hasRoom(needed)) {
            return false;
        }
        long ticket = cells.getLong(nextTicketAt);
        cells.setLong(nextTicketAt, ticket + 1);
        int first = cells.write(item, ticket, this);
        cells.mark(first, WAITS);
        cells.setInt(freeCountAt, freeCells() - needed);
        push(first);
        return true;
    }

    @Override
    public boolean take(Item item, int slot) {
        if (!peek(item)) {
            return false;
        }
        int first = item.cell;
        if (item.isEnd() && cells.takeEnd(first)) {
            return true;
        }
        boolean leased = slot >= 0 && !item.isEnd();
        cells.mark(first, leased ? slot + 1 : 0);
        pop();
        if (!leased) {
            freeAll(first);
        } else {
            cells.leases(slot, cells.leases(slot) + 1);
        }
        return true;
    }

    @Override
    public boolean peek(Item item) {
        if (size() == 0) {
            return false;
        }
        cells.read(item, cells.order(0));
        return true;
    }

    @Override
    public boolean isEndNext() {
        return size() > 0 && cells.isEnd(cells.order(0));
    }

    @Override
    public void finish(int cell, int slot) {
        cells.mark(cell, 0);
        cells.leases(slot, cells.leases(slot) - 1);
        freeAll(cell);
    }

    @Override
    public void giveBack(int cell, int slot) {
        cells.countDelivery(cell);
        cells.mark(cell, WAITS);
        cells.leases(slot, cells.leases(slot) - 1);
        push(cell);
    }

    @Override
    public void giveBackAll(int slot) {
        for (int cell = 0; cell < cells.count(); cell++) {
            if (cells.mark(cell) == slot + 1) {
                giveBack(cell, slot);
            }
        }
        cells.leases(slot, 0);
    }

    @Override
    public void discard() {
        while (size() > 0) {
            int first = cells.order(0);
            cells.mark(first, 0);
            pop();
            freeAll(first);
        }
    }

    @Override
    public List<Integer> waiting(int limit) {
        List<Integer> all = new ArrayList<>();
        int count = size();
        for (int i = 0; i < count; i++) {
            all.add(cells.order(i));
        }
        all.sort((one, other) -> isBefore(one, other) ? -1 : isBefore(other, one) ? 1 : 0);
        return all.subList(0, Math.min(limit, count));
    }

    @Override
    public void repairPut() {
        rebuild();
    }

    @Override
    public void repairTake() {
        rebuild();
    }

    @Override
    public boolean hasItem() {
        return cells.getInt(heapCountAt) != 0;
    }

    @Override
    public boolean hasRoom(int needed) {
        return freeCells() >= needed && size() < limit;
    }

    @Override
    public int size() {
        return cells.checkCount(cells.getInt(heapCountAt));
    }

    @Override
    public int freeCells() {
        return cells.checkCount(cells.getInt(freeCountAt));
    }

    @Override
    public boolean isFinished() {
        return freeCells() == cells.count();
    }

    @Override
    public int free(int index) {
        return cells.free(freeCells() - 1 - index);
    }

    @Override
    public void free(int index, int cell) {
        cells.free(freeCells() + index, cell);
    }

    private void freeAll(int first) {
        cells.checkCount(freeCells() + cells.cells(first));
        int given = cells.giveUp(first, this);
        cells.setInt(freeCountAt, freeCells() + given);
    }

    private void push(int cell) {
        int at = size();
        cells.checkCount(at + 1);
        while (at > 0) {
            int parent = at - 1 >> 1;
            int above = cells.order(parent);
            if (!isBefore(cell, above)) {
                break;
            }
            cells.order(at, above);
            at = parent;
        }
        cells.order(at, cell);
        cells.setInt(heapCountAt, size() + 1);
    }

    /** Takes the first one out of the heap. */
    private void pop() {
        int count = size() - 1;
        int last = cells.order(count);
        int at = 0;
        for (int child = 1; child < count; child = 2 * at + 1) {
            if (child + 1 < count && isBefore(cells.order(child + 1), cells.order(child))) {
                child++;
            }
            int below = cells.order(child);
            if (!isBefore(below, last)) {
                break;
            }
            cells.order(at, below);
            at = child;
        }
        cells.order(at, last);
        cells.setInt(heapCountAt, count);
    }

    private boolean isBefore(int one, int other) {
        int first = cells.priority(one);
        int second = cells.priority(other);
        return first != second ? first > second : cells.ticket(one) - cells.ticket(other) < 0;
    }

    /** Makes all anew from the marks. */
    private void rebuild() {
        BitSet used = new BitSet(cells.count());
        cells.setInt(heapCountAt, 0);
        for (int first = 0; first < cells.count(); first++) {
            int mark = cells.mark(first);
            if (mark != 0) {
                use(first, used);
            }
            if (mark == WAITS) {
                push(first);
            }
        }
        int count = 0;
        for (int cell = used.nextClearBit(0); cell < cells.count(); ) {
            cells.free(count++, cell);
            cell = used.nextClearBit(cell + 1);
        }
        cells.setInt(freeCountAt, count);
        cells.countLeases();
    }

    private void use(int first, BitSet used) {
        int needed = cells.cells(first);
        int cell = first;
        for (int i = 0; i < needed; i++) {
            if (used.get(cell)) {
                throw cells.broken("cell of two items", "of one", cell);
            }
            used.set(cell);
            cell = i + 1 < needed ? cells.next(cell) : cell;
        }
    }
}
