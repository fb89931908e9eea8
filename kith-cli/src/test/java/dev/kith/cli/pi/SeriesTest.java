// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli.pi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTest {
    @ParameterizedTest
    @CsvSource({"1,2.82842712475", "2,2.98142397", "1000,3.1412743276", "10000000,3.14159262176"})
    void shouldPrintPiWithTwelveSignificantDigits(long terms, String expected) {
        assertThat(Series.pi(Series.sum(0, terms).value())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10,1000", "3,10", "7,5", "1,1"})
    void shouldShareAllTermsAmongTheChildren(int children, long terms) {
        double total = 0;
        for (int child = 0; child < children; child++) {
            Series.Share share = Series.Share.of(child, children, terms);
            total += Series.sum(share.from(), share.to()).value();
        }

        assertThat(Series.pi(total)).isEqualTo(Series.pi(Series.sum(0, terms).value()));
    }

    @Test
    void shouldCountTimeOnceInWhichSeveralChildrenCompute() {
        assertThat(
                        Pi.covered(
                                List.of(
                                        new long[] {5, 9},
                                        new long[] {0, 2},
                                        new long[] {1, 3},
                                        new long[] {6, 7})))
                .isEqualTo(3 + 4);
    }
}
