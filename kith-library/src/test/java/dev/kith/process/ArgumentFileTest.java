// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** As the java launcher reads its argument files. */
class ArgumentFileTest {
    @Test
    void shouldSplitAtWhiteSpaceAndLeaveCommentsOut() {
        assertThat(ArgumentFile.parse(" -cp a:b\t-Dx=1\n# a 'comment\n-ea#no comment # one\r\n-da"))
                .containsExactly("-cp", "a:b", "-Dx=1", "-ea#no", "comment", "-da");
    }

    @Test
    void shouldKeepTogetherWhatIsQuoted() {
        assertThat(
                        ArgumentFile.parse(
                                "-D\"a b\"='c \"d' \"e\\\\f\\tg\" \"lines \\\n   joined\" ''"))
                .containsExactly("-Da b=c \"d", "e\\f\tg", "lines joined", "");
        assertThat(ArgumentFile.parse("C:\\dir")).containsExactly("C:\\dir");
    }

    @Test
    void shouldReadWhatItWrote() {
        List<String> arguments =
                List.of("-cp", "/a b/c\"d.jar", "back\\slash", "line\nend", "#no", "", "ä'ö");
        assertThat(ArgumentFile.parse(ArgumentFile.text(arguments))).isEqualTo(arguments);
    }
}
