// SPDX-License-Identifier: Apache-2.0
package dev.kith.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * By the allocation counter of the thread, in a JVM without the compiler that could hide an object.
 * The smallest object has 16 bytes, so half of that for each message is none; what there is are the
 * JVM's own.
 */
@Timeout(120)
class RingAllocationTest {
    private static final long HALF_AN_OBJECT = 8;

    /** {@code Collection.toArray()} of the four elements of the list. */
    private static final long ELEMENTS = 16 + 4 * 4;

    @Test
    void shouldAllocateNothingPerMessage() throws Exception {
        Map<String, Long> found = lines(RingAllocation.class);
        assertThat(found).hasSize((2 * 2 + Policy.values().length) * (10 + 2) + 1);
        SoftAssertions all = new SoftAssertions();
        found.forEach((what, bytes) -> {
            boolean slept = what.endsWith("sleeping") || what.endsWith("waking");
            long messages = slept ? RingAllocation.SLEEPS : RingAllocation.MESSAGES;
            long each = what.endsWith("objects") ? ELEMENTS : 0;
            all.assertThat(bytes).as(what).isLessThan(messages * (each + HALF_AN_OBJECT));
        });
        all.assertAll();
    }

    @Test
    void shouldAllocateOnlyTheValueOfAMessageThroughAChannel() throws Exception {
        Map<String, Long> found = lines(ChannelAllocation.class);
        assertThat(found).hasSize(8);
        SoftAssertions all = new SoftAssertions();
        found.forEach((what, bytes) -> {
            long value =
                    switch (what.substring(0, what.indexOf('?'))) {
                        case "bytes" -> 16 + 64;
                        case "longs", "doubles" -> 24;
                        case "objects" -> 24 + 16 + 8; // a String and its bytes
                        default -> throw new AssertionError(what);
                    };
            all.assertThat(bytes).as(what).isLessThan(value + HALF_AN_OBJECT);
        });
        all.assertAll();
    }

    private static Map<String, Long> lines(Class<?> program) throws Exception {
        Map<String, Long> lines = new TreeMap<>();
        try (ChildJvm child = ChildJvm.start(program)) {
            for (String line = child.line(); line != null; line = child.line()) {
                String[] parts = line.split("\t");
                lines.put(parts[0], Long.parseLong(parts[1]));
            }
            assertThat(child.waitFor()).isZero();
        }
        return lines;
    }
}
