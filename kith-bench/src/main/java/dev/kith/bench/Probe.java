// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.time.Duration;

/** Reads how far two CPUs are apart: the round trip of one cache line each way, in C. */
record Probe(Programs programs) {
    private static final Duration TIME = Duration.ofMillis(20);

    /** The median round trip in nanoseconds; 0 where there are not two CPUs of which to ask. */
    double read(Placement placement) throws IOException, InterruptedException {
        return placement.crosses() ? programs.pingPong("spin", Long.BYTES, TIME, placement).p50() : 0;
    }
}
