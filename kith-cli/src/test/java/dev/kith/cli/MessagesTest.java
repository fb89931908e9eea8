// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code send} and {@code recv} where a shell, Python or another {@code kith} is the other side.
 */
@Timeout(60)
class MessagesTest {
    @TempDir private Path dir;
    private String fifo;
    private String unix;

    @BeforeEach
    void name() {
        fifo = dir.resolve("f").toString();
        unix = "unix:" + dir.resolve("s");
    }

    @Test
    void shouldReceiveTheLinesThatAShellWrites() {
        Kith.Result result =
                Kith.shell(
                        """
                        kith create fifo:%1$s
                        seq 3 > %1$s &
                        kith recv fifo:%1$s --follow
                        kith rm fifo:%1$s\
                        """
                                .formatted(fifo));

        assertThat(result).isEqualTo(new Kith.Result(0, "fifo:" + fifo + "\n1\n2\n3\n", ""));
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void shouldSendLinesThatAShellReads() {
        Kith.Result result =
                Kith.shell(
                        """
                        mkfifo %1$s
                        cat %1$s &
                        kith send fifo:%1$s one 'two words' -- --three
                        wait\
                        """
                                .formatted(fifo));

        assertThat(result).isEqualTo(new Kith.Result(0, "one\ntwo words\n--three\n", ""));
    }

    @Test
    void shouldSendStandardInputALineAMessageAndAFileAsOne() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "whole\nfile");
        Kith.Result result =
                Kith.shell(
                        """
                        mkfifo %1$s
                        cat %1$s > %1$s.got &
                        printf 'a\\n\\nb' | kith send 'fifo:%1$s' --count 2
                        wait
                        cat %1$s.got
                        echo --
                        cat %1$s &
                        kith send 'fifo:%1$s?framing=raw' --file %2$s
                        wait\
                        """
                                .formatted(fifo, file));

        assertThat(result).isEqualTo(new Kith.Result(0, "a\na\n\n\nb\nb\n--\nwhole\nfile", ""));
    }

    @Test
    void shouldReceiveDatagramsOfPythonAndOfItselfUntilTheEndAndTakeTheNameAway() {
        Kith.Result result =
                Kith.shell(
                        """
                        (while [ ! -S %1$s ]; do sleep 0.02; done
                         python3 -c "import socket
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                        s.connect('%1$s')
                        s.send(b'from Python')"
                         kith send unix+dgram:%1$s 'from kith') &
                        kith recv unix+dgram:%1$s -n 2
                        wait
                        kith send unix+dgram:%1$s nobody\
                        """
                                .formatted(fifo));

        assertThat(result.out()).isEqualTo("from Python\nfrom kith\n");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("start the receiver first, as with kith recv unix+dgram:" + fifo);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void shouldTakeTheNameOfDatagramsAwayWhenInterrupted() throws Exception {
        try (Kith receiver = Kith.start("recv", "unix+dgram:" + fifo, "--follow")) {
            assertThat(receiver.awaitAddress()).isEqualTo("unix+dgram:" + fifo);
            receiver.signal("INT");
            assertThat(receiver.end().status()).isEqualTo(130);
        }
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void shouldShowWhoSentAPacketAlsoWhenItHasEnded() {
        Kith.Result result =
                Kith.shell(
                        """
                        (while [ ! -S %1$s ]; do sleep 0.02; done
                         python3 -c "import os, socket
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        s.connect('%1$s')
                        s.send(b'hello')
                        print(os.getpid())" > %1$s.pid) &
                        kith recv unix+seqpacket:%1$s --listen --json
                        wait
                        cat %1$s.pid\
                        """
                                .formatted(fifo));

        List<String> lines = result.out().lines().toList();
        assertThat(lines.getFirst())
                .startsWith(
                        "{\"uri\":\"unix+seqpacket:"
                                + fifo
                                + "\",\"length\":5,\"text\":\"hello\",\"peer\":{\"pid\":"
                                + lines.getLast()
                                + ",\"uid\":");
    }

    @Test
    void shouldKeepChineseTextUnderEveryLocale() {
        Kith.Result result =
                Kith.shell(
                        List.of("LC_ALL=C"),
                        """
                        mkfifo %1$s
                        cat %1$s &
                        kith send fifo:%1$s 进程间通信
                        wait
                        printf '管道\\n' > %1$s &
                        kith recv fifo:%1$s --json
                        wait\
                        """
                                .formatted(fifo));

        assertThat(result)
                .isEqualTo(
                        new Kith.Result(
                                0,
                                "进程间通信\n{\"uri\":\"fifo:"
                                        + fifo
                                        + "\",\"length\":6,\"text\":\"管道\"}\n",
                                ""));
    }

    @Test
    void shouldPrintBytesThatAreNoTextInBase64AndHex() {
        Kith.Result result =
                Kith.shell(
                        """
                        mkfifo %1$s
                        printf '\\377\\000\\n' > %1$s &
                        kith recv fifo:%1$s --json
                        wait
                        printf '\\377\\000\\n' > %1$s &
                        kith recv fifo:%1$s --hex
                        wait\
                        """
                                .formatted(fifo));

        assertThat(result.out())
                .isEqualTo(
                        "{\"uri\":\"fifo:" + fifo + "\",\"length\":2,\"base64\":\"/wA=\"}\nff00\n");
    }

    @Test
    void shouldFailWithOneLineWhenNothingComesInTime() {
        Kith.run("create", "fifo:" + fifo);

        Kith.Result result = Kith.run("recv", "fifo:" + fifo, "--timeout", "50ms");

        assertThat(result)
                .isEqualTo(
                        new Kith.Result(
                                1, "", "kith: no message from fifo:" + fifo + " within 50 ms\n"));
    }

    @Test
    void shouldFailWhenTheStreamEndsBeforeTheNumberAskedFor() {
        Kith.Result result =
                Kith.shell("mkfifo %1$s; seq 2 > %1$s & kith recv fifo:%1$s -n 3".formatted(fifo));

        assertThat(result.out()).isEqualTo("1\n2\n");
        assertThat(result.err())
                .isEqualTo("kith: fifo:" + fifo + ": the stream ended after 2 of 3 messages\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void shouldSayHowToMakeWhatIsMissingAndWhatIsInTheWay() {
        Kith.Result missing = Kith.run("recv", "fifo:" + fifo);
        Kith.run("create", "fifo:" + fifo);
        Kith.Result there = Kith.run("create", "fifo:" + fifo);

        assertThat(missing.err())
                .contains("ENOENT")
                .contains("kith create fifo:" + fifo)
                .hasLineCount(1);
        assertThat(missing.status()).isEqualTo(1);
        assertThat(there.err()).contains("EEXIST").contains("kith rm fifo:" + fifo).hasLineCount(1);
        assertThat(there.status()).isEqualTo(1);
    }

    @Test
    void shouldListenForAPeerThatSendsLines() {
        try (Kith receiver = Kith.start("recv", unix, "--listen", "-n", "2", "--json")) {
            String address = receiver.awaitAddress();
            Kith.Result sent =
                    Others.python(
                            """
                            import socket, sys
                            s = socket.socket(socket.AF_UNIX)
                            s.connect(sys.argv[1])
                            s.sendall('first\\n第二\\n'.encode())
                            s.recv(1)
                            """,
                            address.substring("unix:".length()));

            Kith.Result received = receiver.end();

            assertThat(sent.status()).as(sent.err()).isZero();
            assertThat(received.status()).isZero();
            assertThat(received.out().lines())
                    .satisfiesExactly(
                            line ->
                                    assertThat(line)
                                            .startsWith(
                                                    "{\"uri\":\""
                                                            + address
                                                            + "\",\"length\":5,\"text\":\"first\"")
                                            .contains("\"peer\":{\"pid\":"),
                            line -> assertThat(line).contains("\"length\":6,\"text\":\"第二\""));
            assertThat(dir).isEmptyDirectory();
        }
    }

    @Test
    void shouldSpeakTheFramesOfPythonWhenAsked() {
        try (Kith sender =
                Kith.start(
                        "send",
                        "tcp://127.0.0.1:0",
                        "--listen",
                        "--framing",
                        "length",
                        "a",
                        "bc")) {
            String address = sender.awaitAddress();
            Kith.Result result =
                    Others.python(
                            """
                            import socket, sys
                            s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
                            data = b''
                            while True:
                                some = s.recv(100)
                                if not some: break
                                data += some
                            print(data)
                            """,
                            address.substring(address.lastIndexOf(':') + 1));

            assertThat(result.out())
                    .as(result.err())
                    .isEqualTo("b'\\x00\\x00\\x00\\x01a\\x00\\x00\\x00\\x02bc'\n");
            assertThat(sender.end().status()).isZero();
        }
    }

    @Test
    void shouldFailClearlyWhenThePeerDoesNotFrame() {
        try (Kith receiver =
                Kith.start("recv", "tcp://127.0.0.1:0", "--listen", "--framing=length")) {
            String address = receiver.awaitAddress();
            Kith.run("send", address, "--framing", "raw", "GET / HTTP/1.0");
            Kith.Result result = receiver.end();

            assertThat(result.err())
                    .contains("impossible length")
                    .contains("\"GET \"")
                    .hasLineCount(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.status()).isEqualTo(1);
        }
    }

    @Test
    void shouldTakeTheNameAwayWhenInterruptedWhileItListens() {
        try (Kith receiver = Kith.start("recv", unix, "--listen")) {
            receiver.awaitAddress();
            receiver.signal("INT");
            Kith.Result result = receiver.end();

            assertThat(result.status()).isEqualTo(130);
            assertThat(result.err()).isEmpty();
            assertThat(dir).isEmptyDirectory();
        }
    }
}
