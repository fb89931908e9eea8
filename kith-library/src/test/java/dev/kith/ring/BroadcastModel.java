// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The heap twin of a broadcast: the classes that work in shared memory ({@link BroadcastClaimer},
 * {@link BroadcastReader}, {@link BroadcastCursor}, {@link BroadcastMemory}) on memory of the heap,
 * behind {@link Parties}, here {@link Mortals}. Producers and subscribers in one thread, by turns:
 * after any store another may act, or the one that acts may die. Every sequence number is accounted
 * for, of every subscriber.
 */
final class BroadcastModel {
    private static final int PRODUCERS = 3;
    private static final int SLOTS = 7;
    private static final int STEPS = 60;

    private final Mortals parties;
    private final Random random;
    private final BroadcastMemory memory;
    private final BroadcastClaimer[] claimers = new BroadcastClaimer[SLOTS];
    private final BroadcastReader[] readers = new BroadcastReader[SLOTS];
    private final long[] begin = new long[SLOTS];
    private final List<List<Long>> received = new ArrayList<>();

    /** Numbers of messages by their sequence numbers. */
    private final TreeMap<Long, Long> published = new TreeMap<>();

    private long number;
    private boolean revealed;

    private BroadcastModel(long seed, Set<String> deaths) {
        this.random = new Random(seed);
        this.parties = new Mortals(random, SLOTS, deaths, 40, 5);
        long capacity = 256L << random.nextInt(3);
        long data = BroadcastLayout.data(SLOTS, capacity);
        MemorySegment all = Arena.ofAuto().allocate(data + capacity, Long.BYTES);
        this.memory =
                new BroadcastMemory(Mortals.memory(all, SLOTS, data, capacity, true, parties));
        for (int slot = 0; slot < SLOTS; slot++) {
            received.add(new ArrayList<>());
        }
    }

    public static void main(String[] arguments) {
        System.setProperty("dev.kith.ring.killpoints", "true");
        int rounds = Integer.parseInt(arguments[0]);
        Set<String> deaths = new TreeSet<>();
        long[] sums = new long[2];
        for (long seed = 0; seed < rounds; seed++) {
            BroadcastModel model = new BroadcastModel(seed, deaths);
            KillPoints.hook = model::at;
            try {
                model.run(sums);
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("seed=" + seed, failed);
            }
        }
        System.out.println(String.join(" ", deaths));
        System.out.println("taken " + (sums[0] > 0) + " lost " + (sums[1] > 0));
    }

    private void run(long[] sums) {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        parties.spare();
        for (int slot = PRODUCERS; slot < SLOTS; slot++) {
            if (parties.alive[slot]) {
                finish(slot);
                check(slot);
                sums[0] += readers[slot].taken();
                sums[1] += readers[slot].lost();
            }
        }
    }

    private void finish(int slot) {
        int quiet = 0;
        while (quiet < 2) {
            int count = readers[slot].drain(receiver(slot), 100);
            readers[slot].skipLeft();
            quiet = count == 0 && readers[slot].isEmpty() ? quiet + 1 : 0;
        }
    }

    /** A kill point was passed by whoever acts innermost. */
    private void at(String point) {
        if (point.equals("broadcast.publish.published")) {
            revealed = true;
        }
        parties.pass(
                point,
                () -> {
                    boolean before = revealed;
                    step();
                    revealed = before;
                });
    }

    private void step() {
        int slot = random.nextInt(SLOTS);
        try {
            parties.act(() -> {
                if (!parties.acting[slot]) {
                    parties.acting[slot] = true;
                    act(slot);
                    parties.acting[slot] = false;
                }
            });
        } catch (Mortals.Killed killed) {
            parties.alive[slot] = false;
            parties.acting[slot] = false;
        }
    }

    private void act(int slot) {
        if (!parties.alive[slot]) {
            attach(slot);
        } else if (slot < PRODUCERS) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                send(slot);
            }
        } else if (random.nextInt(12) == 0) {
            finish(slot);
            check(slot);
        } else {
            if (random.nextBoolean()) {
                readers[slot].skipLeft();
            }
            readers[slot].drain(receiver(slot), 1 + random.nextInt(4));
        }
    }

    private void attach(int slot) {
        memory.settle(slot);
        for (long at = BroadcastLayout.POLICY; at <= BroadcastLayout.LOST; at += 8) {
            memory.words.segment().set(ValueLayout.JAVA_LONG, RingLayout.slot(slot) + at, 0);
        }
        parties.attach(slot);
        if (slot < PRODUCERS) {
            claimers[slot] = new BroadcastClaimer(memory, slot, () -> {});
            return;
        }
        Policy policy = Policy.values()[(slot - PRODUCERS) % 4];
        received.get(slot).clear();
        readers[slot] = new BroadcastReader(memory, slot, parties.generation[slot], policy);
        begin[slot] = memory.word(RingLayout.slot(slot) + BroadcastLayout.NEXT);
    }

    private void send(int slot) {
        BroadcastClaimer claimer = claimers[slot];
        int length = 8 + random.nextInt(memory.longest - 7);
        if (!claimer.tryClaim(length)) {
            claimer.sweep();
            return;
        }
        long sequence = claimer.sequence();
        long mine = number++;
        MemorySegment records = memory.records;
        records.set(ValueLayout.JAVA_LONG, claimer.payload(), mine);
        at("payload");
        for (int i = 8; i < length; i++) {
            records.set(ValueLayout.JAVA_BYTE, claimer.payload() + i, (byte) (mine + i));
        }
        at("payload");
        if (random.nextInt(8) == 0) {
            claimer.abandon();
            return;
        }
        // Before: who acts between the store and the next line may receive it already.
        published.put(sequence, mine);
        revealed = false;
        try {
            claimer.publish(random.nextInt(4) == 0 ? 8 + random.nextInt(length - 7) : length);
        } catch (Mortals.Killed killed) {
            if (!revealed) {
                published.remove(sequence);
            }
            throw killed;
        }
    }

    private RingHandler receiver(int slot) {
        return (ring, offset, length) -> {
            at("handler");
            long value = ring.get(ValueLayout.JAVA_LONG, offset);
            for (int i = 8; i < length; i++) {
                if (ring.get(ValueLayout.JAVA_BYTE, offset + i) != (byte) (value + i)) {
                    throw new AssertionError("byte " + i + " of " + value);
                }
            }
            received.get(slot).add(value);
        };
    }

    /**
     * When it has drained: what it took and what it lost are what was published since it joined.
     */
    private void check(int slot) {
        BroadcastReader reader = readers[slot];
        long next = memory.word(RingLayout.slot(slot) + BroadcastLayout.NEXT);
        List<Long> all = new ArrayList<>(published.subMap(begin[slot], next).values());
        List<Long> got = received.get(slot);
        int at = 0;
        for (long each : got) {
            while (at < all.size() && all.get(at) != each) {
                at++;
            }
            if (at++ == all.size()) {
                throw new AssertionError(reader.policy() + " got " + got + " of " + all);
            }
        }
        long taken = memory.word(RingLayout.slot(slot) + BroadcastLayout.TAKEN);
        long lost = memory.word(RingLayout.slot(slot) + BroadcastLayout.LOST);
        int held =
                readers[slot].isEmpty() ? 0 : 1; // came while this looked: DROP_NEWEST holds some
        if (taken != got.size() || lost != reader.lost()) {
            throw new AssertionError(reader.policy() + " says " + taken + ", took " + got.size());
        }
        if (held == 0 && taken + lost != all.size()) {
            throw new AssertionError(
                    reader.policy()
                            + ": taken "
                            + taken
                            + " + lost "
                            + lost
                            + " != published "
                            + all.size());
        }
        if (reader.policy() == Policy.BLOCK && lost != 0) {
            throw new AssertionError("BLOCK lost " + lost);
        }
    }
}
