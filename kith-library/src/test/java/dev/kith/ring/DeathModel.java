// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * The heap twin of a ring: the classes that work in shared memory ({@link SpscClaimer}, {@link
 * MpscClaimer}, {@link Drainer}, {@link Gap}, {@link RingMemory}) on memory of the heap, behind the
 * small interface through which they see other processes, {@link Parties}, here {@link Mortals}. It
 * has one thread, whose parties are made to die after any store, and to act between any two stores
 * of others: random walks through the real code, whose stores are in its order (what a processor
 * makes of the order is tried by jcstress in kith-bench). That all walks are well, of a model of
 * the claims, is what src/test/promela/mpsc.pml shows. Everything that was published must be
 * received once, in the order of its producer; what died in the hand of a consumer may come twice.
 * Run in a JVM of its own: it arms the kill points before they are loaded.
 */
final class DeathModel {
    private static final int SLOTS = 5;
    private static final int STEPS = 120;
    private static final int MIMIC = 16;

    private final Mortals parties;
    private final Random random;
    private final boolean many;
    private final RingMemory memory;
    private final Claimer[] claimers = new Claimer[SLOTS];
    private final int[] incarnation = new int[SLOTS];

    /** By incarnation of a producer: what it has published, and what it may have. */
    private final Map<Integer, List<Integer>> published = new HashMap<>();

    private final Map<Integer, Integer> unsure = new HashMap<>();
    private final Map<Integer, List<Integer>> received = new HashMap<>();
    private Drainer drainer;
    private boolean draining;
    private int consumersKilled;
    private int incarnations;

    private DeathModel(long seed, boolean many, Set<String> deaths) {
        this.random = new Random(seed);
        this.parties = new Mortals(random, SLOTS, deaths, 25, 4);
        this.many = many;
        long capacity = 256L << random.nextInt(3);
        long data = RingLayout.data(SLOTS);
        MemorySegment all = Arena.ofAuto().allocate(data + capacity, Long.BYTES);
        this.memory = Mortals.memory(all, SLOTS, data, capacity, many, parties);
    }

    public static void main(String[] arguments) {
        System.setProperty("dev.kith.ring.killpoints", "true");
        int rounds = Integer.parseInt(arguments[0]);
        for (boolean many : new boolean[] {false, true}) {
            Set<String> deaths = new TreeSet<>();
            for (long seed = 0; seed < rounds; seed++) {
                DeathModel model = new DeathModel(seed, many, deaths);
                KillPoints.hook = model::at;
                try {
                    model.run();
                } catch (RuntimeException | AssertionError failed) {
                    throw new AssertionError("many=" + many + ", seed=" + seed, failed);
                }
            }
            System.out.println(String.join(" ", deaths));
        }
    }

    private void run() {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        parties.spare();
        consumer();
        int quiet = 0;
        while (quiet < 3) {
            boolean some = drainer.drain(this::receive, 100) > 0 | drainer.skipGap();
            quiet = some ? 0 : quiet + 1;
        }
        check();
    }

    private void at(String point) {
        parties.pass(point, this::step);
    }

    private void step() {
        parties.act(() -> {
            int who = random.nextInt(SLOTS + 1);
            if (who == SLOTS) {
                consume();
            } else if (many || who == 0) {
                produce(who);
            }
        });
    }

    private void consume() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            consumer();
            if (random.nextBoolean()) {
                drainer.skipGap();
            }
            drainer.drain(this::receive, 1 + random.nextInt(5));
        } catch (Mortals.Killed killed) {
            drainer = null;
            consumersKilled++;
        } finally {
            draining = false;
        }
    }

    private void consumer() {
        if (drainer == null) {
            drainer = new Drainer(memory);
        }
    }

    private void receive(MemorySegment ring, long offset, int length) {
        int who = ring.get(ValueLayout.JAVA_INT, offset);
        int number = ring.get(ValueLayout.JAVA_INT, offset + 4);
        for (int i = 8; i + 8 <= length; i += 8) {
            if (ring.get(ValueLayout.JAVA_INT, offset + i) != (int) RingLayout.record(0, MIMIC)) {
                throw new AssertionError("byte " + i + " of " + who + "/" + number);
            }
        }
        received.computeIfAbsent(who, _ -> new ArrayList<>()).add(number);
    }

    private void produce(int slot) {
        if (parties.acting[slot]) {
            return;
        }
        if (!parties.alive[slot]) {
            if (many && parties.generation[slot] != 0 && !Gap.isSettled(memory, slot)) {
                return;
            }
            parties.attach(slot);
            incarnation[slot] = incarnations++;
            published.put(incarnation[slot], new ArrayList<>());
            claimers[slot] = many ? new MpscClaimer(memory, slot) : new SpscClaimer(memory);
        }
        parties.acting[slot] = true;
        try {
            for (int i = random.nextInt(4); i >= 0; i--) {
                send(slot);
            }
            unsureUntilFlushed(slot);
        } catch (Mortals.Killed killed) {
            parties.alive[slot] = false;
        } finally {
            parties.acting[slot] = false;
        }
    }

    private void unsureUntilFlushed(int slot) {
        Claimer claimer = claimers[slot];
        claimer.flush();
        unsure.remove(incarnation[slot]);
        claimer.hold(random.nextInt(3) == 0);
    }

    private void send(int slot) {
        Claimer claimer = claimers[slot];
        int length = 8 + random.nextInt(memory.longest - 7);
        if (!claimer.tryClaim(length)) {
            return;
        }
        int who = incarnation[slot];
        List<Integer> sent = published.get(who);
        int number = sent.size();
        long at = claimer.payload();
        memory.records.set(ValueLayout.JAVA_INT, at, who);
        memory.records.set(ValueLayout.JAVA_INT, at + 4, number);
        // Each word would be a header there, a lap later.
        long lap = memory.end(memory.taken()) / memory.capacity + 1;
        for (int i = 8; i + 8 <= length; i += 8) {
            long place = lap * memory.capacity + at + i;
            memory.records.set(ValueLayout.JAVA_LONG, at + i, RingLayout.record(place, MIMIC));
        }
        at("payload");
        if (random.nextInt(8) == 0) {
            claimer.abandon();
            return;
        }
        int cut = random.nextInt(4) == 0 ? 8 + random.nextInt(length - 7) : length;
        sent.add(number);
        unsure.putIfAbsent(who, number);
        if (claimer.publish(cut)) {
            unsure.remove(who);
        }
    }

    private void check() {
        int twice =
                received.values().stream()
                        .mapToInt(got -> got.size() - Set.copyOf(got).size())
                        .sum();
        if (twice > consumersKilled) {
            throw new AssertionError(twice + " twice, consumers killed: " + consumersKilled);
        }
        published.forEach((who, sent) -> {
            List<Integer> got = received.getOrDefault(who, List.of());
            Set<Integer> once = new HashSet<>(got);
            for (int i = 1; i < got.size(); i++) {
                if (got.get(i) < got.get(i - 1)) {
                    throw new AssertionError(who + " out of order: " + got);
                }
            }
            for (int number : sent) {
                if (!once.contains(number) && !mayBeMissing(who, number)) {
                    throw new AssertionError(
                            who + " lost " + number + " of " + sent + ", received " + got);
                }
            }
            if (once.stream().anyMatch(number -> !sent.contains(number))) {
                throw new AssertionError(who + " never sent all of " + got);
            }
        });
    }

    private boolean mayBeMissing(int who, int number) {
        Integer from = unsure.get(who);
        return from != null && number >= from;
    }
}
