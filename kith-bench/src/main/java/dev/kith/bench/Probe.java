// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.io.IOException;
import java.time.Duration;

/** Reads how far two CPUs are apart. */
interface Probe {
    /** The time of a probe: long enough for a median, short beside a sample. */
    Duration TIME = Duration.ofMillis(20);

    /** A reading in nanoseconds; 0 where there are not two CPUs of which to ask. */
    double read(Placement placement) throws IOException, InterruptedException;

    /** The median round trip of one cache line each way, in C. */
    static Probe inC(Programs programs) {
        return placement ->
                placement.crosses()
                        ? programs.sample(
                                        new Cell(new Mechanism("spin"), placement, Long.BYTES),
                                        TIME)
                                .p50()
                        : 0;
    }
}
