// SPDX-License-Identifier: Apache-2.0
package dev.kith.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.AlreadyExists;
import dev.kith.ChildJvm;
import dev.kith.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several that start at once where a dead one has left its path. */
@Timeout(120)
class StalePathTest {
    private static final String LEAVE_BEHIND =
            "import socket,sys; socket.socket(socket.AF_UNIX, int(sys.argv[2])).bind(sys.argv[1])";

    @TempDir Path directory;

    @Test
    void shouldLetExactlyOneOfSeveralProcessesHaveTheName() throws Exception {
        String name = directory.resolve("socket").toString();
        Python.run(LEAVE_BEHIND, name, "1");
        Path go = directory.resolve("go");
        List<ChildJvm> starters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starters.add(ChildJvm.start(Starter.class, name, go.toString()));
        }
        int won = 0;
        try {
            for (ChildJvm starter : starters) {
                assertThat(starter.line()).isEqualTo("ready");
            }
            Files.createFile(go);
            for (ChildJvm starter : starters) {
                String line = starter.line();
                assertThat(line).isIn("bound", "AlreadyExists");
                won += line.equals("bound") ? 1 : 0;
            }
            UnixSocket.connect(name).close();
        } finally {
            for (ChildJvm starter : starters) {
                starter.close();
            }
        }
        assertThat(won).isEqualTo(1);
        Files.delete(go);
        UnixListener.unlink(name);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldLetExactlyOneOfManyThreadsHaveTheNameEveryTime() throws Exception {
        String name = directory.resolve("socket").toString();
        for (int round = 0; round < 50; round++) {
            int fd = UnixOpening.socket(round % 2 + 1);
            UnixOpening.bind(fd, name, 0600);
            dev.kith.kernel.Unistd.close(fd);
            List<AutoCloseable> bound = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            for (int i = 0; i < 6; i++) {
                boolean datagram = (round + i) % 2 == 0;
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        start.await();
                                        AutoCloseable mine =
                                                datagram
                                                        ? UnixDatagramSocket.bind(name)
                                                        : UnixListener.bind(name);
                                        synchronized (bound) {
                                            bound.add(mine);
                                        }
                                    } catch (AlreadyExists expected) {
                                        // another was first
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                }));
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(bound).hasSize(1);
            // It can be reached: its name was not taken away again.
            if (bound.getFirst() instanceof UnixListener listener) {
                UnixSocket.connect(name).close();
                listener.accept(Duration.ofSeconds(5)).orElseThrow().close();
            } else {
                UnixDatagramSocket.connect(name).close();
            }
            bound.getFirst().close();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void shouldLeaveTheNamesOfTheLivingAlone() throws Exception {
        String name = directory.resolve("socket").toString();
        String bound =
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, int(sys.argv[2]))
                s.bind(sys.argv[1])
                print('bound', flush=True)
                sys.stdin.read()
                """;
        for (String type : List.of("1", "2", "5")) {
            // Bound and not yet listening: nobody could connect.
            Process python = Python.start(bound, name, type);
            try {
                assertThat(python.inputReader().readLine()).isEqualTo("bound");
                assertThatThrownBy(() -> UnixListener.bind(name))
                        .isInstanceOf(AlreadyExists.class)
                        .hasMessageContaining("somebody listens there");
                assertThatThrownBy(() -> UnixDatagramSocket.bind(name))
                        .isInstanceOf(AlreadyExists.class);
            } finally {
                python.destroyForcibly().waitFor();
            }
            UnixDatagramSocket.bind(name).close();
        }
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of(name));
        Python.run(LEAVE_BEHIND, name, "1");
        assertThatThrownBy(() -> UnixListener.bind(link.toString()))
                .isInstanceOf(AlreadyExists.class);
        assertThat(Path.of(name)).exists();
    }

    /** Binds when it is told to, and stays. */
    static final class Starter {
        private Starter() {}

        public static void main(String... arguments) throws Exception {
            System.out.println("ready");
            while (!Files.exists(Path.of(arguments[1]))) {
                Thread.onSpinWait();
            }
            try {
                UnixListener listener = UnixListener.bind(arguments[0]);
                System.out.println("bound");
                listener.accept();
                Thread.sleep(60_000);
            } catch (AlreadyExists e) {
                System.out.println("AlreadyExists");
            }
        }
    }
}
