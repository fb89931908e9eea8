// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Encoding allocates nothing, and neither does decoding a record that does not escape: in a JVM of
 * its own, where nothing else has been compiled, by the allocation counter of the thread.
 */
@Timeout(120)
class StructAllocationTest {
    @Test
    void shouldAllocateNothing() throws Exception {
        Process child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                ChildJvm.classPath(),
                                Count.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said.lines()).contains("encode 0", "decode 0", "text 0");
        assertThat(said.lines().filter(line -> line.startsWith("kept")).toList())
                .as("the counter counts: a record of 40 bytes that is kept")
                .containsExactly("kept 40");
    }

    /** Prints bytes allocated per call; with the argument "time", nanoseconds too. */
    static final class Count {
        private static final int CALLS = 2_000_000;
        private static final StructLayout<Tick> TICK = Codec.struct(Tick.class);
        private static final StructLayout<Named> NAMED = Codec.struct(Named.class);
        private static Object kept;

        private Count() {}

        record Tick(long time, double price, int size, int venue, short flags, boolean last) {}

        enum Side {
            BUY,
            SELL
        }

        record Named(@Length(16) String name, Side side, Tick tick, @Length(4) int[] levels) {}

        public static void main(String[] arguments) throws Exception {
            boolean timed = arguments.length > 0;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(256, 8);
                Tick tick = new Tick(1, 2, 3, 4, (short) 5, true);
                Tick[] ticks = new Tick[8];
                Arrays.setAll(ticks, i -> new Tick(i, 2, 3, i, (short) 5, true));
                Named named = new Named("größe", Side.SELL, tick, new int[4]);
                measure("encode", timed, () -> encode(memory, ticks));
                measure("decode", timed, () -> decode(memory));
                measure("kept", timed, () -> keep(memory));
                measure("text", timed, () -> text(memory, named));
            }
        }

        private static void measure(String what, boolean timed, Runnable calls) throws Exception {
            long least = Long.MAX_VALUE;
            long fastest = Long.MAX_VALUE;
            for (int round = 0; round < 10; round++) {
                long bytes = allocated();
                long time = System.nanoTime();
                calls.run();
                fastest = Math.min(fastest, System.nanoTime() - time);
                least = Math.min(least, allocated() - bytes);
            }
            System.out.println(what + " " + least / CALLS);
            if (timed) {
                System.out.printf("%s %.1f ns%n", what, (double) fastest / CALLS);
            }
        }

        /** By reflection: the library's module does not read that of the management beans. */
        private static long allocated() throws ReflectiveOperationException {
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            Object threads = factory.getMethod("getThreadMXBean").invoke(null);
            return (long)
                    Class.forName("com.sun.management.ThreadMXBean")
                            .getMethod("getCurrentThreadAllocatedBytes")
                            .invoke(threads);
        }

        private static void encode(MemorySegment memory, Tick[] ticks) {
            for (int i = 0; i < CALLS; i++) {
                TICK.write(ticks[i & 7], memory, (i & 3) * 40L);
            }
        }

        private static void decode(MemorySegment memory) {
            long sum = 0;
            for (int i = 0; i < CALLS; i++) {
                Tick tick = TICK.read(memory, i & 8);
                sum += tick.time + tick.size + tick.venue + tick.flags + (tick.last ? 1 : 0);
            }
            kept = sum;
        }

        private static void keep(MemorySegment memory) {
            for (int i = 0; i < CALLS; i++) {
                kept = TICK.read(memory, 0);
            }
        }

        private static void text(MemorySegment memory, Named named) {
            for (int i = 0; i < CALLS; i++) {
                NAMED.encode(named, memory);
            }
        }
    }
}
