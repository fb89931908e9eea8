// SPDX-License-Identifier: Apache-2.0
package dev.kith.memory;

/** What a region may hold: the numbers of the headers, and what listings and messages call them. */
public enum RegionKind {
    SPSC_RING(1, "SPSC ring"),
    MPSC_RING(2, "MPSC ring"),
    BROADCAST(3, "broadcast"),
    LOCK(16, "lock"),
    READ_WRITE_LOCK(17, "read-write lock"),
    SEMAPHORE(18, "semaphore"),
    BARRIER(19, "barrier"),
    LATCH(20, "latch"),
    EVENT(21, "event"),
    VALUE(24, "value"),
    ARRAY(25, "array"),
    STRUCT(26, "struct"),
    MAP(27, "map"),
    QUEUE(28, "queue"),
    BLOCK(29, "block"),
    POOL(30, "pool");

    private final int number;
    private final String text;

    RegionKind(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** What a kind is called; one that this release does not know by its number. */
    public static String nameOf(int number) {
        for (RegionKind each : values()) {
            if (each.number == number) {
                return each.text;
            }
        }
        return "kind " + number;
    }

    /** As the header says it. */
    public int number() {
        return number;
    }

    /** As listings and messages call it. */
    @Override
    public String toString() {
        return text;
    }
}
