// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import dev.kith.process.Task;
import java.math.BigDecimal;
import java.math.MathContext;

/** The sum of 1/(2k+1)², of which 8 times is pi squared. */
final class Series {
    private static final MathContext TWELVE_DIGITS = new MathContext(12);

    private Series() {}

    /** What one child does: sums its share of the terms and delivers the sum. */
    static Task<long[]> share(int child, int children, long terms, Delivery delivery) {
        long from = terms / children * child + Math.min(child, terms % children);
        long to = from + terms / children + (child < terms % children ? 1 : 0);
        return () -> {
            long begun = System.nanoTime();
            double sum = sum(from, to);
            long ended = System.nanoTime();
            delivery.deliver(sum);
            return new long[] {begun, ended};
        };
    }

    static double sum(long from, long to) {
        double sum = 0;
        for (long k = from; k < to; k++) {
            double odd = 2 * k + 1;
            sum += 1 / (odd * odd);
        }
        return sum;
    }

    /** Pi with twelve significant digits, as Python 2 prints it. */
    static String pi(double sum) {
        BigDecimal pi = new BigDecimal(Math.sqrt(8 * sum)).round(TWELVE_DIGITS);
        return pi.signum() == 0 ? "0" : pi.stripTrailingZeros().toPlainString();
    }
}
