// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What must hold of every value. The seed is in the message of a failure. */
class ObjectsCodecRandomTest {
    private static final int VALUES = 20_000;

    private final Codec<Object> objects = Codec.objects();

    @Test
    void shouldBringBackEveryValue() {
        for (int seed = 0; seed < VALUES; seed++) {
            Object value = new RandomValues(seed).value(4);
            if (value == null) {
                continue;
            }
            Object arrived = Bytes.roundTrip(objects, value);

            assertThat(arrived)
                    .as("seed %d", seed)
                    .satisfies(other -> assertThat(Objects.deepEquals(other, value)).isTrue());
        }
    }

    @Test
    void shouldWriteTheSameBytesAgain() {
        for (int seed = 0; seed < VALUES / 10; seed++) {
            Object value = new RandomValues(seed).value(4);
            if (value == null) {
                continue;
            }
            byte[] bytes = Bytes.encode(objects, value);
            // A HashMap arrives as a LinkedHashMap, in the order in which it was sent.
            assertThat(Bytes.encode(objects, Bytes.decode(objects, bytes)))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
        }
    }

    @Test
    void shouldWriteIntoAnySegmentOfAnyAlignment() {
        Random random = new Random(1);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1 << 20);
            for (int seed = 0; seed < VALUES / 10; seed++) {
                Object value = new RandomValues(seed).value(3);
                if (value == null) {
                    continue;
                }
                byte[] expected = Bytes.encode(objects, value);
                int offset = random.nextInt(64);
                MemorySegment target = memory.asSlice(offset, expected.length);

                assertThat(objects.encode(value, target)).isEqualTo(expected.length);
                assertThat(Arrays.equals(target.toArray(ValueLayout.JAVA_BYTE), expected))
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(Objects.deepEquals(objects.decode(target.asReadOnly()), value))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    @Test
    void shouldServeManyThreads() {
        Set<Long> wrong = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (long first = 0; first < 4; first++) {
                long begin = first;
                threads.execute(() -> {
                    for (long seed = begin; seed < VALUES / 5; seed += 4) {
                        Object value = Arrays.asList(seed, new RandomValues(seed).container(3));
                        if (!value.equals(Bytes.roundTrip(objects, value))) {
                            wrong.add(seed);
                        }
                    }
                });
            }
        }
        assertThat(wrong).isEmpty();
    }
}
