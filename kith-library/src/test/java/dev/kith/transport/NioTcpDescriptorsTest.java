// SPDX-License-Identifier: Apache-2.0
package dev.kith.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.ChildJvm;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is opened for a connection is given back when the rest cannot be opened. */
@Timeout(60)
class NioTcpDescriptorsTest {
    @Test
    void shouldGiveBackASelectorWhenTheNextOneCannotBeMade() throws Exception {
        Process child =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -n 200; exec \"$@\"",
                                "sh",
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                ChildJvm.classPath(),
                                Scarce.class.getName())
                        .redirectErrorStream(true)
                        .start();
        // A selector takes two descriptors: the first fails, then the second, by halves.
        assertThat(child.inputReader().lines())
                .containsExactly("3 free: 3", "2 free: 2", "1 free: 1", "0 free: 0");
        assertThat(child.waitFor()).isZero();
    }

    /** Says how many are free before and after a connection could not be made. */
    static final class Scarce {
        private static final Deque<FileInputStream> HELD = new ArrayDeque<>();

        public static void main(String[] arguments) throws Exception {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                // Once with enough and once in vain, so that the classes are loaded.
                SocketChannel spare = SocketChannel.open(server.getLocalAddress());
                new NioTcpStream(spare).close();
                failure(spare);
                SocketChannel channel = SocketChannel.open(server.getLocalAddress());
                while (hold()) {
                    // until there is no more
                }
                for (int free = 3; free >= 0; free--) {
                    int held = HELD.size();
                    for (int i = 0; i < free; i++) {
                        HELD.pop().close();
                    }
                    boolean failed = failure(channel);
                    while (hold()) {
                        // what is free now
                    }
                    int after = HELD.size() - held + free;
                    System.out.println(free + " free: " + (failed ? after : "made"));
                }
            }
        }

        private static boolean hold() {
            try {
                HELD.push(new FileInputStream("/dev/null"));
                return true;
            } catch (IOException none) {
                return false;
            }
        }

        private static boolean failure(SocketChannel channel) {
            try {
                new NioTcpStream(channel);
                return false;
            } catch (IOException none) {
                return true;
            }
        }
    }

    @Test
    void shouldGiveBackASelectorWhenTheChannelIsClosed() throws Exception {
        SocketChannel closed = SocketChannel.open();
        closed.configureBlocking(false);
        closed.close();
        int before = descriptors();
        for (int i = 0; i < 20; i++) {
            SelectorWait.whenReady(closed, SelectionKey.OP_READ, () -> {}).close();
        }
        assertThat(descriptors()).isLessThan(before + 20);
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }
}
