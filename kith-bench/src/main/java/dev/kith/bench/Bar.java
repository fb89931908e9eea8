// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What is asked of a figure: that divided by that of the best of some other parties, in the same
 * rounds, it is not larger than a limit.
 *
 * @param parties of which the best is judged
 * @param others of which the best is the measure
 * @param figure its name in the report
 * @param of which figure: the smaller the better
 * @param required the largest ratio that will do
 * @param target the ratio that is striven for; 0 if there is none
 */
record Bar(
        List<String> parties,
        List<String> others,
        String figure,
        ToDoubleFunction<Sample> of,
        double required,
        double target) {
    /** The limit where there is none: the ratio is only told. */
    static final double ANY = Double.MAX_VALUE;

    /** Of the median time. */
    static Bar p50(List<String> parties, List<String> others, double required, double target) {
        return new Bar(parties, others, "p50", Sample::p50, required, target);
    }

    /** Of the time of a message of a stream. */
    static Bar time(List<String> parties, List<String> others, double required, double target) {
        return new Bar(parties, others, "time", ContestRow::perMessage, required, target);
    }
}
