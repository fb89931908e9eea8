// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * A few measured values: the one in the middle, and how far the others are from it.
 *
 * @param median of an even number of values: half-way between the two in the middle
 * @param least the smallest value
 * @param most the largest value
 * @param count how many values
 */
record Spread(double median, double least, double most, int count) {
    static Spread of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("the spread of no value");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }
}
