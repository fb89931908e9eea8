// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import java.math.BigDecimal;
import java.math.MathContext;

/** The sum of 1/(2k+1)², of which 8 times is pi squared. */
final class Series {
    private static final MathContext TWELVE_DIGITS = new MathContext(12);

    private Series() {}

    /**
     * The terms of one child.
     *
     * @param from the first k
     * @param to the k after the last
     */
    record Share(long from, long to) {
        /**
         * The share of a child, where the first ones take a term more if they do not come out even.
         */
        static Share of(int child, int children, long terms) {
            long more = terms % children;
            long from = terms / children * child + Math.min(child, more);
            return new Share(from, from + terms / children + (child < more ? 1 : 0));
        }
    }

    /**
     * The sum of a share.
     *
     * @param value the sum
     * @param begunNanos when its computation began, by the clock that all processes of the machine
     *     share
     * @param endedNanos when it ended
     */
    record Sum(double value, long begunNanos, long endedNanos) {
        /** When it was computed, in a form that travels without Java serialisation. */
        long[] span() {
            return new long[] {begunNanos, endedNanos};
        }
    }

    static Sum sum(long from, long to) {
        long begun = System.nanoTime();
        double sum = 0;
        double odd = 2 * from + 1;
        for (long k = from; k < to; k++) {
            sum += 1 / (odd * odd);
            odd += 2;
        }
        return new Sum(sum, begun, System.nanoTime());
    }

    /** Pi with twelve significant digits, as Python 2 prints it. */
    static String pi(double sum) {
        BigDecimal pi = new BigDecimal(Math.sqrt(8 * sum)).round(TWELVE_DIGITS);
        return pi.signum() == 0 ? "0" : pi.stripTrailingZeros().toPlainString();
    }
}
