// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import dev.kith.codec.Codec;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The main class of the JVM in which one codec encodes and decodes one value. Answers {@code run
 * MILLIS} with {@link Cost}.
 */
final class Coder {
    /** The values by name; the first is the one that the bar is for. */
    static final Map<String, Object> VALUES = values();

    private static final int BATCH = 1000;
    private static final int MOST_BATCHES = 1 << 16;

    /** Where results go, so that making them cannot be optimised away. */
    @SuppressWarnings("unused") // only written
    private static Object sink;

    private final Codec<Object> codec;
    private final MemorySegment buffer = Arena.global().allocate(1 << 16);
    private final Object value;
    private long length;

    Coder(Codec<Object> codec, Object value) {
        this.codec = codec;
        this.value = value;
        encode();
        if (!codec.decode(buffer.asSlice(0, length)).equals(value)) {
            throw new IllegalStateException("another value was decoded than the one encoded");
        }
    }

    /** What programs send. */
    record Trade(long id, String symbol, double price) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The cost of a value, each time the median of batches.
     *
     * @param bytes that the value takes
     * @param encode nanoseconds
     * @param decode nanoseconds
     * @param both nanoseconds for one after the other
     */
    record Cost(long bytes, double encode, double decode, double both) {
        static Cost parse(String line) {
            String[] fields = line.split(" ");
            return new Cost(
                    Long.parseLong(fields[0]),
                    Double.parseDouble(fields[1]),
                    Double.parseDouble(fields[2]),
                    Double.parseDouble(fields[3]));
        }

        String line() {
            return bytes + " " + encode + " " + decode + " " + both;
        }
    }

    public static void main(String[] args) {
        Orders.serve(orders -> {
            Coder coder = new Coder(Coding.of(args[0]).codec(), VALUES.get(args[1]));
            System.out.println("ready");
            for (; ; ) {
                String millis = orders.next().substring("run ".length());
                System.out.println(coder.cost(Long.parseLong(millis) * 1_000_000).line());
            }
        });
    }

    /** Encodes, decodes and does both for a third of the time each. */
    Cost cost(long nanos) {
        double encode = median(nanos / 3, this::encodeBatch);
        double decode = median(nanos / 3, this::decodeBatch);
        double both = median(nanos / 3, this::bothBatch);
        return new Cost(length, encode, decode, both);
    }

    private void encodeBatch() {
        for (int i = 0; i < BATCH; i++) {
            encode();
        }
    }

    private void decodeBatch() {
        for (int i = 0; i < BATCH; i++) {
            decode();
        }
    }

    private void bothBatch() {
        for (int i = 0; i < BATCH; i++) {
            encode();
            decode();
        }
    }

    private void encode() {
        length = codec.encode(value, buffer);
    }

    private void decode() {
        sink = codec.decode(buffer.asSlice(0, length));
    }

    private static double median(long nanos, Runnable batch) {
        long[] times = new long[MOST_BATCHES];
        int count = 0;
        long begin = System.nanoTime();
        long last = begin;
        do {
            batch.run();
            long now = System.nanoTime();
            times[count++] = now - last;
            last = now;
        } while (last - begin < nanos && count < MOST_BATCHES);
        Arrays.sort(times, 0, count);
        return (double) times[count / 2] / BATCH;
    }

    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("list", Arrays.asList(42, null, "hello"));
        values.put("record", new Trade(4711, "EURUSD", 1.0842));
        values.put("integers", List.copyOf(Collections.nCopies(100, 1234)));
        values.put("text", "hello, world ".repeat(80));
        return values;
    }
}
