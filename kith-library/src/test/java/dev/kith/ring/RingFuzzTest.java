// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.Broken;
import dev.kith.Peer;
import dev.kith.memory.Place;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes are in a ring, its ends find a message, nothing, or that it is Broken. */
@Timeout(60)
class RingFuzzTest {
    private static final int SLOTS = 3;
    private static final int STEPS = 40;

    private long outcomes;
    private long broken;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSurviveRandomImages(boolean many) {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            RingMemory memory = ring(random, many);
            for (long at = RingLayout.LOST; at < memory.all.byteSize(); at += 8) {
                if (random.nextInt(3) == 0) {
                    scribble(memory, random, at);
                }
            }
            use(memory, random, false);
        }
        assertThat(broken).isPositive();
        assertThat(outcomes).isGreaterThan(broken);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSurviveSingleWordsWrittenOverALivingRing(boolean many) {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            use(ring(random, many), random, true);
        }
        assertThat(broken).isPositive();
        assertThat(outcomes).isGreaterThan(broken);
    }

    @ParameterizedTest
    @ValueSource(ints = {RingLayout.KIND_SPSC, RingLayout.KIND_MPSC})
    void shouldSayThatTheFileWasCut(int kind, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("ring");
        SharedRing ring = SharedRing.create(Place.file(path), kind, 65536);
        RingProducer out = ring.producer(Waiter.BLOCK);
        RingConsumer in = ring.consumer(Waiter.BLOCK);
        out.put(Rings.message(1, 100));
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(0);
        }
        assertThatThrownBy(() -> in.drain((_, _, _) -> {}, 1))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("truncated");
        assertThatThrownBy(in::isEmpty).isInstanceOf(Broken.class);
        assertThatThrownBy(() -> ring.peek(1)).isInstanceOf(Broken.class);
        if (kind == RingLayout.KIND_SPSC) {
            assertThatThrownBy(() -> out.offer(Rings.message(2, 100))).isInstanceOf(Broken.class);
        }
        Files.delete(path);
        ring.close();
    }

    @Test
    void shouldRefuseALengthThatGoesOverTheEnd() {
        RingMemory memory = ring(new Random(1), false);
        long word = RingLayout.record(0, memory.longest) + 8;
        memory.records.set(ValueLayout.JAVA_LONG, 0, word);
        assertThatThrownBy(() -> new Drainer(memory).drain((_, _, _) -> {}, 1))
                .isInstanceOf(Broken.class)
                .hasMessageContaining("record at position 0")
                .hasMessageContaining(Long.toHexString(word));
    }

    private RingMemory ring(Random random, boolean many) {
        long capacity = 256L << random.nextInt(3);
        MemorySegment all = Arena.ofAuto().allocate(RingLayout.data(SLOTS) + capacity, 8);
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
        return new RingMemory(
                all,
                SLOTS,
                capacity,
                many,
                parties,
                (_, fault) -> {
                    throw fault;
                });
    }

    private void use(RingMemory memory, Random random, boolean scribbling) {
        try {
            Claimer claimer = memory.many ? new MpscClaimer(memory, 0) : new SpscClaimer(memory);
            Drainer drainer = new Drainer(memory);
            for (int step = 0; step < STEPS; step++) {
                if (scribbling && random.nextInt(8) == 0) {
                    long words = (memory.all.byteSize() - RingLayout.LOST) / 8;
                    scribble(memory, random, RingLayout.LOST + 8 * random.nextLong(words));
                }
                step(memory, claimer, drainer, random);
                outcomes++;
            }
        } catch (Broken expected) {
            broken++;
        }
    }

    private static void step(RingMemory memory, Claimer claimer, Drainer drainer, Random random) {
        switch (random.nextInt(7)) {
            case 0 -> drainer.skipGap();
            case 1 -> Peek.messages(memory, 10);
            case 2 -> memory.isReady();
            case 3 -> drainer.backlogBytes();
            case 4 -> memory.died(RingLayout.CONSUMER);
            case 5 -> drainer.drain(RingFuzzTest::touch, 1 + random.nextInt(9));
            default -> {
                int length = random.nextInt(memory.longest + 1);
                if (claimer.tryClaim(length)) {
                    memory.records.asSlice(claimer.payload(), length).fill((byte) 1);
                    claimer.publish(random.nextInt(length + 1));
                }
            }
        }
    }

    /** Reads every byte, so that one outside would throw. */
    private static void touch(MemorySegment ring, long offset, int length) {
        assertThat(ring.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE)).hasSize(length);
    }

    /** Writes what is likely to be believed. */
    private static void scribble(RingMemory memory, Random random, long at) {
        long position = random.nextInt(4 * (int) memory.capacity) & -8;
        long word =
                switch (random.nextInt(6)) {
                    case 0 -> random.nextLong();
                    case 1 -> position;
                    case 2 -> RingLayout.record(position, random.nextInt(2 * memory.longest));
                    case 3 -> RingLayout.pad(position, random.nextInt(600));
                    case 4 -> 0;
                    default -> RingLayout.cursor(position, random.nextInt(4));
                };
        memory.all.set(ValueLayout.JAVA_LONG, at, word);
    }
}
