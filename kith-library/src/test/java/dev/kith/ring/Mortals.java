// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import dev.kith.Peer;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The parties of a model that runs in one thread: after any store of one another may act, or the
 * one that acts may die.
 */
final class Mortals implements Parties {
    final Random random;

    /** By slot. */
    final boolean[] alive;

    final int[] generation;

    /** By slot: who is in the middle of something, and acts no more until that is done. */
    final boolean[] acting;

    private final Set<String> deaths;
    private final int odds;
    private final int deepest;
    private int depth;
    private boolean deadly = true;

    /** How a party dies: nothing of it is run any more, and nothing of it is cleaned up. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super(null, null, false, false);
        }
    }

    /**
     * Parties that all are dead yet.
     *
     * @param deaths gets the points at which somebody died
     * @param odds one in so many points is the last of who passes it
     * @param deepest how many may be in the middle of something at once
     */
    Mortals(Random random, int slots, Set<String> deaths, int odds, int deepest) {
        this.random = random;
        this.alive = new boolean[slots];
        this.generation = new int[slots];
        this.acting = new boolean[slots];
        this.deaths = deaths;
        this.odds = odds;
        this.deepest = deepest;
    }

    /** The memory of a ring of theirs, in which nothing can fault. */
    static RingMemory memory(
            MemorySegment all, int slots, long data, long capacity, boolean many, Parties parties) {
        return new RingMemory(
                all,
                slots,
                data,
                capacity,
                many,
                parties,
                (_, fault) -> {
                    throw fault;
                });
    }

    @Override
    public boolean isAlive(int slot, int generation) {
        return alive[slot] && this.generation[slot] == generation;
    }

    @Override
    public boolean isAlive(int slot) {
        return alive[slot];
    }

    @Override
    public Optional<Peer> peer(int slot) {
        return Optional.empty();
    }

    /** Nobody dies any more, and nobody acts out of turn. */
    void spare() {
        deadly = false;
    }

    /** Somebody acts, on top of those who are in the middle of something. */
    void act(Runnable step) {
        depth++;
        try {
            step.run();
        } finally {
            depth--;
        }
    }

    /** Who acts innermost passes a point: maybe another acts there, and maybe it is the last. */
    void pass(String point, Runnable other) {
        if (!deadly) {
            return;
        }
        if (depth < deepest && random.nextInt(6) == 0) {
            other.run();
        }
        if (random.nextInt(odds) == 0) {
            deaths.add(point);
            throw new Killed();
        }
    }

    /** One more lives in a slot. */
    void attach(int slot) {
        alive[slot] = true;
        generation[slot]++;
    }
}
