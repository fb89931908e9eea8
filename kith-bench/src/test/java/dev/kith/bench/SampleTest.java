// SPDX-License-Identifier: Apache-2.0
package dev.kith.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {
    @Test
    void shouldGiveTheTimesThatAPartOfTheRoundsDidNotExceed() {
        int[] times = IntStream.rangeClosed(1, 1000).map(time -> 1001 - time).toArray();

        Sample sample = Sample.of(times, 1000, 64);

        assertThat(sample).isEqualTo(new Sample(1000, 64, 1, 500, 900, 990, 999, 1000, 500.5));
    }

    @Test
    void shouldLeaveOutWhatWasNotRecorded() {
        Sample sample = Sample.of(new int[] {7, 5, 9, 1_000_000, 1_000_000}, 3, 8);

        assertThat(sample).isEqualTo(new Sample(3, 8, 5, 7, 9, 9, 9, 9, 7));
    }

    @Test
    void shouldReadTheLineThatItWrote() {
        Sample sample = new Sample(1000, 64, 1, 500, 900, 990, 999, 1000, 500.5);

        assertThat(Sample.parse(sample.line())).isEqualTo(sample);
    }

    @Test
    void shouldQuoteALineThatIsNoSample() {
        assertThatThrownBy(() -> Sample.parse("read: Broken pipe"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read: Broken pipe");
        assertThatThrownBy(() -> Sample.of(new int[1], 0, 64)).hasMessageContaining("count=0");
    }
}
