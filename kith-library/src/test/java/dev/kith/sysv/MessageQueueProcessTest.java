// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.ChildJvm;
import dev.kith.Message;
import dev.kith.NotFound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The other side is C, Python or another JVM. */
@Timeout(60)
class MessageQueueProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path directory;
    private final MessageQueue queue = MessageQueue.create();

    @AfterEach
    void remove() {
        try {
            queue.unlink();
        } catch (NotFound already) {
            // by the test
        }
        queue.close();
    }

    @Test
    void shouldTalkWithC() throws Exception {
        CProgram echo =
                CProgram.compile(
                        directory,
                        """
                        #define _GNU_SOURCE
                        #include <stdlib.h>
                        #include <sys/msg.h>
                        struct { long type; char text[8192]; } message;
                        /* Sends every message of type 1 back as type 2, until an empty one. */
                        int main(int n, char **argument) {
                            int id = msgget(strtoul(argument[1], NULL, 0), 0);
                            for (;;) {
                                ssize_t length = msgrcv(id, &message, sizeof message.text, 1, 0);
                                if (length < 0) return 1;
                                message.type = 2;
                                if (msgsnd(id, &message, length, 0) < 0) return 2;
                                if (length == 0) return 0;
                            }
                        }
                        """);
        Process c = echo.start(queue.name());
        for (byte[] sent :
                List.of("hello".getBytes(), new byte[8192], new byte[] {0, -1}, new byte[0])) {
            queue.send(1, sent);
            Message<byte[]> back = queue.receive(Types.of(2));
            assertThat(back.value()).isEqualTo(sent);
        }
        assertThat(c.waitFor()).isZero();
    }

    @Test
    void shouldTalkWithPython() throws Exception {
        Process python =
                SysvPython.start(
                        """
                        import sys, sysv_ipc
                        queue = sysv_ipc.MessageQueue(int(sys.argv[1], 0), max_message_size=8192)
                        while True:
                            message, type = queue.receive(type=1)
                            queue.send(message, type=2)
                            if not message:
                                break
                        """,
                        queue.name());
        for (byte[] sent : List.of("hello".getBytes(), new byte[8192], new byte[0])) {
            queue.send(1, sent);
            assertThat(queue.receive(Types.of(2)).value()).isEqualTo(sent);
        }
        assertThat(python.waitFor()).isZero();
    }

    @Test
    void shouldOpenAQueueThatPythonMade() throws Exception {
        String key =
                SysvPython.run(
                        """
                        import sysv_ipc
                        queue = sysv_ipc.MessageQueue(None, sysv_ipc.IPC_CREX)
                        queue.send(b"from Python", type=7)
                        print(queue.key)
                        """);
        try (MessageQueue made = MessageQueue.open(Key.parse(key))) {
            Message<byte[]> message = made.receive();
            assertThat(new String(message.value())).isEqualTo("from Python");
            assertThat(message.type()).isEqualTo(7);
            made.unlink();
        }
    }

    @Test
    void shouldWakeWhenAnotherProcessRemovesIt() throws Exception {
        Call<?> receive = Call.start(false, queue::receive);
        SysvPython.run(
                "import sys, sysv_ipc; sysv_ipc.remove_message_queue(int(sys.argv[1]))",
                queue.id());
        assertThat(receive.failure())
                .isInstanceOf(NotFound.class)
                .hasMessageContaining("the queue was removed");
    }

    @Test
    void shouldGiveEveryMessageToOneOfSeveralProcesses() throws Exception {
        int senders = 3;
        int messages = 300;
        List<ChildJvm> children = new ArrayList<>();
        try {
            children.add(ChildJvm.start(Counter.class, queue.name()));
            children.add(ChildJvm.start(Counter.class, queue.name()));
            for (int i = 0; i < senders; i++) {
                children.add(ChildJvm.start(Lane.class, queue.name(), "" + (i + 1), "" + messages));
            }
            for (ChildJvm sender : children.subList(2, children.size())) {
                assertThat(sender.waitFor()).isZero();
            }
            queue.send(100, new byte[0]);
            queue.send(100, new byte[0]);
            int received = 0;
            for (ChildJvm counter : children.subList(0, 2)) {
                received += Integer.parseInt(counter.line());
            }
            assertThat(received).isEqualTo(senders * messages);
        } finally {
            for (ChildJvm child : children) {
                child.close();
            }
        }
    }

    @Test
    void shouldKeepWhatAKilledSenderHadSent() throws Exception {
        try (ChildJvm sender = ChildJvm.start(Lane.class, queue.name(), "1", "1000000")) {
            assertThat(queue.tryReceive(Types.any(), LONG)).isPresent();
            while (queue.trySend(2, new byte[1])) {
                Thread.sleep(1); // until the sender waits for room
            }
            sender.kill();
        }
        long left = queue.stat().messages();
        assertThat(left).isPositive();
        for (long i = 0; i < left; i++) {
            Message<byte[]> message = queue.receive();
            assertThat(message.value()).hasSize(message.type() == 1 ? 16 : 1);
        }
        assertThat(queue.tryReceive(Types.any())).isEmpty();
    }

    @Test
    void shouldLoseNothingWhenAWaitingReceiverIsKilled() throws Exception {
        try (ChildJvm receiver = ChildJvm.start(Counter.class, queue.name())) {
            queue.send(1, new byte[1]);
            while (queue.stat().messages() > 0) {
                Thread.sleep(5);
            }
            receiver.kill();
        }
        queue.send(1, "after".getBytes());
        assertThat(queue.tryReceive(Types.any(), LONG).orElseThrow().value())
                .isEqualTo("after".getBytes());
    }

    @Test
    void shouldTravelToAnotherProcess() throws Exception {
        try (ChildJvm child =
                ChildJvm.start(Visited.class, HexFormat.of().formatHex(serialised(queue)))) {
            assertThat(child.line()).isEqualTo(queue.toString());
            assertThat(queue.tryReceive(Types.of(3), LONG)).isPresent();
        }
        byte[] late = serialised(queue);
        queue.unlink();
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(late))) {
            assertThatThrownBy(in::readObject)
                    .isInstanceOf(NotFound.class)
                    .hasMessage(
                            "msgctl(%s, IPC_STAT): EINVAL (Invalid argument); the queue was removed"
                                    + " while its handle travelled",
                            queue.name());
        }
    }

    private static byte[] serialised(Object handle) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(handle);
        }
        return bytes.toByteArray();
    }

    /** Receives until a message of type 100; prints how many it got. */
    static final class Counter {
        public static void main(String[] arguments) throws Exception {
            try (MessageQueue queue = MessageQueue.open(Key.parse(arguments[0]))) {
                int received = 0;
                // Types up to 99 come first, so type 100 comes last.
                while (queue.receive(Types.upTo(100)).type() != 100) {
                    received++;
                }
                System.out.println(received);
            }
        }
    }

    /** Sends many messages of one type. */
    static final class Lane {
        public static void main(String[] arguments) throws Exception {
            try (MessageQueue queue = MessageQueue.open(Key.parse(arguments[0]))) {
                byte[] message = "sixteen bytes...".getBytes(StandardCharsets.US_ASCII);
                for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
                    queue.send(Long.parseLong(arguments[1]), message);
                }
            }
        }
    }

    /** Uses a handle that came as bytes. */
    static final class Visited {
        public static void main(String[] arguments) throws Exception {
            byte[] bytes = HexFormat.of().parseHex(arguments[0]);
            try (MessageQueue queue =
                    (MessageQueue)
                            new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject()) {
                System.out.println(queue);
                queue.send(3, new byte[0]);
            }
        }
    }
}
