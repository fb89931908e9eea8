// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The times of the rounds of one sample, in nanoseconds. Written on a line by the C programs
 * (ping.h) and by {@link Ping} in the same way, from every single time: no histogram rounds them.
 */
record Sample(
        long rounds,
        long bytes,
        long min,
        long p50,
        long p90,
        long p99,
        long p999,
        long max,
        double mean) {

    /** Sorts the first {@code count} times. */
    static Sample of(int[] times, int count, int bytes) {
        if (count == 0) {
            throw new IllegalArgumentException("count=0: no round was completed");
        }
        Arrays.sort(times, 0, count);
        double mean = Arrays.stream(times, 0, count).average().orElseThrow();
        return new Sample(
                count,
                bytes,
                times[0],
                quantile(times, count, 500),
                quantile(times, count, 900),
                quantile(times, count, 990),
                quantile(times, count, 999),
                times[count - 1],
                mean);
    }

    Sample withMean(double exact) {
        return new Sample(rounds, bytes, min, p50, p90, p99, p999, max, exact);
    }

    /** Half of each time. */
    Sample halved() {
        return new Sample(
                rounds, bytes, min / 2, p50 / 2, p90 / 2, p99 / 2, p999 / 2, max / 2, mean / 2);
    }

    static Sample parse(String line) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : line.strip().split(" ")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals), field.substring(equals + 1));
            }
        }
        try {
            return new Sample(
                    Long.parseLong(fields.get("rounds")),
                    Long.parseLong(fields.get("bytes")),
                    Long.parseLong(fields.get("min")),
                    Long.parseLong(fields.get("p50")),
                    Long.parseLong(fields.get("p90")),
                    Long.parseLong(fields.get("p99")),
                    Long.parseLong(fields.get("p999")),
                    Long.parseLong(fields.get("max")),
                    Double.parseDouble(fields.getOrDefault("mean", "")));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a sample: \"" + line + "\"", e);
        }
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "rounds=%d bytes=%d min=%d p50=%d p90=%d p99=%d p999=%d max=%d mean=%.1f",
                rounds,
                bytes,
                min,
                p50,
                p90,
                p99,
                p999,
                max,
                mean);
    }

    /** The smallest time that at least that many of a thousand rounds did not exceed. */
    private static int quantile(int[] sorted, int count, int thousandths) {
        return sorted[(int) (((long) count * thousandths + 999) / 1000) - 1];
    }
}
