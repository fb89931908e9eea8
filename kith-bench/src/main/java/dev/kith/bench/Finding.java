// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link Row} found at one distance of the CPUs.
 *
 * @param row its name
 * @param what was measured
 * @param distance near, far, between; same where it does not matter
 * @param apartNanos the probe's median reading; 0 if it was not asked
 * @param rounds the fewest samples that a party has
 * @param figures of the parties
 * @param verdicts on the bars
 */
record Finding(
        String row,
        String what,
        String distance,
        double apartNanos,
        int rounds,
        List<Figure> figures,
        List<Verdict> verdicts) {
    /**
     * What one party reached.
     *
     * @param unit in which people are told
     * @param value nanoseconds, unless the unit is another
     * @param p99 of round trips
     * @param p999 of round trips
     */
    record Figure(
            String party, Unit unit, Spread value, Optional<Spread> p99, Optional<Spread> p999) {}
}
