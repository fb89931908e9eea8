// SPDX-License-Identifier: Apache-2.0
package dev.kith.shared;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kith.Broken;
import dev.kith.memory.RegionKind;
import java.lang.foreign.MemorySegment;

/**
 * The sizes of a {@link MemoryPool}.
 *
 * @param blocks how many there are
 * @param blockBytes how long each is
 */
record PoolShape(int blocks, long blockBytes) {
    /*
     * The object's own part (Kind): 0 u32 hint that somebody waits, 4 u32 blocks, 8 u64 blockBytes.
     * Data: a word of 64 bits for each block (PoolMemory), and from a multiple of 64 on the blocks.
     */
    static final long HINT = 0;

    /** A block's word has a bit for each slot. */
    static final int SLOTS = 24;

    private static final long BLOCKS = 4;
    private static final long BLOCK_BYTES = 8;
    private static final long BYTES = 16;
    private static final long LINE = 64;
    private static final int MOST_BLOCKS = 1 << 20;
    private static final long MOST_BYTES = 1L << 40;
    private static final long MOST = 1L << 45;

    static PoolShape of(int blocks, long blockBytes) {
        if (blocks < 1
                || blocks > MOST_BLOCKS
                || blockBytes < 1
                || blockBytes > MOST_BYTES
                || blocks * blockBytes > MOST) {
            throw new IllegalArgumentException(
                    "pool: blocks="
                            + blocks
                            + ", expected 1 to "
                            + MOST_BLOCKS
                            + "; blockBytes="
                            + blockBytes
                            + ", expected 1 to "
                            + MOST_BYTES
                            + "; both together at the most "
                            + MOST
                            + " bytes");
        }
        return new PoolShape(blocks, (blockBytes + LINE - 1) / LINE * LINE);
    }

    /** What a region says of itself, checked. */
    static PoolShape read(Opened opened) {
        long found = opened.shape().capacity();
        opened.check(SLOTS, BYTES, found, 0);
        MemorySegment memory = opened.region().segment();
        int blocks = memory.get(JAVA_INT, opened.own() + BLOCKS);
        long blockBytes = memory.get(JAVA_LONG, opened.own() + BLOCK_BYTES);
        try {
            PoolShape shape = of(blocks, blockBytes);
            if (shape.totalBytes() == found) {
                return shape;
            }
        } catch (IllegalArgumentException impossible) {
            // Said below.
        }
        throw new Broken(
                opened.region()
                        + " is no pool of this layout: blocks="
                        + blocks
                        + ", blockBytes="
                        + blockBytes
                        + ", bytes of the data="
                        + found
                        + "; if nobody needs it, remove it");
    }

    Plan plan() {
        return new Plan(
                Kind.shape(RegionKind.POOL, SLOTS, Kind.ENTRIES, BYTES, totalBytes(), 0, 0),
                toString(),
                region -> {
                    long own = Kind.own(region.header().shape(), Kind.ENTRIES);
                    region.segment().set(JAVA_INT, own + BLOCKS, blocks);
                    region.segment().set(JAVA_LONG, own + BLOCK_BYTES, blockBytes);
                });
    }

    /** Where a block begins in the data. */
    long at(int block) {
        return wordBytes() + block * blockBytes;
    }

    long totalBytes() {
        return at(blocks);
    }

    @Override
    public String toString() {
        return "blocks=" + blocks + ", blockBytes=" + blockBytes;
    }

    private long wordBytes() {
        return (8L * blocks + LINE - 1) / LINE * LINE;
    }
}
