// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    frobnicate                              | no command frobnicate: known are send recv
                    send                                    | send: something is missing; usage: kith send URI
                    recv fifo:/a fifo:/b                    | recv: one too many: fifo:/b; usage: kith recv URI
                    recv fifo:/a --tiemout 1s               | Unknown option: '--tiemout'
                    recv fifo:/a -n                         | '--number' (N)
                    recv fifo:/a -n many                    | --number many: not a whole number from 1
                    recv fifo:/a -n 1 --follow              | --number and --follow contradict each other
                    recv fifo:/a --hex --json               | --hex and --json contradict each other
                    recv fifo:/a --timeout soon             | --timeout soon: not a time: known are 500ms 2s
                    recv fifo:/a --timeout -1s              | --timeout -1s: not a time
                    recv fifo:/a --framing jumbled          | --framing jumbled: known are lines length raw
                    recv fifo:/a?framing=raw --framing lines | framing=raw in the address, but lines is needed here
                    recv fifo:/a?colour=red                 | no option colour on fifo: known are ahead framing
                    recv carrier-pigeon:/a                  | not a scheme: "carrier-pigeon"
                    recv pigeon:/a                          | no scheme pigeon: known are pipe: fifo:
                    recv nothing                            | not an address: "nothing"
                    recv fifo:/a --listen                   | no --listen on fifo: (named pipe
                    send sysvmq:1 --priority 3 x            | it is there on: mq:
                    send mq:/a --type 3 x                   | it is there on: sysvmq:
                    recv mq:/a --framing raw                | no --framing on mq:
                    create sysvmq:key                       | not a key: "key"
                    pi --via pipe,pigeons                   | --via pigeons: known are all file pipe fifo
                    pi --workers 0                          | --workers 0: not a whole number from 1
                    pi --terms -1                           | --terms -1: not a whole number from 1
                    listen fifo:/a                          | it is there on: unix: unix+seqpacket: tcp:
                    send fifo:/a --priority 3 x             | no --priority on fifo: (named pipe
                    send fifo:/a --type 3 x                 | no --type on fifo: (named pipe
                    send fifo:/a --count 0 x                | --count 0: not a whole number from 1
                    send fifo:/a --file f x                 | --file and TEXT contradict each other
                    send pipe: x                            | has no name to open
                    create tcp://localhost:9                | tcp: does not create
                    peek fifo:/a                            | fifo: does not peek
                    rm pigeon:/a                            | nothing of that kind is known
                    ls --kind pigeons                       | no kind pigeons: known are
                    gc /no-such                             | /no-such: no folder
                    gc --dry                                | Unknown option: '--dry'
                    mechanisms pigeon                       | no scheme pigeon: known are pipe: fifo:
                    """)
    void shouldSayInOneLineWhatWasWrongAndWhatIsKnown(String line, String expected) {
        Kith.Result result = Kith.run(line.split(" +"));

        assertThat(result.err()).startsWith("kith: ").contains(expected).hasLineCount(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void shouldRemoveNothingWhenOneOfTheNamesIsWrong(@TempDir Path dir) {
        Kith.run("create", "fifo:" + dir.resolve("a"));

        Kith.Result result = Kith.run("rm", "fifo:" + dir.resolve("a"), "pigeon:b");

        assertThat(result.status()).isEqualTo(2);
        assertThat(dir.resolve("a")).exists();
    }

    @Test
    void shouldExplainItselfOnStandardErrorWhenCalledWithoutAnything() {
        Kith.Result result = Kith.run();

        assertThat(result.err()).contains("usage: kith COMMAND");
        assertThat(result.out()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }

    @Test
    void shouldListEveryCommandInTheHelp() {
        Kith.Result result = Kith.run("--help");

        for (Command command : Commands.all()) {
            assertThat(result.out()).contains("\n  " + command.usage().name() + " ");
        }
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
    }

    @Test
    void shouldDescribeEveryOptionInTheHelpOfACommand() {
        for (Command command : Commands.all()) {
            String help = Help.of(command.usage());

            assertThat(command.usage().examples()).as(command.usage().name()).isNotEmpty();
            for (Option option : command.usage().options()) {
                assertThat(help).contains(option.name()).contains(option.help());
            }
        }
    }

    @Test
    void shouldPrintTheVersion() {
        Kith.Result result = Kith.run("--version");

        assertThat(result.out()).startsWith("kith ");
        assertThat(result.status()).isZero();
    }

    @Test
    void shouldTellTheOptionsOfAMechanism() {
        Kith.Result result = Kith.run("mechanisms", "fifo:");

        assertThat(result.out())
                .contains("fifo:/path")
                .contains("many-writers")
                .contains("?framing=");
        assertThat(Kith.run("mechanisms", "fifo", "--json").out())
                .startsWith("{\"scheme\":\"fifo\",")
                .contains("\"options\":{");
    }

    @Test
    void shouldMakeTheManualPageAndTheCompletionFromTheOneList() {
        String page = Kith.run("man").out();
        Kith.Result completion = Kith.shell("kith completion | bash -n");

        for (Command command : Commands.all()) {
            assertThat(page).contains(".SS kith " + command.usage().name());
        }
        assertThat(page).contains("unix:/path");
        assertThat(completion).isEqualTo(new Kith.Result(0, "", ""));
    }

    @Test
    void shouldNotMindThatNobodyReadsItsOutput() {
        Kith.Result result = Kith.shell("(kith mechanisms; echo $? >&2) | true");

        assertThat(result.err()).isEqualTo("0\n");
    }

    @Test
    void shouldFailWhenItsOutputCannotBeWritten() {
        Kith.Result result = Kith.shell("kith mechanisms > /dev/full");

        assertThat(result.err())
                .startsWith("kith: write to standard output: No space left")
                .hasLineCount(1);
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void shouldPrintNoColourWhereNoPersonLooks() {
        Kith.Result result = Kith.shell("kith mechanisms; kith frobnicate");

        assertThat(result.out() + result.err()).doesNotContain("\u001b");
    }

    @Test
    void shouldStartTheFrequentCommandsWithoutTheOptionLibraryAndNativeCalls(@TempDir Path dir)
            throws IOException {
        for (String line :
                List.of("mechanisms", "--help", "send --help", "ls", "send fifo:/nowhere x")) {
            Path log = dir.resolve("classes");
            Kith.runFlagged(List.of("-Xlog:class+load:file=" + log), line.split(" "));

            assertThat(Files.readString(log))
                    .as(line)
                    .contains("dev.kith.cli.Main")
                    .doesNotContain("picocli.");
            if (line.contains("help") || line.equals("mechanisms")) {
                assertThat(Files.readString(log))
                        .as(line)
                        .doesNotContain("dev.kith.kernel.Linkage");
            }
        }
    }
}
