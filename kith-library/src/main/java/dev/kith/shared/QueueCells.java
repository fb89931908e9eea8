// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The cells of a queue: pieces of 64 bytes, of which an item takes as many as it needs, wherever
 * they are. So what is taken out of order, and what is on lease for long, holds up its own room and
 * no other.
 */
final class QueueCells {
    /*
     *  the first cell of an item           all others
     *    0 u32 length                        64 bytes of the item
     *    4 u32 flags
     *    8 i32 priority
     *   12 u32 how often it was on lease
     *   16 u64 ticket: the order in which items were put
     *   24     40 bytes of the item
     *
     * The link of a cell names the next one of the same item; how many there are says the length.
     * The mark of a first cell is 0, or says whose lease it is (slot + 1), or what a store keeps
     * there. Nothing that is read here is used before it was checked.
     */
    private static final long LENGTH = 0;
    private static final long FLAGS = 4;
    private static final long PRIORITY = 8;
    private static final long DELIVERIES = 12;
    private static final long TICKET = 16;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Region region;
    private final MemorySegment memory;
    private final int count;
    private final int slots;
    private final long leases;
    private final long free;
    private final long order;
    private final long links;
    private final long marks;
    private final long data;

    QueueCells(Region region, long own) {
        this.region = region;
        this.memory = region.segment();
        this.count = QueueLayout.cellsOf(region.header().shape());
        this.slots = region.header().shape().slots();
        this.leases = own + QueueLayout.LEASES;
        this.free = own + QueueLayout.ARRAYS;
        this.order = free + 4L * count;
        this.links = order + 4L * count;
        this.marks = links + 4L * count;
        this.data = region.header().shape().dataOffset();
    }

    /** Where free cells come from. */
    interface Source {
        /** The free cell of that index, as it was found; nobody else takes it meanwhile. */
        int free(int index);
    }

    /** Where free cells go. */
    interface Sink {
        void free(int index, int cell);
    }

    int count() {
        return count;
    }

    /** Writes an item; it is in its cells then, and nobody knows of it. Its first cell. */
    int write(Item item, long ticket, Source source) {
        int first = check(source.free(0));
        long at = at(first);
        memory.set(JAVA_INT, at + LENGTH, item.length);
        memory.set(JAVA_INT, at + FLAGS, item.flags);
        memory.set(JAVA_INT, at + PRIORITY, item.priority);
        memory.set(JAVA_INT, at + DELIVERIES, 0);
        memory.set(JAVA_LONG, at + TICKET, ticket);
        KillPoint.pass();
        int done = Math.min(item.length, QueueLayout.FIRST_BYTES);
        MemorySegment.copy(item.bytes, 0, memory, at + QueueLayout.HEADER_BYTES, done);
        int cell = first;
        for (int i = 1; done < item.length; i++) {
            int next = check(source.free(i));
            memory.set(JAVA_INT, links + 4L * cell, next);
            cell = next;
            int part = Math.min(item.length - done, QueueLayout.CELL_BYTES);
            MemorySegment.copy(item.bytes, done, memory, at(cell), part);
            done += part;
        }
        KillPoint.pass();
        return first;
    }

    /** Reads an item; how many cells it takes. */
    int read(Item item, int first) {
        long at = at(check(first));
        int length = length(at);
        item.length = length;
        item.flags = memory.get(JAVA_INT, at + FLAGS);
        item.priority = memory.get(JAVA_INT, at + PRIORITY);
        item.deliveries = memory.get(JAVA_INT, at + DELIVERIES);
        item.cell = first;
        item.ensure(length);
        int done = Math.min(length, QueueLayout.FIRST_BYTES);
        MemorySegment.copy(memory, at + QueueLayout.HEADER_BYTES, item.bytes, 0, done);
        for (int cell = first; done < length; ) {
            cell = next(cell);
            int part = Math.min(length - done, QueueLayout.CELL_BYTES);
            MemorySegment.copy(memory, at(cell), item.bytes, done, part);
            done += part;
        }
        return QueueLayout.cells(length);
    }

    /** Says which cells an item has, the first one last; how many they are. */
    int giveUp(int first, Sink sink) {
        int needed = cells(first);
        int cell = first;
        for (int i = 0; i < needed - 1; i++) {
            cell = next(cell);
            sink.free(i, cell);
        }
        sink.free(needed - 1, first);
        return needed;
    }

    /** How many cells an item has. */
    int cells(int first) {
        return QueueLayout.cells(length(at(check(first))));
    }

    int next(int cell) {
        return check(memory.get(JAVA_INT, links + 4L * cell));
    }

    long ticket(int first) {
        return memory.get(JAVA_LONG, at(first) + TICKET);
    }

    int priority(int first) {
        return memory.get(JAVA_INT, at(first) + PRIORITY);
    }

    boolean isEnd(int first) {
        return (memory.get(JAVA_INT, at(first) + FLAGS) & Item.END) != 0;
    }

    /** Takes one mark of an end; false if that was the last one here. */
    boolean takeEnd(int first) {
        long at = at(first) + FLAGS;
        int flags = memory.get(JAVA_INT, at);
        if (flags >>> 1 <= 1) {
            return false;
        }
        setInt(at, flags - 2);
        return true;
    }

    /** Notes that it was on lease once more. */
    void countDelivery(int first) {
        long at = at(first) + DELIVERIES;
        memory.set(JAVA_INT, at, memory.get(JAVA_INT, at) + 1);
    }

    int free(int index) {
        return memory.get(JAVA_INT, free + 4L * index);
    }

    void free(int index, int cell) {
        memory.set(JAVA_INT, free + 4L * index, cell);
    }

    int order(int index) {
        return check(memory.get(JAVA_INT, order + 4L * index));
    }

    void order(int index, int cell) {
        memory.set(JAVA_INT, order + 4L * index, cell);
    }

    int mark(int cell) {
        return (int) INT.getAcquire(memory, marks + 4L * cell); // pairs with mark(cell, mark)
    }

    void mark(int cell, int mark) {
        INT.setRelease(memory, marks + 4L * cell, mark);
        KillPoint.pass();
    }

    /** How many items the slot has on lease. */
    int leases(int slot) {
        return (int) INT.getOpaque(memory, leases + 4L * slot);
    }

    void leases(int slot, int number) {
        INT.setOpaque(memory, leases + 4L * slot, number);
        KillPoint.pass();
    }

    int slots() {
        return slots;
    }

    /** Counts anew what each slot has on lease. */
    void countLeases() {
        int[] found = new int[slots];
        for (int cell = 0; cell < count; cell++) {
            int mark = mark(cell);
            if (mark > 0) {
                if (mark > slots) {
                    throw broken("lease", "slot up to " + slots, mark);
                }
                found[mark - 1]++;
            }
        }
        for (int slot = 0; slot < slots; slot++) {
            leases(slot, found[slot]);
        }
    }

    int check(int cell) {
        if (cell < 0 || cell >= count) {
            throw broken("cell", "0 to " + (count - 1), cell);
        }
        return cell;
    }

    /** A difference of two counters: how many there are of something. */
    int checkCount(int number) {
        if (number < 0 || number > count) {
            throw broken("count", "0 to " + count, number);
        }
        return number;
    }

    Broken broken(String what, String expected, long found) {
        return new Broken(
                "queue "
                        + region
                        + " is damaged: "
                        + what
                        + ": expected="
                        + expected
                        + ", found="
                        + found
                        + "; if nobody needs it, remove it");
    }

    int getInt(long at) {
        return (int) INT.getAcquire(memory, at); // pairs with setInt
    }

    void setInt(long at, int value) {
        INT.setRelease(memory, at, value);
        KillPoint.pass();
    }

    long getLong(long at) {
        return (long) LONG.getAcquire(memory, at); // pairs with setLong
    }

    void setLong(long at, long value) {
        LONG.setRelease(memory, at, value);
        KillPoint.pass();
    }

    private int length(long at) {
        int length = memory.get(JAVA_INT, at + LENGTH);
        if (length < 0 || length > QueueLayout.longest(count)) {
            throw broken("length", "0 to " + QueueLayout.longest(count), length);
        }
        return length;
    }

    private long at(int cell) {
        return data + (long) cell * QueueLayout.CELL_BYTES;
    }
}
