// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser of the frequent commands is a subset of the one of record. */
class ParsersTest {
    private static final Usage USAGE =
            Usage.of("talk", "URI [TEXT…]", 1, 3, "talk")
                    .options(
                            Option.value("--number", "N", "how many").or("-n"),
                            Option.value("--file", "F", "a file"),
                            Option.flag("--follow", "go on").or("-f"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a b c",
                "a -n 3",
                "-n 3 a",
                "a --number 3 --follow b",
                "--number=3 a",
                "--number= a",
                "a -f",
                "a -- -n --file",
                "-- a",
                "a @b",
                "a ${user.home}",
                "a --file -",
                "a -",
                "--help",
                "a -h"
            })
    void shouldTakeApartAlike(String line) {
        List<String> args = List.of(line.split(" "));

        assertThat(QuickParser.parse(USAGE, args))
                .isNotNull()
                .isEqualTo(FullParser.parse(USAGE, args));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a -n3", "a -fn 3"})
    void shouldLeaveWhatIsWrittenTerselyToTheOtherParser(String line) {
        List<String> args = List.of(line.split(" "));

        assertThat(QuickParser.parse(USAGE, args)).isNull();
        assertThat(FullParser.parse(USAGE, args).values()).containsEntry("--number", "3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b c d",
                "a --colour",
                "a -n",
                "a -n 3 -n 4",
                "a --follow=yes",
                "a -x"
            })
    void shouldLeaveWhatIsWrongToTheOtherParser(String line) {
        List<String> args = line.isEmpty() ? List.of() : List.of(line.split(" "));

        assertThat(QuickParser.parse(USAGE, args)).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FullParser.parse(USAGE, args))
                .withMessageContaining("usage: kith talk");
    }

    @Test
    void shouldTakeANegativeNumberForAWord() {
        assertThat(QuickParser.parse(USAGE, List.of("a", "-5")).words()).containsExactly("a", "-5");
    }

    @Test
    void shouldPassOnEverythingAfterTheFirstWord() {
        Usage passingOn = USAGE.passingOn();
        List<String> args = List.of("-f", "a", "-n", "--");

        assertThat(QuickParser.parse(passingOn, args).words()).containsExactly("a", "-n", "--");
        assertThat(FullParser.parse(passingOn, args).words()).containsExactly("a", "-n", "--");
    }
}
