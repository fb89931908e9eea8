// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.ChildJvm;
import dev.kith.Closed;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import dev.kith.linux.TcpSocket;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP by the JDK alone, in a JVM that may make no native call, with one by system calls. */
@Timeout(60)
class TcpWithoutNativeAccessTest {
    @Test
    void shouldConnectToAListenerThatMakesSystemCalls() throws Exception {
        try (Listener<String> listener = Listener.open("tcp://127.0.0.1:0", Codec.utf8())) {
            Process child = start(Client.class, listener.address().toString());
            try (Channel<String> channel = listener.accept()) {
                assertThat(channel.unwrap(TcpSocket.class).toString()).contains("tcp://127.0.0.1:");
                talk(channel);
            }
            assertThat(child.inputReader().lines()).containsExactly("refused", "ended");
            assertThat(child.waitFor()).isZero();
        }
    }

    @Test
    void shouldListenToAClientThatMakesSystemCalls() throws Exception {
        Process child = start(Server.class);
        BufferedReader says = child.inputReader();
        try (Channel<String> channel = Channel.open(says.readLine(), Codec.utf8())) {
            talk(channel);
        }
        assertThat(says.lines()).containsExactly("ended");
        assertThat(child.waitFor()).isZero();
    }

    @Test
    void shouldEndWhenTheOtherProcessIsKilled() throws Exception {
        Process child = start(Server.class);
        try (Channel<String> channel = Channel.open(child.inputReader().readLine(), Codec.utf8())) {
            assertThat(channel.tryReceive(Duration.ofMillis(20))).isEmpty();
            child.destroyForcibly().waitFor();
            assertThatThrownBy(channel::receive).isInstanceOf(Closed.class);
        }
    }

    private static void talk(Channel<String> channel) throws InterruptedException {
        String large = "x".repeat(3_000_000);
        channel.send("hello");
        assertThat(channel.receive()).isEqualTo("hello");
        channel.send(large);
        assertThat(channel.receive()).isEqualTo(large);
        channel.send("");
        assertThat(channel.tryReceive(Duration.ofSeconds(30))).contains("");
    }

    private static Process start(Class<?> main, String... arguments) throws IOException {
        ProcessBuilder child =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--illegal-native-access=deny",
                        "-cp",
                        ChildJvm.classPath(),
                        main.getName());
        child.command().addAll(java.util.List.of(arguments));
        return child.redirectErrorStream(true).start();
    }

    /** Connects, and cannot hand its end over. */
    static final class Client {
        public static void main(String[] arguments) throws Exception {
            try (Channel<String> channel = Channel.open(arguments[0], Codec.utf8())) {
                channel.unwrap(SocketChannel.class);
                try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
                    out.writeObject(channel);
                } catch (NotSerializableException refused) {
                    boolean says = refused.getMessage().contains("without native access");
                    System.out.println(says ? "refused" : refused.getMessage());
                }
                echo(channel);
            }
        }
    }

    /** Listens for one peer. */
    static final class Server {
        public static void main(String[] arguments) throws Exception {
            try (Listener<String> listener = Listener.open("tcp://127.0.0.1:0", Codec.utf8())) {
                System.out.println(listener.address());
                try (Channel<String> channel = listener.accept()) {
                    echo(channel);
                }
            }
        }
    }

    private static void echo(Channel<String> channel) throws InterruptedException {
        try {
            while (true) {
                channel.send(channel.receive());
            }
        } catch (Closed ended) {
            System.out.println("ended");
        }
    }
}
