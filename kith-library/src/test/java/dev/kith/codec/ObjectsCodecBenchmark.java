// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What encoding and decoding cost together, in CPU time: the median over rounds of {@code
 * ROUND_MILLIS}, after a warm-up. Runs from the test class path: {@code java -cp
 * classes:test-classes dev.kith.codec.ObjectsCodecBenchmark}.
 */
final class ObjectsCodecBenchmark {
    private static final int ROUNDS = 11;
    private static final int WARM_UP_ROUNDS = 8;
    private static final long ROUND_MILLIS = 100;

    private ObjectsCodecBenchmark() {}

    public static void main(String[] arguments) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("id", 4711L);
        order.put("customer", "Ada Lovelace");
        order.put("lines", List.of(1, 2, 3));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(64 * 1024);
            Codec<Object> objects = Codec.objects();
            measure("[42, null, hello]", objects, Arrays.asList(42, null, "hello"), segment);
            measure("record", objects, new Trade(42, "EURUSD", new double[8]), segment);
            measure("map", objects, order, segment);
            measure("[42, null, hello] again", objects, Arrays.asList(42, null, "hello"), segment);
            measure("utf8 hello", Codec.utf8(), "hello", segment);
            measure("utf8 1000 letters", Codec.utf8(), "x".repeat(1000), segment);
        }
    }

    private static <T> void measure(String what, Codec<T> codec, T value, MemorySegment segment) {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round(codec, value, segment);
        }
        double[] nanos = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            nanos[i] = round(codec, value, segment);
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-24s %4d bytes  median %6.1f ns  least %6.1f  most %6.1f%n",
                what, codec.encode(value, segment), nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1]);
    }

    private static <T> double round(Codec<T> codec, T value, MemorySegment segment) {
        long end = System.nanoTime() + ROUND_MILLIS * 1_000_000;
        long begin = cpuNanos();
        long times = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 10_000; i++) {
                long length = codec.encode(value, segment);
                if (codec.decode(segment.asSlice(0, length)) == null) {
                    throw new AssertionError("null arrived");
                }
            }
            times += 10_000;
        }
        return (double) (cpuNanos() - begin) / times;
    }

    /** What the thread has run so far: other work on the machine counts less than on a clock. */
    private static long cpuNanos() {
        try {
            String schedstat = Files.readString(Path.of("/proc/thread-self/schedstat"));
            return Long.parseLong(schedstat.substring(0, schedstat.indexOf(' ')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Trade(int id, String symbol, double[] prices) {}
}
