// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.IpcObject;
import dev.kith.NotFound;
import dev.kith.Peer;
import dev.kith.Python;
import dev.kith.linux.SocketType;
import dev.kith.linux.UnixDatagramSocket;
import dev.kith.linux.UnixListener;
import dev.kith.linux.UnixSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixInventoryTest {
    private static final String TWO_NAMES =
            """
            import socket, sys
            sockets = []
            for name in 'a', '\\u00fc':
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind((sys.argv[1] + '/' + name).encode())
                sockets.append(s)
            print('bound', flush=True)
            sys.stdin.read()
            """;

    @TempDir Path directory;

    private final UnixInventory inventory = new UnixInventory();

    @Test
    void shouldShowTypeStateConnectionsAndProcesses() throws Exception {
        String name = directory.resolve("a name").toString();
        for (SocketType type : SocketType.values()) {
            String scheme = type == SocketType.STREAM ? "unix" : "unix+seqpacket";
            try (UnixListener listener = UnixListener.bind(type, name, 0640);
                    UnixSocket client = UnixSocket.connect(type, name);
                    UnixSocket server = listener.accept()) {
                assertThat(server.type()).isEqualTo(client.type());
                IpcObject object = info(scheme, name);
                assertThat(object.kind()).isEqualTo(scheme);
                assertThat(object.mode()).isEqualTo(0640);
                assertThat(object.owner()).isEqualTo(System.getProperty("user.name"));
                assertThat(object.modified()).isPresent();
                assertThat(object.users()).containsExactly(Peer.current());
                assertThat(object.details())
                        .containsEntry("type", type == SocketType.STREAM ? "stream" : "packets")
                        .containsEntry("state", "listening")
                        .containsEntry("connections", "1");
                assertThat(inventory.list(scheme))
                        .extracting(IpcObject::uri)
                        .contains(object.uri());
            }
        }
    }

    @Test
    void shouldShowDatagramSocketsAndThoseWithoutAPath() throws Exception {
        String name = "@kith-test-" + Math.random();
        try (UnixDatagramSocket socket = UnixDatagramSocket.bind(name)) {
            IpcObject object = info("unix+dgram", name);
            assertThat(object.mode()).isEqualTo(-1);
            assertThat(object.owner()).isEqualTo(System.getProperty("user.name"));
            assertThat(object.users()).containsExactly(Peer.current());
            assertThat(object.details())
                    .containsEntry("type", "datagrams")
                    .containsEntry("state", "bound")
                    .doesNotContainKey("connections");
            assertThat(inventory.info("unix:" + name)).isEmpty();
            assertThat(socket.localName()).hasValue(name);
        }
        assertThat(inventory.info("unix+dgram:" + name)).isEmpty();
        assertThat(inventory.list("mq")).isEmpty();
        assertThat(inventory.info("mq:/x")).isEmpty();
        assertThat(inventory.remove("mq:/x")).isFalse();
    }

    @Test
    void shouldKnowAndRemoveWhatADeadProcessLeftBehind() throws Exception {
        String name = directory.resolve("socket").toString();
        Python.run("import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", name);
        for (String scheme : List.of("unix", "unix+seqpacket", "unix+dgram")) {
            assertThat(info(scheme, name).details())
                    .containsEntry("state", "left behind: no socket is bound to it");
        }
        assertThat(inventory.list("unix"))
                .extracting(IpcObject::uri)
                .doesNotContain("unix:" + name);
        assertThat(inventory.remove("unix+dgram:" + name)).isTrue();
        assertThat(Path.of(name)).doesNotExist();
        assertThatThrownBy(() -> inventory.remove("unix+seqpacket:" + name))
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("there is nothing to remove: kith ls --kind unix");
        Files.createFile(Path.of(name));
        assertThat(inventory.info("unix:" + name)).isEmpty();
    }

    @Test
    void shouldListTheOthersWhereOneNameIsNoPathInTheLocale() throws Exception {
        Process python = Python.start(TWO_NAMES, directory.toString());
        try {
            assertThat(python.inputReader().readLine()).isEqualTo("bound");
            ProcessBuilder listing =
                    new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            ChildJvm.classPath(),
                            Listing.class.getName(),
                            directory.toString());
            listing.environment().put("LC_ALL", "C");
            Process java = listing.redirectErrorStream(true).start();
            assertThat(new String(java.getInputStream().readAllBytes())).isEqualTo("2\n");
        } finally {
            python.destroyForcibly().waitFor();
        }
    }

    /** Counts the sockets in a folder. */
    static final class Listing {
        private Listing() {}

        public static void main(String... arguments) {
            System.out.println(
                    new UnixInventory()
                            .list("unix+dgram").stream()
                                    .filter(each -> each.uri().contains(arguments[0]))
                                    .count());
        }
    }

    private IpcObject info(String scheme, String name) {
        return inventory.info(scheme + ":" + name.replace(" ", "%20")).orElseThrow();
    }
}
