// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.Broken;
import dev.kith.Peer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever bytes are in a broadcast, its ends find a message, nothing, or that it is Broken. */
@Timeout(60)
class BroadcastFuzzTest {
    private static final int SLOTS = 3;
    private static final int STEPS = 40;
    private static final int ROUNDS = 10_000;

    private long outcomes;
    private long broken;

    @Test
    void shouldSurviveRandomImages() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            BroadcastMemory memory = broadcast(random);
            for (long at = RingLayout.LOST; at < memory.words.segment().byteSize(); at += 8) {
                if (random.nextInt(3) == 0) {
                    scribble(memory, random, at);
                }
            }
            use(memory, random, false, seed);
        }
        assertThat(broken).isPositive();
        assertThat(outcomes).isGreaterThan(broken);
    }

    @Test
    void shouldSurviveSingleWordsWrittenOverALivingBroadcast() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            use(broadcast(random), random, true, seed);
        }
        assertThat(broken).isPositive();
        assertThat(outcomes).isGreaterThan(broken);
    }

    private void use(BroadcastMemory memory, Random random, boolean scribbling, long seed) {
        try {
            BroadcastClaimer claimer = new BroadcastClaimer(memory, 0, () -> {});
            Policy policy = Policy.values()[random.nextInt(Policy.values().length)];
            BroadcastReader reader = new BroadcastReader(memory, 1, 1, policy);
            for (int step = 0; step < STEPS; step++) {
                if (scribbling && random.nextInt(8) == 0) {
                    long words = (memory.words.segment().byteSize() - RingLayout.LOST) / 8;
                    scribble(memory, random, RingLayout.LOST + 8 * random.nextLong(words));
                }
                step(memory, claimer, reader, random);
                outcomes++;
            }
        } catch (Broken expected) {
            assertThat(expected).hasMessageContaining("somebody has written over it");
            broken++;
        } catch (RuntimeException | AssertionError wrong) {
            throw new AssertionError("seed=" + seed, wrong);
        }
    }

    private static void step(
            BroadcastMemory memory,
            BroadcastClaimer claimer,
            BroadcastReader reader,
            Random random) {
        switch (random.nextInt(8)) {
            case 0 -> reader.skipLeft();
            case 1 -> reader.isReady();
            case 2 -> assertThat(reader.lagMessages()).isNotNegative();
            case 3 -> assertThat(reader.lagBytes()).isBetween(0L, memory.capacity);
            case 4 -> claimer.sweep();
            case 5 -> reader.drain(BroadcastFuzzTest::touch, 1 + random.nextInt(9));
            default -> {
                int length = random.nextInt(memory.longest + 1);
                if (claimer.tryClaim(length)) {
                    memory.records.asSlice(claimer.payload(), length).fill((byte) 1);
                    if (random.nextInt(8) == 0) {
                        claimer.abandon();
                    } else {
                        claimer.publish(random.nextInt(length + 1));
                    }
                }
            }
        }
    }

    /** Reads every byte, so that one outside would throw. */
    private static void touch(MemorySegment ring, long offset, int length) {
        assertThat(ring.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)).hasSize(length);
    }

    /** Writes what is likely to be believed. */
    private static void scribble(BroadcastMemory memory, Random random, long at) {
        long sequence = random.nextInt(4 * memory.count);
        long entry =
                BroadcastLayout.claimed(
                        memory.tag(sequence), random.nextInt(4), random.nextInt(1 << 8));
        long word =
                switch (random.nextInt(7)) {
                    case 0 -> random.nextLong();
                    case 1 -> sequence;
                    case 2 -> BroadcastLayout.tail(sequence, random.nextInt(9));
                    case 3 -> BroadcastLayout.withState(entry, random.nextInt(4));
                    case 4 -> 0;
                    case 5 -> (long) random.nextInt(1 << 8) << 32 | random.nextInt(600);
                    default -> BroadcastLayout.policy(Policy.BLOCK, random.nextInt(3));
                };
        memory.words.segment().set(ValueLayout.JAVA_LONG, at, word);
    }

    private static BroadcastMemory broadcast(Random random) {
        long capacity = 256L << random.nextInt(3);
        long data = BroadcastLayout.data(SLOTS, capacity);
        Parties parties =
                new Parties() {
                    @Override
                    public boolean isAlive(int slot) {
                        return random.nextBoolean();
                    }

                    @Override
                    public boolean isAlive(int slot, int generation) {
                        return random.nextBoolean();
                    }

                    @Override
                    public Optional<Peer> peer(int slot) {
                        return Optional.empty();
                    }
                };
        return new BroadcastMemory(
                new RingMemory(
                        Arena.ofAuto().allocate(data + capacity, 8),
                        SLOTS,
                        data,
                        capacity,
                        true,
                        parties,
                        (_, fault) -> {
                            throw fault;
                        }));
    }
}
