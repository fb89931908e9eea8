// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code listen} and {@code connect}. */
@Timeout(60)
class ConversationTest {
    private static final String PYTHON_CLIENT =
            """
            import socket, sys, time
            s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
            exec(sys.argv[2])
            """;

    @Test
    void shouldTalkBothWaysAndEndWithItsFirstPeerThoughStandardInputStaysOpen() {
        try (Kith listener = Kith.start("listen", "tcp://127.0.0.1:0")) {
            String port = port(listener);
            listener.write("welcome\n");
            Kith.Result client =
                    Others.python(
                            PYTHON_CLIENT,
                            port,
                            "print(s.recv(100)); s.sendall(b'thanks'); s.close()");
            Kith.Result result = listener.end();

            assertThat(client.out()).as(client.err()).isEqualTo("b'welcome\\n'\n");
            assertThat(result).isEqualTo(new Kith.Result(0, "thanks", ""));
        }
    }

    @Test
    void shouldStillReceiveWhenStandardInputHasEnded() {
        try (Kith listener = Kith.start("listen", "tcp://127.0.0.1:0")) {
            String port = port(listener);
            listener.input("bye");
            Kith.Result client =
                    Others.python(
                            PYTHON_CLIENT,
                            port,
                            "print(s.recv(9), s.recv(9)); time.sleep(.3); s.sendall(b'not so"
                                    + " fast'); s.close()");

            assertThat(client.out()).as(client.err()).isEqualTo("b'bye' b''\n");
            assertThat(listener.end()).isEqualTo(new Kith.Result(0, "not so fast", ""));
        }
    }

    @Test
    void shouldGoOnWithTheNextPeerWhenToldToKeep(@TempDir Path dir) {
        try (Kith listener = Kith.start("listen", "unix:" + dir.resolve("s"), "--keep")) {
            String address = listener.awaitAddress();
            for (int i = 0; i < 3; i++) {
                assertThat(Kith.runWith("peer " + i + "\n", "connect", address).status()).isZero();
            }
            listener.signal("TERM");
            Kith.Result result = listener.end();

            assertThat(result.out()).isEqualTo("peer 0\npeer 1\npeer 2\n");
            assertThat(result.status()).isEqualTo(143);
            assertThat(dir).isEmptyDirectory();
        }
    }

    @Test
    void shouldPassOnALargeFileUnharmed(@TempDir Path dir) throws IOException {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(dir.resolve("file"), bytes);
        Kith.Result result =
                Kith.shell(
                        """
                        kith listen unix:%1$s/s < %1$s/file 2> %1$s/note &
                        until grep -q listening %1$s/note; do sleep 0.05; done
                        kith connect unix:%1$s/s < /dev/null > %1$s/copy
                        wait\
                        """
                                .formatted(dir));

        assertThat(result).isEqualTo(new Kith.Result(0, "", ""));
        assertThat(dir.resolve("copy")).hasSameBinaryContentAs(file);
    }

    @Test
    void shouldSayThatNobodyListens(@TempDir Path dir) {
        Kith.Result result = Kith.run("connect", "unix:" + dir.resolve("s"));

        assertThat(result.err())
                .startsWith("kith: connect(")
                .contains("kith listen unix:")
                .hasLineCount(1);
        assertThat(result.status()).isEqualTo(1);
    }

    private static String port(Kith listener) {
        String address = listener.awaitAddress();
        return address.substring(address.lastIndexOf(':') + 1);
    }
}
