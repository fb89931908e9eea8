// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "2s,PT2S",
        "500ms,PT0.5S",
        "1.5,PT1.5S",
        "0,PT0S",
        "10m,PT10M",
        "1h,PT1H",
        "20us,PT0.00002S",
        "7ns,PT0.000000007S"
    })
    void shouldReadATimeWithItsUnit(String text, Duration expected) {
        assertThat(Durations.parse("--timeout", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "2 s", "2x", "-1", "1.2.3s", "two"})
    void shouldRefuseWhatIsNoTime(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse("--timeout", text))
                .withMessageStartingWith("--timeout " + text + ": not a time");
    }

    @ParameterizedTest
    @CsvSource({"PT2S,2 s", "PT0.5S,500 ms", "PT0S,0 s"})
    void shouldPrintATimeForPeople(Duration duration, String expected) {
        assertThat(Durations.print(duration)).isEqualTo(expected);
    }
}
