// SPDX-License-Identifier: Apache-2.0
package dev.kith.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every program of the list prints what its chapter says, from the jar and as a single source file.
 */
@Timeout(60)
class ExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/kith/examples");

    /**
     * Those that end by themselves. Where a line differs from run to run, the example does not
     * print it.
     */
    private static final Map<String, String> EXPECTED =
            Map.ofEntries(
                    Map.entry("pipe-hello", "[42, null, hello]\npipe:: the stream has ended\n"),
                    Map.entry("same-end", "40000 messages, 0 corrupted\n"),
                    Map.entry("fifo-hello", "Hello from a shell\n"),
                    Map.entry("socketpair-hello", "hello, child\n"),
                    Map.entry("unix-socket-hello", "hello from my child\n"),
                    Map.entry("fd-passing", "parent: one line\nchild:  two line\n"),
                    Map.entry(
                            "credentials",
                            """
                            pid:  my child's
                            user: mine
                            name: java
                            runs: true
                            runs: false
                            """),
                    Map.entry("mq-hello", "urgent\nnormal\nlow\n"),
                    Map.entry("sysvmq-hello", "type 2: one\ntype 1: 1 2\n"),
                    Map.entry("mq-notify", "told of one\ntold of two\ntold of three\n"),
                    Map.entry(
                            "two-writers",
                            """
                            lane 2:
                                message 1 of lane 2
                            all lanes but 1:
                                message 2 of lane 2
                            the lowest lane first:
                                message 1 of lane 1
                                message 2 of lane 1
                                message 3 of lane 1
                                message 3 of lane 2
                            """),
                    Map.entry(
                            "semaphore-undo",
                            "a child holds it\nthe child was killed, the kernel gave it back\n"),
                    Map.entry(
                            "eventfd-counter",
                            """
                            four children have counted to 4000
                            one more? false
                            and now?  true
                            """),
                    Map.entry("ring-hello", "500000500000\n"),
                    Map.entry(
                            "ring-crash",
                            "the child was killed in the middle of a message\n"
                                    + "one\ntwo\nstill here\nmessages lost: 1\n"),
                    Map.entry(
                            "broadcast-ticker",
                            """
                            fast: last 100000, lost 0
                            slow: last 100000, lost some: true
                            late: last 100000, lost 0
                            """),
                    Map.entry("shm-semaphore", "without: sums lost\nwith semaphore: 1000000\n"),
                    Map.entry(
                            "mapped-file",
                            "write beyond the end of mapped file data.txt: offset=4, length=12,"
                                    + " size=12; grow(16) makes room\n"
                                    + "HellHello Again!\n"),
                    Map.entry(
                            "value-array",
                            "3.1415927\n[0, -1, -2, -3, -4, -5, -6, -7, -8, -9]\n4000000\n"),
                    Map.entry(
                            "queue-producer-consumer",
                            """
                            生产者发送了消息:消息0
                            生产者发送了消息:消息1
                            生产者发送了消息:消息2
                            生产者发送了消息:消息3
                            生产者发送了消息:消息4
                            消费者接收到了消息:消息0
                            消费者接收到了消息:消息1
                            消费者接收到了消息:消息2
                            消费者接收到了消息:消息3
                            消费者接收到了消息:消息4
                            """),
                    Map.entry("queue-objects", "[42, null, hello]\n"),
                    Map.entry(
                            "work-queue",
                            """
                            the first worker begins with job 1
                            it was killed
                            the second worker did job 1
                            the second worker did job 2
                            the second worker did job 3
                            all done: true
                            """),
                    Map.entry(
                            "process-hello",
                            "6 * 7 = 42\n"
                                    + "in another process: true\n"
                                    + "java.lang.NumberFormatException: For input string:"
                                    + " \"forty-two\"\n"));

    /** A line of the list. */
    record Example(String name, String className) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Example> all() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line :
                Files.readAllLines(Path.of("src/main/resources/META-INF/kith/examples"))) {
            String[] fields = line.split("\t");
            examples.add(new Example(fields[0], fields[1]));
        }
        return examples;
    }

    static List<Example> ending() throws IOException {
        return all().stream().filter(each -> EXPECTED.containsKey(each.name)).toList();
    }

    @ParameterizedTest
    @MethodSource("ending")
    void shouldPrintWhatItsChapterSays(Example example) throws Exception {
        assertThat(output(start(example.className))).isEqualTo(EXPECTED.get(example.name));
    }

    @ParameterizedTest
    @MethodSource("ending")
    void shouldRunAsASourceFile(Example example) throws Exception {
        assertThat(output(start(source(example).toString()))).isEqualTo(EXPECTED.get(example.name));
    }

    @ParameterizedTest
    @MethodSource("all")
    void shouldBeShort(Example example) throws IOException {
        try (Stream<String> lines = Files.lines(source(example))) {
            long code =
                    lines.map(String::strip)
                            .filter(line ->
                                    !line.isEmpty()
                                            && !line.startsWith("//")
                                            && !line.startsWith("import "))
                            .count();
            assertThat(code).isLessThanOrEqualTo(40);
        }
    }

    @Test
    void shouldServeAPlainPythonClient() throws Exception {
        Process server = start("dev.kith.examples.SocketServer");
        String client =
                "import socket,time\n"
                        + "for i in range(200):\n"
                        + "    try:\n"
                        + "        s = socket.create_connection(('localhost', 9999)); break\n"
                        + "    except OSError: time.sleep(0.05)\n"
                        + "print(s.recv(1024), s.getsockname()[1])\n";
        String[] said =
                output(new ProcessBuilder("python3", "-c", client).start())
                        .strip()
                        .split(" (?=\\d)");
        assertThat(said[0]).isEqualTo("b'Hello, world!'");
        assertThat(output(server)).isEqualTo("Connected by tcp://127.0.0.1:" + said[1] + "\n");
    }

    @Test
    void shouldReadFromAPlainPythonServer() throws Exception {
        String server =
                "import socket\n"
                    + "s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR,"
                    + " 1)\n"
                    + "s.bind(('localhost', 9999)); s.listen(); print('ready', flush=True)\n"
                    + "c, a = s.accept(); c.sendall(b'Hello, world!'); c.close()\n";
        Process python = new ProcessBuilder("python3", "-c", server).start();
        assertThat(python.inputReader().readLine()).isEqualTo("ready");
        assertThat(output(start("dev.kith.examples.SocketClient"))).isEqualTo("Hello, world!\n");
        assertThat(python.waitFor()).isZero();
    }

    @Test
    void shouldPrintTheSignalsOfAShellUntilTerm() throws Exception {
        Process program = start("dev.kith.examples.SignalHandler");
        assertThat(program.inputReader().readLine()).isEqualTo("kill -USR1 " + program.pid());
        for (int i = 0; i < 2; i++) {
            new ProcessBuilder("kill", "-USR1", String.valueOf(program.pid())).start().waitFor();
            assertThat(program.inputReader().readLine()).isEqualTo("signal USR1");
        }
        new ProcessBuilder("kill", String.valueOf(program.pid())).start().waitFor();
        assertThat(program.inputReader().readLine()).isEqualTo("signal TERM");
        assertThat(program.waitFor()).isZero();
    }

    private static Path source(Example example) {
        return SOURCES.resolve(
                example.className.substring(example.className.lastIndexOf('.') + 1) + ".java");
    }

    private static Process start(String main) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        // A source file must not find its own class compiled.
                        main.endsWith(".java") ? library() : System.getProperty("java.class.path"),
                        main)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String library() {
        return Path.of(
                        dev.kith.IpcException.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                .toString();
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
