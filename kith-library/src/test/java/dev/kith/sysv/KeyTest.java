// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.NotFound;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
    @TempDir Path directory;

    @Test
    void shouldMakeTheSameKeyOfAFileAsC() throws Exception {
        CProgram ftok =
                CProgram.compile(
                        directory,
                        """
                        #include <stdio.h>
                        #include <stdlib.h>
                        #include <sys/ipc.h>
                        int main(int n, char **argument) {
                            printf("%d", ftok(argument[1], atoi(argument[2])));
                            return 0;
                        }
                        """);
        for (int id : new int[] {0, 1, 'A', 200, 255}) {
            assertThat(Key.ftok(directory, id).number())
                    .isEqualTo(Integer.parseInt(ftok.run(directory, id)));
        }
    }

    @Test
    void shouldMakeTheSameKeyOfAFileAsPython() throws Exception {
        String program = "import sys, sysv_ipc; print(sysv_ipc.ftok(sys.argv[1], 65, True))";
        assertThat(Key.parse("ftok(" + directory + ",65)").number())
                .isEqualTo(Integer.parseInt(SysvPython.run(program, directory)));
    }

    @Test
    void shouldRefuseAnIdOfWhichCTakesAPart() {
        assertThatThrownBy(() -> Key.ftok(directory, 300))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "ftok(%s,300): id=300, highest=255: C takes the lower 8 bits, here 44",
                        directory);
        assertThatThrownBy(() -> Key.ftok(directory, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayThatTheFileIsMissing() {
        assertThatThrownBy(() -> Key.parse("ftok(/nowhere/at/all, 65)"))
                .isInstanceOf(NotFound.class)
                .hasMessage(
                        "ftok(\"/nowhere/at/all\", 65): ENOENT (No such file or directory); the key"
                                + " is made of a file that exists");
    }

    @ParameterizedTest
    @CsvSource({
        "4660, 0x00001234",
        "0x1234, 0x00001234",
        "-2, 0xfffffffe",
        "0xffffffff, 0xffffffff",
        "4294967295, 0xffffffff",
        "private, private",
        "0, private"
    })
    void shouldReadTheFormsOfAKey(String text, String printed) {
        assertThat(Key.parse(text)).hasToString(printed);
        assertThat(Key.parse(printed)).isEqualTo(Key.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "0x1ffffffff", "4294967296", "ftok(/tmp)", "ftok(/tmp,x)"})
    void shouldRefuseWhatIsNoKey(String text) {
        assertThatThrownBy(() -> Key.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "not a key: \"%s\": it is a number of 32 bits, as in 4660 or 0x1234, or"
                                + " ftok(/path,id), or private",
                        text);
    }

    @Test
    void shouldDrawKeysThatAreNotPrivate() {
        assertThat(Key.random().number()).isPositive();
        assertThat(Key.PRIVATE.isPrivate()).isTrue();
        assertThat(Key.random().isPrivate()).isFalse();
    }
}
