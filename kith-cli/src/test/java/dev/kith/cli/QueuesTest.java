// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel keeps: queues, and values carried by signals. */
@Timeout(60)
class QueuesTest {
    private String posix;
    private String systemV;

    @BeforeEach
    void create() {
        posix = Kith.run("create", "mq:/kith-cli-" + UUID.randomUUID()).out().strip();
        systemV = Kith.run("create", "sysvmq:").out().strip();
    }

    @AfterEach
    void remove() {
        assertThat(Kith.run("rm", posix, systemV).status()).isZero();
    }

    @Test
    void shouldReceiveTheMostUrgentFirst() {
        Kith.run("send", posix, "low");
        Kith.run("send", posix, "high", "--priority", "9");

        Kith.Result result = Kith.run("recv", posix, "-n", "2", "--json");

        assertThat(result)
                .isEqualTo(
                        new Kith.Result(
                                0,
                                "{\"uri\":\""
                                        + posix
                                        + "\",\"length\":4,\"text\":\"high\",\"priority\":9}\n"
                                        + "{\"uri\":\""
                                        + posix
                                        + "\",\"length\":3,\"text\":\"low\",\"priority\":0}\n",
                                ""));
    }

    @Test
    void shouldMakeAFreeKeyAndReceiveByType() {
        assertThat(systemV).startsWith("sysvmq:0x");
        Kith.run("send", systemV, "--type", "1", "one");
        Kith.run("send", systemV, "--type", "2", "two");

        assertThat(Kith.run("recv", systemV + "?type=2").out()).isEqualTo("two\n");
        assertThat(Kith.run("recv", systemV, "--json").out())
                .isEqualTo(
                        "{\"uri\":\"" + systemV + "\",\"length\":3,\"text\":\"one\",\"type\":1}\n");
    }

    @Test
    void shouldPeekWithoutTaking() {
        Kith.Result empty = Kith.run("peek", systemV);
        Kith.run("send", systemV, "one", "two");

        assertThat(empty)
                .isEqualTo(new Kith.Result(1, "", "no message waits in " + systemV + "\n"));
        assertThat(Kith.run("peek", systemV).out()).isEqualTo("one\ntwo\n");
        assertThat(Kith.run("peek", systemV, "-n", "1").out()).isEqualTo("one\n");
        assertThat(Kith.run("recv", systemV).out()).isEqualTo("one\n");
    }

    @Test
    void shouldListWhatThereIs() {
        Kith.run("send", posix, "waits");

        Kith.Result table = Kith.run("ls", "--kind", "mq,sysvmq");
        Kith.Result json = Kith.run("ls", "--json");
        Kith.Result info = Kith.run("info", posix);

        assertThat(table.out())
                .startsWith("KIND")
                .contains(posix)
                .contains(systemV)
                .contains(" 0600 ");
        assertThat(json.out()).startsWith("[\n{\"kind\":").endsWith("}\n]\n");
        assertThat(json.out().lines())
                .anySatisfy(line ->
                        assertThat(line)
                                .contains("\"uri\":\"" + posix + "\"")
                                .contains("\"depth\":1"));
        assertThat(info.out()).contains("depth").contains("10 messages");
    }

    @Test
    void shouldGiveUpInTimeWhenAQueueIsFullAndKeepWhatIsThere() {
        Kith.Result full = Kith.shell("seq 100 | kith send " + posix + " --timeout 50ms");

        assertThat(full.status()).isEqualTo(1);
        assertThat(full.err())
                .isEqualTo(
                        "kith: send("
                                + posix
                                + ", length=2): no room within 50 ms, 10 messages wait; take"
                                + " messages out with: kith recv "
                                + posix
                                + "\n");
        assertThat(Kith.run("recv", posix, "-n", "2").out()).isEqualTo("1\n2\n");
    }

    @Test
    void shouldRefuseAMessageOverTheLimitAndNameTheLimit() {
        Kith.Result result =
                Kith.shell("head -c 9000 /dev/zero | kith send " + posix + " --file -");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("mq_send(\"/")
                .contains("EMSGSIZE")
                .contains("length=9000, limit=8192 (msgsize of /")
                .contains("kith create 'mq:/NAME?size=9000'")
                .hasLineCount(1);
    }

    @Test
    void shouldSayWhatIsThereWhenAskedForWhatIsNot() {
        Kith.Result info = Kith.run("info", "mq:/kith-cli-missing");
        Kith.Result removed = Kith.run("rm", "mq:/kith-cli-missing");

        assertThat(info.status()).isEqualTo(1);
        assertThat(info.err()).contains("kith ls --kind mq").hasLineCount(1);
        assertThat(removed.status()).isEqualTo(1);
        assertThat(removed.err()).contains("ENOENT").hasLineCount(1);
        for (String uri : List.of("sysvmq:0x6b697468", "sysvsem:0x6b697468", "fifo:/kith-none")) {
            Kith.Result none = Kith.run("rm", uri);
            assertThat(none.status()).isEqualTo(1);
            assertThat(none.err())
                    .contains("ENOENT (No such file or directory); there is nothing to remove: ")
                    .doesNotContain("create")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldSayWhoHasAFifoOpen(@TempDir Path folder) {
        Path fifo = folder.resolve("fifo");
        Kith.run("create", "fifo:" + fifo);
        Kith.Result info =
                Kith.shell("exec 3<>" + fifo + "; printf abc >&3; kith info fifo:" + fifo);

        assertThat(info.status()).isZero();
        assertThat(info.out())
                .containsPattern("(?m)^kind +fifo$")
                .containsPattern("(?m)^mode +0600$")
                .containsPattern("(?m)^open for reading +\\d+")
                .containsPattern("(?m)^open for writing +\\d+")
                .containsPattern("(?m)^bytes waiting +3$");
        assertThat(Kith.run("rm", "fifo:" + fifo).status()).isZero();
    }

    @Test
    void shouldCarryNumbersBySignals() {
        try (Kith receiver = Kith.start("recv", "signal:", "-n", "3")) {
            String address = receiver.awaitAddress();
            Kith.Result sent = Kith.run("send", address, "42", "-7", "0x10");

            assertThat(sent).isEqualTo(new Kith.Result(0, "", ""));
            assertThat(receiver.end().out()).isEqualTo("42\n-7\n16\n");
        }
    }

    @Test
    void shouldRefuseTextWhereOnlyNumbersTravel() {
        try (Kith receiver = Kith.start("recv", "signal:")) {
            Kith.Result sent = Kith.run("send", receiver.awaitAddress(), "many");

            assertThat(sent.status()).isEqualTo(2);
            assertThat(sent.err())
                    .contains("\"many\": not a whole number of 64 bits")
                    .hasLineCount(1);
        }
    }
}
