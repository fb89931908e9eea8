// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long a comparison goes on.
 *
 * @param forks how often the processes are started anew: no two JVMs compile alike
 * @param rounds how often the parties take turns, over all forks
 * @param sample how long a turn lasts
 * @param warmUp how long a JVM runs before its first turn
 */
record Settings(int forks, int rounds, Duration sample, Duration warmUp) {
    static final Settings USUAL =
            new Settings(3, 9, Duration.ofMillis(250), Duration.ofMillis(2000));
    static final Settings QUICK =
            new Settings(1, 3, Duration.ofMillis(100), Duration.ofMillis(500));

    Settings {
        if (rounds < forks) {
            throw new IllegalArgumentException(
                    "--rounds: rounds="
                            + rounds
                            + ", forks="
                            + forks
                            + ": at least one round a fork");
        }
    }

    /** The options that {@link #of} reads, apart from the flag {@code --quick}. */
    static final List<String> OPTIONS = List.of("--forks", "--rounds", "--sample", "--warm-up");

    static Settings of(Options options) {
        return of(options, USUAL);
    }

    /** What the options say, and where they do not, {@link #QUICK} or what is usual. */
    static Settings of(Options options, Settings otherwise) {
        Settings usual = options.has("--quick") ? QUICK : otherwise;
        return new Settings(
                options.number("--forks", usual.forks, 1, 100),
                options.number("--rounds", usual.rounds, 1, 1000),
                millis(options, "--sample", usual.sample),
                millis(options, "--warm-up", usual.warmUp));
    }

    /** How many rounds to get from a fork, so that all together are as many as asked for. */
    int roundsIn(int fork) {
        return rounds / forks + (fork < rounds % forks ? 1 : 0);
    }

    private static Duration millis(Options options, String name, Duration otherwise) {
        return Duration.ofMillis(options.number(name, (int) otherwise.toMillis(), 1, 60_000));
    }
}
