// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.IpcException;
import dev.kith.Peer;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The first 256 bytes of a region, read once and checked: nothing else in the region is looked at
 * before, and no value is taken from there a second time.
 *
 * <pre>
 *   0  u64 "KITHMEM1"             32  u64 offset of the data       64  16 bytes boot id
 *   8  u32 kind                   40  u64 capacity of the data     80  u64 ns since the epoch
 *  12  u32 layout version, 1      48  u64 creator's pid            88  u32 longest message
 *  16  u64 bytes of the segment   56  u64 creator's start time     92  u32 flags
 *  24  u32 offset of the table        (ticks since boot)           96  u64 epoch: parties swept
 *  28  u32 number of slots
 * </pre>
 *
 * @param shape the sizes, which fit each other and the segment
 * @param creator who made it; its user is not recorded
 * @param created when
 */
public record Header(Shape shape, Peer creator, Instant created) {
    /** Bytes of the header. */
    public static final long BYTES = 256;

    /**
     * The flag that says: one of the parties cannot make the others pass a barrier (membarrier(2)),
     * so who publishes must.
     */
    public static final int FENCED = 1 << 31;

    /** The flag that says: it is being removed, nobody may attach any more. */
    static final int REMOVED = 1 << 30;

    private static final int OURS = FENCED | REMOVED;

    private static final long MAGIC =
            MemorySegment.ofArray("KITHMEM1".getBytes(StandardCharsets.US_ASCII))
                    .get(JAVA_LONG.withByteAlignment(1), 0);

    private static final int VERSION = 1;
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private static final long MAGIC_AT = 0;
    private static final long KIND = 8;
    private static final long VERSION_AT = 12;
    private static final long TOTAL = 16;
    private static final long TABLE = 24;
    private static final long SLOTS = 28;
    private static final long DATA = 32;
    private static final long CAPACITY = 40;
    private static final long PID = 48;
    private static final long START = 56;
    private static final long BOOT = 64;
    private static final long CREATED = 80;
    private static final long LONGEST = 88;
    static final long FLAGS = 92;
    private static final long EPOCH = 96;

    private static final VarHandle INT = JAVA_INT.varHandle();
    private static final VarHandle LONG = JAVA_LONG.varHandle();

    /** Whether the first eight bytes are those of a region of ours. */
    static boolean isOurs(long firstWord) {
        return firstWord == MAGIC;
    }

    /** Fills the header of a new region in, the magic last. */
    static void write(MemorySegment region, Shape shape) {
        Peer me = Peer.current();
        region.set(JAVA_INT, KIND, shape.kind());
        region.set(JAVA_INT, VERSION_AT, VERSION);
        region.set(JAVA_LONG, TOTAL, shape.totalBytes());
        region.set(JAVA_INT, TABLE, (int) AttachTable.OFFSET);
        region.set(JAVA_INT, SLOTS, shape.slots());
        KillPoint.pass();
        region.set(JAVA_LONG, DATA, shape.dataOffset());
        region.set(JAVA_LONG, CAPACITY, shape.capacity());
        region.set(JAVA_LONG, PID, me.pid());
        region.set(JAVA_LONG, START, me.startTicks());
        BootId.current().write(region, BOOT);
        Instant now = Instant.now();
        region.set(JAVA_LONG, CREATED, now.getEpochSecond() * NANOS_A_SECOND + now.getNano());
        region.set(JAVA_INT, LONGEST, shape.longest());
        region.set(JAVA_INT, FLAGS, shape.flags());
        KillPoint.pass();
        LONG.setRelease(region, MAGIC_AT, MAGIC);
        KillPoint.pass();
    }

    /**
     * Reads and checks a header.
     *
     * @param what names the region in messages
     * @param region at least {@link #BYTES} of it
     * @param sizeBytes of the file behind it
     * @param kind the one that is wanted; 0 for any
     * @throws Broken if it is no header, or says what cannot be
     * @throws IpcException if it is of another version
     */
    static Header read(String what, MemorySegment region, long sizeBytes, int kind) {
        long magic = region.get(JAVA_LONG, MAGIC_AT);
        if (magic != MAGIC) {
            throw broken(what, "magic: expected=" + text(MAGIC) + ", found=" + text(magic));
        }
        int version = region.get(JAVA_INT, VERSION_AT);
        if (version != VERSION) {
            throw new IpcException(
                    what
                            + ": layout version: expected="
                            + VERSION
                            + ", found="
                            + version
                            + "; it was made by another release of Kith: let both sides use the"
                            + " same one");
        }
        int foundKind = region.get(JAVA_INT, KIND);
        if (kind != 0 && foundKind != kind) {
            throw broken(
                    what,
                    "kind: expected="
                            + RegionKind.nameOf(kind)
                            + ", found="
                            + RegionKind.nameOf(foundKind));
        }
        int table = region.get(JAVA_INT, TABLE);
        if (table != AttachTable.OFFSET) {
            throw broken(
                    what,
                    "offset of the attach table: expected="
                            + AttachTable.OFFSET
                            + ", found="
                            + table);
        }
        int slots = region.get(JAVA_INT, SLOTS);
        long data = region.get(JAVA_LONG, DATA);
        long capacity = region.get(JAVA_LONG, CAPACITY);
        int longest = region.get(JAVA_INT, LONGEST);
        String wrong = Shape.wrong(foundKind, slots, data, capacity, longest);
        if (wrong != null) {
            throw broken(what, wrong);
        }
        int flags = region.get(JAVA_INT, FLAGS) & ~OURS;
        Shape shape = new Shape(foundKind, slots, data, capacity, longest, flags);
        long total = region.get(JAVA_LONG, TOTAL);
        if (total != shape.totalBytes()) {
            throw broken(
                    what,
                    "bytes of the segment: expected=" + shape.totalBytes() + ", found=" + total);
        }
        if (sizeBytes < total) {
            throw broken(what, "size of the file: expected=" + total + ", found=" + sizeBytes);
        }
        long nanos = region.get(JAVA_LONG, CREATED);
        return new Header(
                shape,
                new Peer(
                        region.get(JAVA_LONG, PID),
                        region.get(JAVA_LONG, START),
                        BootId.read(region, BOOT).toString(),
                        0,
                        -1,
                        -1),
                Instant.ofEpochSecond(
                        Math.floorDiv(nanos, NANOS_A_SECOND),
                        Math.floorMod(nanos, NANOS_A_SECOND)));
    }

    /** The flags as they are now. */
    static int flags(MemorySegment region) {
        return (int) INT.getOpaque(region, FLAGS);
    }

    /** Sets flags in the header. */
    static void raise(MemorySegment region, int flags) {
        INT.getAndBitwiseOr(region, FLAGS, flags);
    }

    /** Takes flags out of the header. */
    static void lower(MemorySegment region, int flags) {
        INT.getAndBitwiseAnd(region, FLAGS, ~flags);
    }

    /** How often the slot of a dead party was swept. */
    static long epoch(MemorySegment region) {
        return (long) LONG.getAcquire(region, EPOCH);
    }

    static void sweptOne(MemorySegment region) {
        LONG.getAndAdd(region, EPOCH, 1L);
    }

    static Broken broken(String what, String wrong) {
        return new Broken(
                what
                        + " is no region of Kith, or is damaged: "
                        + wrong
                        + "; if nobody needs it, remove it");
    }

    /** The characters of a word, or its digits if they are none. */
    private static String text(long word) {
        StringBuilder text = new StringBuilder("\"");
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            char each = (char) (word >>> shift & 0xff);
            if (each < ' ' || each > '~') {
                return "0x" + Long.toHexString(word);
            }
            text.append(each);
        }
        return text.append('"').toString();
    }
}
