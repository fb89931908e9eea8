// SPDX-License-Identifier: Apache-2.0
package dev.kith.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kith.CProgram;
import dev.kith.Closed;
import dev.kith.IpcException;
import dev.kith.Waitable.Registration;
import dev.kith.test.LeavesNothingBehind;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link QueueNotification}. */
@Timeout(30)
@LeavesNothingBehind
class QueueNoticeTest {
    /** Registers for a notification, says so, and waits to be killed. */
    private static final String REGISTER =
            """
            #include <mqueue.h>
            #include <signal.h>
            #include <stdio.h>
            #include <unistd.h>
            #include <fcntl.h>
            int main(int n, char **args) {
                mqd_t q = mq_open(args[1], O_RDWR);
                struct sigevent event = {.sigev_notify = SIGEV_NONE};
                printf("%d\\n", mq_notify(q, &event));
                fflush(stdout);
                pause();
            }
            """;

    private final MessageQueue queue = MessageQueue.create(4, 64);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void remove() {
        queue.unlink();
        queue.close();
    }

    @Test
    void shouldTellOfEveryMessageThatComesIntoTheEmptyQueue() throws Exception {
        try (Registration registration = queue.notification().onMessage(() -> told.add("told"))) {
            for (int i = 0; i < 5; i++) {
                send("x");
                assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("told");
                queue.receive();
            }
            assertThat(registration).isNotNull();
        }
        send("nobody is told");
        assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void shouldTellOnce() throws Exception {
        try (Registration registration =
                queue.notification().onNextMessage(() -> told.add("told"))) {
            assertThat(registration).isNotNull();
            send("first");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("told");
            queue.receive();
            send("second");
            assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void shouldAllowAnotherRegistrationInsideTheCallback() throws Exception {
        try (Registration first =
                queue.notification()
                        .onNextMessage(() -> {
                            queue.notification().onNextMessage(() -> told.add("second callback"));
                            told.add("first callback");
                        })) {
            assertThat(first).isNotNull();
            send("x");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("first callback");
            queue.receive();
            send("y");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("second callback");
        }
    }

    @Test
    void shouldNotTellWhatAReceiverIsWaitingFor() throws Exception {
        try (Registration registration = queue.notification().onMessage(() -> told.add("told"))) {
            BlockedCall<PriorityMessage<byte[]>> receive = BlockedCall.start(queue::receive);
            send("for the receiver");
            assertThat(MessageQueueTest.text(receive.value())).isEqualTo("for the receiver");
            assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
            assertThat(registration).isNotNull();
        }
    }

    @Test
    void shouldRefuseASecondRegistrationAndFreeTheFirst() throws Exception {
        Registration first = queue.notification().onMessage(this::drain);
        assertThatThrownBy(() -> queue.notification().onMessage(this::drain))
                .isInstanceOf(IpcException.class)
                .hasMessage(
                        "mq_notify(queue %s): EBUSY (Device or resource busy); process %d is"
                                + " registered, one registration at a time: close the other one,"
                                + " or wait with a WaitSet",
                        queue.name(), ProcessHandle.current().pid());
        first.close();
        first.close();
        try (Registration second = queue.notification().onMessage(this::drain)) {
            send("told again");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("told again");
            assertThat(second).isNotNull();
        }
    }

    @Test
    void shouldOutliveTheCloseOfAnotherHandleOfTheQueue() throws Exception {
        try (Registration registration = queue.notification().onMessage(this::drain)) {
            for (int i = 0; i < 20; i++) {
                // The kernel drops the registration of a process with any close of the queue.
                MessageQueue.open(queue.name()).close();
                send("message " + i);
                assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("message " + i);
            }
            assertThat(registration).isNotNull();
        }
    }

    @Test
    void shouldEndWithTheHandle() {
        MessageQueue second = queue.duplicate();
        second.notification().onMessage(this::drain);
        second.close();
        assertThatThrownBy(() -> second.notification().onMessage(this::drain))
                .isInstanceOf(Closed.class);
        queue.notification().onMessage(this::drain).close();
    }

    @Test
    void shouldGoOnAfterACallbackThatThrows() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> told.add(thrown.getMessage()));
        try (Registration registration =
                queue.notification()
                        .onMessage(() -> {
                            queue.tryReceive();
                            throw new IllegalStateException("of the callback");
                        })) {
            send("x");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("of the callback");
            send("y");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("of the callback");
            assertThat(registration).isNotNull();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void shouldShareTheOneRegistrationWithCPrograms(@TempDir Path directory) throws Exception {
        CProgram program = CProgram.compile(directory, REGISTER);
        Process other = program.start(queue.name());
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("0");
            assertThatThrownBy(() -> queue.notification().onMessage(this::drain))
                    .hasMessageContaining("process " + other.pid() + " is registered");
            assertThat(queue.notification().registrant()).hasValue(other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        // A process that is killed gives its registration back.
        try (Registration registration = queue.notification().onMessage(this::drain)) {
            assertThat(registration).isNotNull();
            Process refused = program.start(queue.name());
            try {
                assertThat(refused.inputReader().readLine()).isEqualTo("-1");
            } finally {
                refused.destroyForcibly().waitFor();
            }
            send("still told");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("still told");
        }
    }

    @Test
    void shouldSendASignal() throws Exception {
        try (Registration handler = Signals.on("USR1", told::add);
                Registration first = queue.notification().signal("USR1")) {
            assertThat(queue.notification().registrant()).hasValue(ProcessHandle.current().pid());
            assertThatThrownBy(() -> queue.notification().signal("USR1"))
                    .hasMessageContaining("EBUSY");
            send("x");
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("USR1");
            assertThat(queue.notification().registrant()).isEmpty();
            queue.receive();
            // The first is used up: to close it does not take the second one back.
            try (Registration second = queue.notification().onNextMessage(this::drain)) {
                first.close();
                send("y");
                assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("y");
                assertThat(second).isNotNull();
            }
            assertThat(handler).isNotNull();
        }
    }

    @Test
    void shouldSendNoSignalAfterTheRegistrationWasClosed() throws Exception {
        try (Registration handler = Signals.on("USR1", told::add)) {
            queue.notification().signal("USR1").close();
            assertThat(queue.notification().registrant()).isEmpty();
            send("x");
            assertThat(told.poll(50, TimeUnit.MILLISECONDS)).isNull();
            assertThat(handler).isNotNull();
        }
    }

    @Test
    void shouldRefuseASignalThatWouldEndTheProcess() {
        assertThatThrownBy(() -> queue.notification().signal("USR1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "mq_notify(queue %s): SIGUSR1 would end this process; handle it first, with"
                                + " Signals.on(\"USR1\", …), or start it with the signal blocked",
                        queue.name());
        assertThatThrownBy(() -> queue.notification().signal("USR2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("USR2 is not free in a JVM");
        assertThatThrownBy(() -> queue.notification().signal("NONE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no signal \"NONE\"");
        queue.notification().signal("WINCH").close();
    }

    private void send(String text) throws InterruptedException {
        queue.send(MessageQueueTest.bytes(text), 0);
    }

    private void drain() {
        while (queue.tryReceive().map(MessageQueueTest::text).map(told::add).isPresent()) {
            assertThat(told).isNotNull();
        }
    }
}
