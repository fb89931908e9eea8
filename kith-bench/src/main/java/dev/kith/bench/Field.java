// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.time.Duration;
import java.util.List;

/**
 * On what {@link Row}s are measured.
 *
 * @param placement two CPUs
 * @param probe of how far they are apart
 * @param capacity of Kith's large rings, in bytes
 * @param flags for all JVMs
 */
record Field(
        Programs programs,
        Settings settings,
        Placement placement,
        Probe probe,
        int capacity,
        List<String> flags) {
    /** The capacity of a channel that was not told one; in C likewise. */
    static final int SMALL = 64 * 1024;

    static final int MIB = 1 << 20;

    /** Likewise, with turns at least as long. */
    Field withSample(Duration least) {
        Duration sample = settings.sample().compareTo(least) < 0 ? least : settings.sample();
        Settings longer =
                new Settings(settings.forks(), settings.rounds(), sample, settings.warmUp());
        return new Field(programs, longer, placement, probe, capacity, flags);
    }

    Cell roundTrip(int bytes) {
        return new Cell(new Mechanism("shm"), placement, bytes);
    }

    Cell stream(int bytes) {
        return new Cell(new Mechanism("shm"), placement, bytes, Cell.Mode.STREAM);
    }

    /** {@code 64K}, {@code 16M}. */
    static String size(int bytes) {
        return bytes < MIB ? bytes / 1024 + "K" : bytes / MIB + "M";
    }
}
