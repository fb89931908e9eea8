// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.ChildJvm;
import dev.kith.channel.Channel;
import dev.kith.channel.Listener;
import dev.kith.codec.Codec;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TCP between two hosts: two network namespaces, joined by a pair of virtual cards. */
@Timeout(60)
class TcpBetweenHostsTest {
    private static final String ONE = "kith-a" + ProcessHandle.current().pid();
    private static final String TWO = "kith-b" + ProcessHandle.current().pid();

    @Test
    void shouldReachAnotherHost() throws Exception {
        assumeTrue(made(), "network namespaces cannot be made here (they take root and iproute2)");
        try {
            Process server = in(ONE, Server.class.getName());
            BufferedReader says = server.inputReader();
            String address = says.readLine();
            assertThat(address).startsWith("tcp://10.213.7.1:");
            Process client = in(TWO, Client.class.getName(), address);
            assertThat(client.inputReader().readLine()).isEqualTo("answer to question");
            assertThat(says.readLine()).startsWith("peer tcp://10.213.7.2:");
            assertThat(client.waitFor()).isZero();
            assertThat(server.waitFor()).isZero();
        } finally {
            run("ip", "netns", "del", ONE);
            run("ip", "netns", "del", TWO);
        }
    }

    /** The process on one host. */
    static final class Server {
        public static void main(String[] arguments) throws Exception {
            try (Listener<String> listener = Listener.open("tcp://10.213.7.1:0", Codec.utf8())) {
                System.out.println(listener.address());
                try (Channel<String> channel = listener.accept()) {
                    channel.send("answer to " + channel.receive());
                    System.out.println("peer " + channel.remote().orElseThrow());
                }
            }
        }
    }

    /** The process on the other host. */
    static final class Client {
        public static void main(String[] arguments) throws Exception {
            try (Channel<String> channel = Channel.open(arguments[0], Codec.utf8())) {
                channel.send("question");
                System.out.println(channel.receive());
            }
        }
    }

    private static boolean made() throws IOException, InterruptedException {
        if (run("ip", "netns", "add", ONE) != 0) {
            return false;
        }
        boolean made =
                run("ip", "netns", "add", TWO) == 0
                        && run(
                                        "ip", "link", "add", "ka", "netns", ONE, "type", "veth",
                                        "peer", "kb", "netns", TWO)
                                == 0
                        && run("ip", "-n", ONE, "addr", "add", "10.213.7.1/24", "dev", "ka") == 0
                        && run("ip", "-n", TWO, "addr", "add", "10.213.7.2/24", "dev", "kb") == 0
                        && run("ip", "-n", ONE, "link", "set", "ka", "up") == 0
                        && run("ip", "-n", TWO, "link", "set", "kb", "up") == 0;
        if (!made) {
            run("ip", "netns", "del", ONE);
            run("ip", "netns", "del", TWO);
        }
        return made;
    }

    private static Process in(String namespace, String... main) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        // One host by system calls, the other by the JDK alone.
                        namespace.equals(ONE)
                                ? "--enable-native-access=ALL-UNNAMED"
                                : "--illegal-native-access=deny",
                        "-cp",
                        ChildJvm.classPath()));
        command.addAll(List.of(main));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        } catch (IOException missing) {
            return -1;
        }
    }
}
