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
        double target) {}
