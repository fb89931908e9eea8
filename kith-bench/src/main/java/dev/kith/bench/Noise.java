// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Warns in words of what may have spoiled the figures. The idea is hyperfine's
 * (output/warnings.rs).
 */
final class Noise {
    private static final Duration LISTEN = Duration.ofMillis(500);
    private static final double BUSY = 0.05;
    private static final double STOLEN = 0.01;
    private static final double WIDE = 1.5;

    private final Set<String> heard = new LinkedHashSet<>();
    private final Ticks begin;

    /** Listens for a moment to what runs on the machine before anything of ours does. */
    Noise() throws InterruptedException {
        Ticks before = Ticks.now();
        Thread.sleep(LISTEN);
        begin = Ticks.now();
        double busy = begin.busySince(before);
        if (busy > BUSY) {
            warn(
                    "the CPUs were %.0f %% busy before the benchmark began: other work disturbs,"
                            + " and no figure is valid; let it end first",
                    busy * 100);
        }
    }

    /** What was heard. */
    List<String> warnings() {
        double stolen = Ticks.now().stolenSince(begin);
        if (stolen > STOLEN) {
            warn(
                    "the host took %.1f %% of the CPUs' time for others: p99 and above are its"
                            + " doing; repeat when it is quieter",
                    stolen * 100);
        }
        return List.copyOf(heard);
    }

    /** What was heard, and what the results show. */
    List<String> warnings(List<Result> results, Settings settings) {
        for (Result result : results) {
            if (result.dropped() > 0) {
                warn(
                        "%s: dropped %d samples before and after which the probe read differently:"
                                + " the host moved the CPUs, or other work ran; more --rounds make"
                                + " up for it",
                        result.cell(), result.dropped());
            }
            result.parties()
                    .forEach((party, figures) -> judge(result.cell(), party, figures, settings));
        }
        return warnings();
    }

    private void judge(Cell cell, String party, Result.Figures figures, Settings settings) {
        Spread p50 = figures.p50();
        if (p50.most() > WIDE * p50.least()) {
            warn(
                    "%s: the medians of %s are between %.0f and %.0f ns: something else ran, or the"
                            + " warm-up of %d ms was too short (--warm-up)",
                    cell, party, p50.least(), p50.most(), settings.warmUp().toMillis());
        }
        if (p50.count() < 3) {
            warn("%s: only %d samples of %s: more --rounds", cell, p50.count(), party);
        }
    }

    private void warn(String format, Object... arguments) {
        heard.add(String.format(Locale.ROOT, format, arguments));
    }

    /** The first line of /proc/stat: how long the CPUs did what, together. */
    private record Ticks(long busy, long stolen, long all) {
        static Ticks now() {
            try {
                String[] fields =
                        Files.readString(Path.of("/proc/stat"))
                                .lines()
                                .findFirst()
                                .orElseThrow()
                                .split(" +");
                long all = 0;
                for (int i = 1; i <= 8; i++) {
                    all += Long.parseLong(fields[i]);
                }
                long idle = Long.parseLong(fields[4]) + Long.parseLong(fields[5]);
                return new Ticks(all - idle, Long.parseLong(fields[8]), all);
            } catch (IOException | RuntimeException unknown) {
                return new Ticks(0, 0, 0);
            }
        }

        double busySince(Ticks before) {
            return all == before.all ? 0 : (double) (busy - before.busy) / (all - before.all);
        }

        double stolenSince(Ticks before) {
            return all == before.all ? 0 : (double) (stolen - before.stolen) / (all - before.all);
        }
    }
}
