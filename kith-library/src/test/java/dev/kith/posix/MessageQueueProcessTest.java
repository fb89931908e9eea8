// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.Python;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Message queues between this JVM, other JVMs, C and Python. */
@Timeout(60)
class MessageQueueProcessTest {
    private static final String C_PEER =
            """
            #include <mqueue.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            int main(int n, char **args) {
                mqd_t q = mq_open(args[2], strcmp(args[1], "create") ? O_RDWR : O_RDWR | O_CREAT | O_EXCL, 0600,
                        &(struct mq_attr) {.mq_maxmsg = 3, .mq_msgsize = 100});
                if (q == (mqd_t) -1) { perror("mq_open"); return 1; }
                if (!strcmp(args[1], "send")) {
                    if (mq_send(q, args[3], strlen(args[3]), atoi(args[4]))) { perror("mq_send"); return 1; }
                } else if (!strcmp(args[1], "receive")) {
                    char buffer[8192];
                    unsigned priority;
                    ssize_t length = mq_receive(q, buffer, sizeof buffer, &priority);
                    if (length < 0) { perror("mq_receive"); return 1; }
                    printf("%.*s %u\\n", (int) length, buffer, priority);
                }
                return 0;
            }
            """;

    private static final String PYTHON_PEER =
            """
            import ctypes, os, sys
            libc = ctypes.CDLL(None, use_errno=True)
            q = libc.mq_open(sys.argv[2].encode(), os.O_RDWR)
            assert q >= 0, os.strerror(ctypes.get_errno())
            if sys.argv[1] == 'send':
                text = sys.argv[3].encode()
                assert libc.mq_send(q, text, len(text), int(sys.argv[4])) == 0
            else:
                buffer = ctypes.create_string_buffer(8192)
                priority = ctypes.c_uint()
                length = libc.mq_receive(q, buffer, 8192, ctypes.byref(priority))
                assert length >= 0
                print(buffer.raw[:length].decode(), priority.value)
            """;

    private final MessageQueue queue = MessageQueue.create(10, 1024);

    @AfterEach
    void remove() {
        queue.unlink();
        queue.close();
    }

    @Test
    void shouldTalkToC(@TempDir Path directory) throws Exception {
        CProgram peer = CProgram.compile(directory, C_PEER);
        queue.send(MessageQueueTest.bytes("消息 from Java"), 7);
        assertThat(peer.run("receive", queue.name())).isEqualTo("消息 from Java 7");
        peer.run("send", queue.name(), "from C", 9);
        PriorityMessage<byte[]> message = queue.receive();
        assertThat(MessageQueueTest.text(message)).isEqualTo("from C");
        assertThat(message.priority()).isEqualTo(9);
        String made = queue.name() + "-c";
        peer.run("create", made);
        try (MessageQueue ofC = MessageQueue.open(made)) {
            assertThat(ofC.attributes()).isEqualTo(new QueueAttributes(3, 100, 0));
        } finally {
            MessageQueue.unlink(made);
        }
    }

    @Test
    void shouldTalkToPython() throws Exception {
        queue.send(MessageQueueTest.bytes("消息 from Java"), 32767);
        assertThat(Python.run(PYTHON_PEER, "receive", queue.name()))
                .isEqualTo("消息 from Java 32767\n");
        Python.run(PYTHON_PEER, "send", queue.name(), "from Python", "2");
        PriorityMessage<byte[]> message = queue.receive();
        assertThat(MessageQueueTest.text(message)).isEqualTo("from Python");
        assertThat(message.priority()).isEqualTo(2);
    }

    @Test
    void shouldWakeAProcessThatWaits(@TempDir Path directory) throws Exception {
        CProgram peer = CProgram.compile(directory, C_PEER);
        Process waiting = peer.start("receive", queue.name());
        Thread.sleep(50);
        queue.send(MessageQueueTest.bytes("wake"), 0);
        assertThat(waiting.inputReader().readLine()).isEqualTo("wake 0");
        assertThat(waiting.waitFor()).isZero();
    }

    @Test
    void shouldLoseNothingWhenAReceiverIsKilledWhileItWaits() throws Exception {
        try (ChildJvm child = ChildJvm.start(QueuePeer.class, "receive", queue.name())) {
            assertThat(child.line()).isEqualTo("ready");
            Thread.sleep(50);
            child.kill();
        }
        queue.send(MessageQueueTest.bytes("still here"), 0);
        assertThat(queue.tryReceive(Duration.ofSeconds(20)).map(MessageQueueTest::text))
                .contains("still here");
    }

    @Test
    void shouldKeepWhatASenderSentBeforeItWasKilled() throws Exception {
        try (ChildJvm child = ChildJvm.start(QueuePeer.class, "send", queue.name(), "10")) {
            assertThat(child.line()).isEqualTo("ready");
            assertThat(child.line()).isEqualTo("sent 10");
            child.kill();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(MessageQueueTest.text(queue.receive())).isEqualTo("message " + i);
        }
    }

    @Test
    void shouldCarryTheMessagesOfSeveralProcessesWhole() throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                children.add(ChildJvm.start(QueuePeer.class, "send", queue.name(), "1000"));
            }
            int[] next = new int[1000];
            for (int i = 0; i < 3000; i++) {
                String text = MessageQueueTest.text(queue.receive());
                assertThat(text).startsWith("message ");
                next[Integer.parseInt(text.substring(8))]++;
            }
            assertThat(next).containsOnly(3);
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
    }

    @Test
    void shouldBeReceivedInAnotherJvm() throws Exception {
        try (ChildJvm child = ChildJvm.start(QueuePeer.class, "receive", queue.name())) {
            assertThat(child.line()).isEqualTo("ready");
            queue.send(MessageQueueTest.bytes("x"), 4);
            assertThat(child.line()).isEqualTo("x 4");
            assertThat(child.waitFor()).isZero();
        }
    }

    @Test
    void shouldListQueuesThatSomebodyHasOpenWhereItMayNotOpenTheFileSystem() throws Exception {
        String closed = queue.name() + "-closed";
        MessageQueue.create(closed, 1, 1).close();
        try {
            assertThat(list(List.of("setpriv", "--bounding-set=-sys_admin")))
                    .contains(queue.name())
                    .doesNotContain(closed);
        } finally {
            MessageQueue.unlink(closed);
        }
    }

    @Test
    void shouldListQueuesWhereTheFileSystemIsMounted(@TempDir Path directory) throws Exception {
        String mount = "mount -t mqueue none " + directory + " && exec \"$@\"";
        List<String> command =
                List.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        mount,
                        "sh",
                        "setpriv",
                        "--bounding-set=-sys_admin");
        String closed = queue.name() + "-closed";
        MessageQueue.create(closed, 1, 1).close();
        try {
            assertThat(list(command)).contains(queue.name(), closed);
        } finally {
            MessageQueue.unlink(closed);
        }
    }

    /** What {@link MessageQueue#list()} says in a JVM that is started by another command. */
    private static List<String> list(List<String> prefix) throws Exception {
        List<String> probe = new ArrayList<>(prefix);
        probe.add("true");
        assumeTrue(succeeds(probe), prefix.getFirst() + " is not there or not allowed");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        ChildJvm.classPath(),
                        QueuePeer.class.getName(),
                        "list"));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
