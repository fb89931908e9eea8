// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

/**
 * One sample with the probes around it.
 *
 * <p>The host of a virtual machine moves its CPUs: their distance, and with it every figure,
 * changes by a factor of up to seven within seconds. So a sample counts only if the probe read the
 * same before and after it, and is compared only with samples whose probes read the same. One
 * machine gives 70, 140 and 500 ns, another 300 ns: so no reading is wired in.
 *
 * @param party who made it
 * @param fork which start of the processes
 * @param round which turn in that fork
 * @param sample the times
 * @param before the reading of the probe before it, in nanoseconds; 0 if the CPUs were not probed
 * @param after the reading of the probe after it
 */
record Take(String party, int fork, int round, Sample sample, double before, double after) {
    /** Readings of the same distance differ by less than this factor. */
    static final double ALIKE = 1.4;

    static boolean alike(double a, double b) {
        return a == b || Math.max(a, b) < ALIKE * Math.min(a, b);
    }

    /** Whether the distance of the CPUs was the same before and after. */
    boolean steady() {
        return alike(before, after);
    }

    /** How far the CPUs were apart. */
    double apart() {
        return (before + after) / 2;
    }
}
