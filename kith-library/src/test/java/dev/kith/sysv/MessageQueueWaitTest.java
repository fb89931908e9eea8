// SPDX-License-Identifier: Apache-2.0
package dev.kith.sysv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kith.Closed;
import dev.kith.NotFound;
import dev.kith.kernel.Pthread;
import dev.kith.kernel.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that wait: by a time-out, an interrupt, a close, a removal; in both kinds of threads. */
@Timeout(30)
class MessageQueueWaitTest {
    private static final byte[] MESSAGE = {1};
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForAMessage(boolean virtual) throws Exception {
        Call<Long> receive = Call.start(virtual, () -> queue.receive(Types.of(5)).type());
        queue.send(4, MESSAGE);
        assertThat(receive.isWaiting()).isTrue();
        queue.send(5, MESSAGE);
        assertThat(receive.value()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForRoom(boolean virtual) throws Exception {
        fill();
        Call<Void> send = Call.start(virtual, () -> send(MESSAGE));
        assertThat(send.isWaiting()).isTrue();
        queue.receive();
        send.value();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveUpWhenTheTimeHasPassed(boolean virtual) throws Exception {
        Duration time = Duration.ofMillis(120);
        long start = System.nanoTime();
        Call<Boolean> receive =
                Call.start(virtual, () -> queue.tryReceive(Types.any(), time).isPresent());
        assertThat(receive.value()).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(time.toNanos());
        fill();
        start = System.nanoTime();
        Call<Boolean> send = Call.start(virtual, () -> queue.trySend(1, MESSAGE, time));
        assertThat(send.value()).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(time.toNanos());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGetWhatComesInTime(boolean virtual) throws Exception {
        Duration time = Duration.ofSeconds(20);
        Call<Boolean> receive =
                Call.start(virtual, () -> queue.tryReceive(Types.any(), time).isPresent());
        queue.send(1, MESSAGE);
        assertThat(receive.value()).isTrue();
        fill();
        Call<Boolean> send = Call.start(virtual, () -> queue.trySend(1, MESSAGE, time));
        queue.receive();
        assertThat(send.value()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeInterrupted(boolean virtual) throws Exception {
        Call<?> receive = Call.start(virtual, queue::receive);
        receive.thread().interrupt();
        assertThat(receive.failure()).isInstanceOf(InterruptedException.class);
        Call<?> timed =
                Call.start(virtual, () -> queue.tryReceive(Types.any(), Duration.ofSeconds(20)));
        timed.thread().interrupt();
        assertThat(timed.failure()).isInstanceOf(InterruptedException.class);
        fill();
        Call<?> send = Call.start(virtual, () -> send(MESSAGE));
        send.thread().interrupt();
        assertThat(send.failure()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldNotBeginToWaitWhenInterruptedBefore() throws Exception {
        queue.send(1, MESSAGE);
        Call<?> receive =
                Call.start(
                        false,
                        () -> {
                            Thread.currentThread().interrupt();
                            return queue.receive();
                        });
        assertThat(receive.failure()).isInstanceOf(InterruptedException.class);
        assertThat(queue.stat().messages()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWhenTheHandleIsClosed(boolean virtual) throws Exception {
        Call<?> receive = Call.start(virtual, () -> queue.receive(Types.of(9)));
        Call<?> timed =
                Call.start(virtual, () -> queue.tryReceive(Types.of(9), Duration.ofSeconds(20)));
        fill();
        Call<?> send = Call.start(virtual, () -> send(MESSAGE));
        queue.close();
        for (Call<?> call : List.of(receive, timed, send)) {
            assertThat(call.failure())
                    .isInstanceOf(Closed.class)
                    .hasMessage("sysvmq:%s is closed", queue.name());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeWhenTheQueueIsRemoved(boolean virtual) throws Exception {
        Call<?> receive = Call.start(virtual, () -> queue.receive(Types.of(9)));
        fill();
        Call<?> send = Call.start(virtual, () -> send(MESSAGE));
        try (MessageQueue other = MessageQueue.open(queue.key())) {
            other.unlink();
        }
        // EINVAL if the thread was slow to begin to wait.
        String removed =
                ": (EIDRM .Identifier removed.|EINVAL .Invalid argument.); the queue was removed";
        assertThat(receive.failure())
                .isInstanceOf(NotFound.class)
                .hasMessageMatching("msgrcv." + queue.name() + ", type 9." + removed);
        assertThat(send.failure())
                .isInstanceOf(NotFound.class)
                .hasMessageMatching("msgsnd." + queue.name() + ", type=1, length=1." + removed);
    }

    @Test
    void shouldGoOnWaitingAfterASignal() throws Exception {
        AtomicLong thread = new AtomicLong();
        Call<Long> waiting =
                Call.start(
                        false,
                        () -> {
                            thread.set(Pthread.self());
                            return queue.receive(Types.of(2)).type();
                        });
        while (thread.get() == 0) {
            Thread.sleep(5);
        }
        for (int i = 0; i < 20; i++) {
            // The wake-up signal of the library, which nobody meant: the call returns EINTR.
            Pthread.kill(thread.get(), Signal.SIGRTMIN + 10);
            Thread.sleep(2);
        }
        assertThat(waiting.isWaiting()).isTrue();
        queue.send(2, MESSAGE);
        assertThat(waiting.value()).isEqualTo(2);
    }

    @Test
    void shouldLetOtherVirtualThreadsRunWhileAHundredWait() throws Exception {
        List<Call<Long>> waiting = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            long type = i;
            waiting.add(new Call<>(true, () -> queue.receive(Types.of(type)).type()));
        }
        waiting.forEach(call -> call.thread().start());
        Thread.sleep(200);
        CountDownLatch ran = new CountDownLatch(1);
        Thread.ofVirtual().start(ran::countDown);
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 100; i >= 1; i--) {
            queue.send(i, MESSAGE);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(waiting.get(i).value()).isEqualTo(i + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveAMessageThatItWaitedFor(boolean virtual) throws Exception {
        Call<Void> waiting =
                Call.start(
                        virtual,
                        () -> {
                            queue.awaitMessage(Types.of(2));
                            return null;
                        });
        queue.send(1, MESSAGE);
        assertThat(waiting.isWaiting()).isTrue();
        queue.send(2, new byte[0]);
        waiting.value();
        assertThat(queue.stat().messages()).isEqualTo(2);
        assertThat(queue.awaitMessage(Types.any(), Duration.ZERO)).isTrue();
        assertThat(queue.awaitMessage(Types.of(3), Duration.ZERO)).isFalse();
        assertThat(queue.stat().lastReceive()).isEmpty();
    }

    private Void send(byte[] message) throws InterruptedException {
        queue.send(1, message);
        return null;
    }

    /** Until not even a byte has room. */
    private void fill() {
        while (queue.trySend(1, new byte[1024])) {
            // more
        }
        while (queue.trySend(1, MESSAGE)) {
            // more
        }
    }
}
