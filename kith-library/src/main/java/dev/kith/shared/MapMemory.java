// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.Closed;
import dev.kith.memory.KillPoint;
import dev.kith.memory.Region;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a {@link SharedMap} as bytes: how they are found, and changed by who has its lock.
 */
final class MapMemory {
    /*
     * Chains, not probing: there every change of the map is one store of one link, so a death leaves
     * it done or not done, and readers need no lock.
     *
     *   data      heads: u32 for each bucket, the first cell of its chain, from 1; 0: none
     *             stack: u32 for each cell, those that are free are the first
     *             cells, one more than there can be entries
     *
     *   cell      0  u32 next in the chain      8  u32 bytes of the value
     *             4  u32 bytes of the key      12  u32 hash of the key
     *            16  the key, and then the value
     *
     * A change, by who has the lock: changes + 1 (release), a release fence; then
     *   a new entry         pop a cell, fill it, link it (release) at the end of its chain
     *   another value       pop a cell, fill it with next of the old one, link it in its place;
     *                       push the old one
     *   remove              link its next in its place; push it
     * and count it.
     *
     *   died after             leaves
     *   changes                nothing
     *   pop                    a cell that is nowhere
     *   some of the cell       the same
     *   link                   the change; maybe a cell that is nowhere, the count one off
     *   push, count            the change; the stack or the count one off
     *
     * So the next writer has but to find out which cells are in chains (repair): the others are
     * free, and so many are the entries. Nobody dies into a worse state by that, as the lock says
     * "recovered" until it is done.
     *
     * Who reads loads changes (acquire), walks the chain, copies, passes an acquire fence, and loads
     * changes again: what he has is good if it is the same. For what is written into a cell is so
     * after it was popped, so was unlinked, in an earlier change than the one that is at it: if the
     * reader came to it by a link, that link was gone before changes was raised, which he sees if he
     * sees what was written. And what he came by in the change that unlinks it is left as it is, its
     * next, too, until another change begins. Before he knows that it is good he uses nothing
     * without a check: no cell beyond the last, no length beyond a cell, no more steps than cells.
     */
    static final long CHANGES = 64;
    static final long COUNT = 72;
    static final long FREE = 76;
    static final long SEED = 80;
    static final long CAPACITY = 88;
    static final long OWN_BYTES = 96;

    private static final long NEXT = 0;
    private static final long KEY_BYTES = 4;
    private static final long VALUE_BYTES = 8;
    private static final long HASH = 12;
    private static final long ENTRY = 16;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    private final Region region;
    private final MemorySegment memory;
    private final long own;
    private final MapShape shape;
    private final long seed;
    private final long headsAt;
    private final long stackAt;
    private final long cellsAt;

    MapMemory(Region region, long own, MapShape shape) {
        this.region = region;
        this.memory = region.segment();
        this.own = own;
        this.shape = shape;
        this.seed = memory.get(JAVA_LONG, own + SEED);
        this.headsAt = region.header().shape().dataOffset();
        this.stackAt = headsAt + shape.headBytes();
        this.cellsAt = stackAt + shape.stackBytes();
    }

    /** Where an entry is, or would be: the link to it, and its cell, 0 if there is none. */
    record Spot(long linkAt, int cell) {}

    /** An entry. */
    record Entry(byte[] key, byte[] value) {}

    /** Fills in what is not zero in an empty map. */
    static void write(Region region, long own, MapShape shape, long seed) {
        MemorySegment memory = region.segment();
        memory.set(JAVA_LONG, own + SEED, seed);
        memory.set(JAVA_INT, own + CAPACITY, shape.capacity());
        new MapMemory(region, own, shape).repair();
    }

    long changes() {
        return (long) LONG.getAcquire(memory, own + CHANGES); // pairs with the release of begin()
    }

    /** Whether it was the same all the time since. */
    boolean isStill(long changes) {
        VarHandle.acquireFence(); // pairs with the release fence of begin()
        return (long) LONG.getOpaque(memory, own + CHANGES) == changes;
    }

    int count() {
        return Math.clamp((int) INT.getOpaque(memory, own + COUNT), 0, shape.capacity());
    }

    int buckets() {
        return shape.buckets();
    }

    /** Where the entry of a key is. */
    Spot find(byte[] key) {
        int hash = hash(key);
        long linkAt = head(hash & shape.buckets() - 1);
        for (int steps = 0; steps <= shape.cells(); steps++) {
            int cell = link(linkAt);
            if (cell == 0 || isOf(cell, hash, key)) {
                return new Spot(linkAt, cell);
            }
            linkAt = at(cell) + NEXT;
        }
        throw endless();
    }

    /** The value at a spot; null if there is no entry. */
    byte[] value(Spot spot) {
        return spot.cell == 0 ? null : value(spot.cell);
    }

    /** The entries of a bucket. */
    List<Entry> bucket(int bucket) {
        List<Entry> entries = new ArrayList<>();
        for (int cell = link(head(bucket)); cell != 0; cell = link(at(cell) + NEXT)) {
            if (entries.size() == shape.cells()) {
                throw endless();
            }
            entries.add(new Entry(copy(at(cell) + ENTRY, keyBytes(cell)), value(cell)));
        }
        return entries;
    }

    /** Whether there is no room for one more; for who has the lock. */
    boolean isFull() {
        return (int) INT.get(memory, own + COUNT) >= shape.capacity();
    }

    /** Gives the key of a spot a value; for who has the lock, and not if it is new and full. */
    void put(Spot spot, byte[] key, byte[] value) {
        begin();
        int cell = pop();
        long at = at(cell);
        INT.set(memory, at + NEXT, spot.cell == 0 ? 0 : link(at(spot.cell) + NEXT));
        INT.set(memory, at + KEY_BYTES, key.length);
        INT.set(memory, at + VALUE_BYTES, value.length);
        INT.set(memory, at + HASH, hash(key));
        KillPoint.pass();
        MemorySegment.copy(key, 0, memory, JAVA_BYTE, at + ENTRY, key.length);
        KillPoint.pass();
        MemorySegment.copy(value, 0, memory, JAVA_BYTE, at + ENTRY + key.length, value.length);
        KillPoint.pass();
        INT.setRelease(memory, spot.linkAt, cell); // pairs with the acquire of link()
        KillPoint.pass();
        if (spot.cell == 0) {
            count(1);
        } else {
            push(spot.cell);
        }
    }

    /** Removes the entry of a spot; for who has the lock. */
    void remove(Spot spot) {
        begin();
        INT.setRelease(memory, spot.linkAt, link(at(spot.cell) + NEXT));
        KillPoint.pass();
        push(spot.cell);
        count(-1);
    }

    /** Removes all entries; for who has the lock. */
    void clear() {
        for (int bucket = 0; bucket < shape.buckets(); bucket++) {
            long head = head(bucket);
            for (int cell = link(head); cell != 0; cell = link(head)) {
                remove(new Spot(head, cell));
            }
        }
    }

    /** Finds out which cells are free, and how many entries there are; for who has the lock. */
    void repair() {
        boolean[] used = new boolean[shape.cells() + 1];
        int count = 0;
        for (int bucket = 0; bucket < shape.buckets(); bucket++) {
            for (int cell = link(head(bucket)); cell != 0; cell = link(at(cell) + NEXT)) {
                if (used[cell]) {
                    throw endless();
                }
                used[cell] = true;
                count++;
            }
        }
        int free = 0;
        for (int cell = 1; cell <= shape.cells(); cell++) {
            if (!used[cell]) {
                INT.set(memory, stackAt + 4L * free++, cell);
            }
        }
        KillPoint.pass();
        INT.set(memory, own + FREE, free);
        KillPoint.pass();
        INT.setOpaque(memory, own + COUNT, count);
        KillPoint.pass();
    }

    private void begin() {
        if (region.isClosed()) {
            throw new Closed("map " + region + " is closed"); // the lock is another's soon
        }
        LONG.setRelease(memory, own + CHANGES, (long) LONG.get(memory, own + CHANGES) + 1);
        VarHandle.releaseFence(); // pairs with the acquire fence of isStill()
        KillPoint.pass();
    }

    private int pop() {
        int free = (int) INT.get(memory, own + FREE);
        if (free < 1 || free > shape.cells()) {
            throw broken("free cells: expected=1 to " + shape.cells() + ", found=" + free);
        }
        int cell = cell((int) INT.get(memory, stackAt + 4L * (free - 1)));
        if (cell == 0) {
            throw broken("free cell: expected=1 or more, found=0");
        }
        INT.set(memory, own + FREE, free - 1);
        KillPoint.pass();
        return cell;
    }

    private void push(int cell) {
        int free = (int) INT.get(memory, own + FREE);
        if (free < 0 || free >= shape.cells()) {
            throw broken("free cells: expected=less than " + shape.cells() + ", found=" + free);
        }
        INT.set(memory, stackAt + 4L * free, cell);
        KillPoint.pass();
        INT.set(memory, own + FREE, free + 1);
        KillPoint.pass();
    }

    private void count(int more) {
        INT.setOpaque(memory, own + COUNT, (int) INT.get(memory, own + COUNT) + more);
        KillPoint.pass();
    }

    private long head(int bucket) {
        return headsAt + 4L * bucket;
    }

    private long at(int cell) {
        return cellsAt + (cell - 1) * shape.cellBytes();
    }

    private int link(long at) {
        return cell((int) INT.getAcquire(memory, at)); // pairs with the release of a change
    }

    private int cell(int found) {
        if (found < 0 || found > shape.cells()) {
            throw broken("cell: expected=0 to " + shape.cells() + ", found=" + found);
        }
        return found;
    }

    private boolean isOf(int cell, int hash, byte[] key) {
        long at = at(cell);
        return (int) INT.getOpaque(memory, at + HASH) == hash
                && keyBytes(cell) == key.length
                && MemorySegment.mismatch(
                                memory,
                                at + ENTRY,
                                at + ENTRY + key.length,
                                MemorySegment.ofArray(key),
                                0,
                                key.length)
                        < 0;
    }

    private int keyBytes(int cell) {
        int length = (int) INT.getOpaque(memory, at(cell) + KEY_BYTES);
        if (length < 0 || length > shape.entryBytes()) {
            throw broken("bytes of a key: limit=" + shape.entryBytes() + ", found=" + length);
        }
        return length;
    }

    private byte[] value(int cell) {
        int key = keyBytes(cell);
        int length = (int) INT.getOpaque(memory, at(cell) + VALUE_BYTES);
        if (length < 0 || length > shape.entryBytes() - key) {
            throw broken(
                    "bytes of a value: limit=" + (shape.entryBytes() - key) + ", found=" + length);
        }
        return copy(at(cell) + ENTRY + key, length);
    }

    private byte[] copy(long at, int length) {
        byte[] copy = new byte[length];
        MemorySegment.copy(memory, JAVA_BYTE, at, copy, 0, length);
        return copy;
    }

    /** Of bytes that users choose: the seed is another in every map. */
    private int hash(byte[] key) {
        long hash = seed ^ key.length;
        for (byte each : key) {
            hash = (hash ^ each & 0xff) * 0x9e3779b97f4a7c15L;
            hash ^= hash >>> 32;
        }
        hash *= 0xff51afd7ed558ccdL;
        return (int) (hash ^ hash >>> 33);
    }

    private Broken endless() {
        return broken("a chain comes back to itself");
    }

    private Broken broken(String what) {
        return new Broken(
                "map " + region + ": " + what + "; another process has written into it: remove it");
    }
}
